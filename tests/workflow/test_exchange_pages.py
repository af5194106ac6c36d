"""The pages of the exchange of views and of the appointments: what they show, and what they take."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.exchange import exchange_of
from approvals.models import Stance, Verb
from audit_log import clock
from evaluations.models import Part, Stage
from tests.cast import do, open_task, person, soon
from tests.exchange import objecting, put_to_the_unit
from tests.signing import signed_evaluation
from workflow import appointing, handing_over


def page_of(task):
    return reverse("task", args=[task.process_id, task.pk])


def tab(evaluation, name):
    return reverse("dossier_tab", args=[evaluation.pk, name])


@pytest.fixture
def evaluation(world, commissioned_evaluation):
    return put_to_the_unit(world, commissioned_evaluation)


def answers(evaluation, **changes):
    """What the answer form posts: agreement to every point."""
    points = exchange_of(evaluation).points
    return {
        "verb": "answer",
        "opinion": "同意。",
        **{f"stance-{point.pk}": "agree" for point in points},
        **changes,
    }


def test_the_answer_form_has_every_point(world, evaluation, as_):
    page = as_(world.lin).get(page_of(open_task(evaluation, world.lin))).content.decode()
    for point in exchange_of(evaluation).points:
        assert f'name="stance-{point.pk}"' in page
        assert point.text in page


def test_the_unit_answers_point_by_point(world, evaluation, as_):
    point = exchange_of(evaluation).points[1]
    typed = {f"stance-{point.pk}": "object", f"said-{point.pk}": "已交付。", "further-0": "满意度提高。"}
    client, task = as_(world.lin), open_task(evaluation, world.lin)
    assert client.post(page_of(task), answers(evaluation, **typed)).status_code == 302
    unit = exchange_of(evaluation).addressees[0]
    assert [view.stance for view in unit.views] == [
        Stance.AGREE,
        Stance.OBJECT,
        Stance.AGREE,
        Stance.AGREE,
        Stance.OBJECT,
    ]
    assert unit.further[0].text == "满意度提高。"


def test_a_point_without_an_answer_is_named_at_its_field(world, evaluation, as_):
    point = exchange_of(evaluation).points[0]
    client, task = as_(world.lin), open_task(evaluation, world.lin)
    shown = client.post(page_of(task), answers(evaluation, **{f"stance-{point.pk}": ""}))
    assert shown.status_code == 422
    assert shown.context["screen"].points.errors.keys() == {f"stance-{point.pk}"}


def test_one_button_agrees_wherever_nothing_was_chosen(world, evaluation, as_):
    first, second, *_others = exchange_of(evaluation).points
    client, task = as_(world.lin), open_task(evaluation, world.lin)
    shown = client.post(page_of(task), {"verb": "agree_all", f"stance-{first.pk}": "object"})
    form = shown.context["screen"].points
    assert shown.status_code == 200
    assert (form[f"stance-{first.pk}"].value(), form[f"stance-{second.pk}"].value()) == ("object", "agree")


SAVE = 'value="save"'


def test_the_department_answers_without_files_and_keeps_its_draft_once_somebody_has_claimed_it(
    world, evaluation, as_
):
    task = open_task(evaluation, world.qian)
    client = as_(world.qian)
    assert SAVE not in client.get(page_of(task)).content.decode()
    assert client.post(reverse("claim", args=[task.process_id, task.pk])).status_code == 302
    page = client.get(page_of(task))
    assert 'type="file"' not in page.content.decode()
    assert SAVE in page.content.decode()
    assert client.post(page_of(task), answers(evaluation, verb="save")).status_code == 302
    assert client.get(page_of(task)).context["screen"].words["opinion"].value() == "同意。"
    assert client.post(page_of(task), answers(evaluation)).status_code == 302
    assert exchange_of(evaluation).addressees[1].decision.actor == world.qian


@pytest.fixture
def answered(world, evaluation):
    do(Verb.ANSWER, evaluation, world.lin, opinion="有异议", views=objecting(evaluation, {2: "已交付。"}))
    do(Verb.ANSWER, evaluation, world.qian, opinion="部门同意。")
    return evaluation


def test_the_evaluator_sees_both_answers_and_adopts_with_a_reason(world, answered, as_):
    (view,) = exchange_of(answered).objections
    client, task = as_(world.sun), open_task(answered)
    page = client.get(page_of(task)).content.decode()
    assert "部门同意。" in page
    assert "已交付。" in page
    assert f'name="adopted-{view.pk}"' in page
    refused = client.post(page_of(task), {"verb": "consider"})
    assert refused.status_code == 422
    assert refused.context["screen"].considerations.errors.keys() == {
        f"adopted-{view.pk}",
        f"reason-{view.pk}",
    }
    typed = {"verb": "consider", f"adopted-{view.pk}": "no", f"reason-{view.pk}": "以验收单为准。"}
    assert client.post(page_of(task), typed).status_code == 302
    assert exchange_of(answered).made_of[view.pk].adopted is False


def test_the_exchange_is_shown_where_it_is_concluded_and_on_the_tab_of_opinions(world, answered, as_):
    (view,) = exchange_of(answered).objections
    do(Verb.CONSIDER, answered, world.sun, considered={view.pk: (False, "以验收单为准。")})
    for who, address in ((world.zhou, page_of(open_task(answered))), (world.lin, tab(answered, "opinions"))):
        assert "以验收单为准。" in as_(who).get(address).content.decode()


def test_that_no_answer_came_is_shown_as_such(world, evaluation, as_):
    do(Verb.ANSWER, evaluation, world.qian, opinion="部门同意。")
    task = open_task(evaluation, world.lin)
    place = {"process_id": task.process_id, "task_id": task.pk}
    with clock.at(clock.now() + (soon(60) - clock.today())):
        handing_over.excuse(**place, actor=world.sun, reason="逾期未反馈意见。")
    evaluation.refresh_from_db()
    assert (evaluation.stage, evaluation.step) == (Stage.EXCHANGE_OF_VIEWS, 1)
    shown = as_(world.sun).get(page_of(open_task(evaluation))).context["exchange"]
    assert shown["has_silence"]
    assert [each["opinion"] for each in shown["addressees"]] == ["逾期未反馈意见。", "部门同意。"]
    assert all(len(point["answers"]) == 1 for point in shown["points"])


def test_when_nobody_answers_the_procedure_goes_on_and_says_so(world, evaluation):
    for who in (world.lin, world.qian):
        task = open_task(evaluation, who)
        with clock.at(clock.now() + (soon(60) - clock.today())):
            handing_over.excuse(
                process_id=task.process_id, task_id=task.pk, actor=world.sun, reason="逾期未反馈意见。"
            )
    evaluation.refresh_from_db()
    assert (evaluation.stage, evaluation.step) == (Stage.EXCHANGE_OF_VIEWS, 1)
    do(Verb.CONSIDER, evaluation, world.sun)
    assert evaluation.stage == Stage.CONCLUSION


# --- appointments and signatures --------------------------------------------------------


def test_the_evaluator_appoints_and_ends_on_the_dossiers_page(world, commissioned_evaluation, as_):
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.MATERIAL)
    client = as_(world.sun)
    page = client.get(tab(evaluation, "figures"))
    assert page.context["parts_missing"] == [Part.GROUP_HEAD.label]
    address = reverse("appoint", args=[evaluation.pk])
    typed = {"part": Part.GROUP_HEAD.value, "person": world.zhou.pk}
    assert client.post(address, typed).status_code == 302
    (made,) = evaluation.appointments.all()
    page = client.get(tab(evaluation, "figures"))
    assert page.context["parts_missing"] == []
    address = reverse("end_appointment", args=[made.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "调离"}).status_code == 302
    assert not evaluation.appointments.filter(ended_at=None).exists()


def test_an_agencys_part_needs_the_agencys_name(world, commissioned_evaluation, as_):
    evaluation = commissioned_evaluation()
    typed = {"part": Part.AGENCY_SEAL.value, "person": world.zhou.pk}
    shown = as_(world.sun).post(reverse("appoint", args=[evaluation.pk]), typed)
    assert shown.status_code == 422
    assert shown.context["appointment_form"].errors.keys() == {"agency"}


def test_who_signs_sees_what_is_to_be_signed(world, commissioned_evaluation, as_):
    head, leader = person("ma", "小马"), person("he", "小何", Role.BUREAU_LEADER, world.bureau)
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head)
    page = as_(head).get(page_of(open_task(evaluation))).content.decode()
    assert evaluation.draft_conclusion in page
    do(Verb.SIGN, evaluation, head)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="实现了预期目标。")
    page = as_(leader).get(page_of(open_task(evaluation)))
    assert "实现了预期目标。" in page.content.decode()
    assert page.context["to_be_signed"]
    assert as_(head).get(tab(evaluation, "opinions")).status_code == 200


def test_before_the_last_signature_no_list_shows_the_conclusion(world, commissioned_evaluation, as_):
    head = person("ma", "小马")
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head)
    do(Verb.SIGN, evaluation, head)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="实现了预期目标。")
    (row,) = as_(world.lin).get(reverse("evaluation_list")).context["rows"]
    assert (row["total"], row["grade"]) == (None, "")
    figures = as_(world.lin).get(tab(evaluation, "figures"))
    assert figures.context["to_be_signed"]


def test_whoever_is_not_appointed_finds_no_appointments_page(world, commissioned_evaluation, as_):
    evaluation = commissioned_evaluation()
    made = appointing.appoint(evaluation=evaluation, actor=world.sun, person=world.zhou, part=Part.GROUP_HEAD)
    address = reverse("end_appointment", args=[made.pk])
    assert as_(world.zhou).post(address, {"reason": "调离"}).status_code == 404
