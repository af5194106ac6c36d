"""Moving a running evaluation to another scheme or framework: previewed, recorded, or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.models import Verb
from audit_log.errors import InvalidInput, NotAllowed, Outdated, WrongStage
from audit_log.models import AuditEvent
from evaluations import actions
from evaluations.actions import last_filled
from evaluations.actions.start_framework import framework_rows
from evaluations.migration_plan import framework_plan
from evaluations.models import Evidence, Framework, Kind, Scheme, Stage
from tests.cast import do, open_task
from tests.dossier_content import evidence_file
from tests.template_scenes import draft_of, published_of
from workflow import migrating, services

pytestmark = pytest.mark.django_db

REASON = "年初批复改用新办法"


@pytest.fixture
def core(world):
    return Scheme.objects.get(code="core-2021")


@pytest.fixture
def narrow(world):
    """A framework of outputs and effects only; the first output weighs 20 now."""
    made = draft_of(world, "framework")
    items = made.content["items"][11:]
    items[0] = {**items[0], "weight": "20"}
    document = {
        **made.content,
        "level_weights": {"产出": "50", "效益": "50"},
        "items": [*items, {"level1": "效益", "level2": "项目效益", "name": "可持续影响", "points": []}],
    }
    made = actions.change_framework(actor=world.sun, framework=made, document=document)
    return actions.publish_framework(actor=world.sun, framework=made)


@pytest.fixture
def commissioned(world):
    """A finance evaluation that starts with the common framework and waits for the unit's material."""
    return services.open_evaluation(
        actor=world.sun,
        project=world.project,
        kind=Kind.FINANCE,
        scheme=world.scheme,
        notice="请提供材料。",
    )


def test_a_scheme_is_changed_with_a_list_of_what_differs(world, core, self_evaluation):
    evaluation = self_evaluation()
    migrating.move(actor=world.sun, evaluation=evaluation, to=core, reason=REASON)
    evaluation.refresh_from_db()
    assert evaluation.scheme == core
    event = AuditEvent.objects.get(verb="migrate_scheme", object_id=evaluation.pk)
    assert (event.data["from"], event.data["to"], event.data["reason"]) == (
        "ministry-2020 v1",
        "core-2021 v1",
        REASON,
    )
    paths = {change["path"]: change for change in event.data["changes"]}
    assert paths["dimension_rules.数量.zero_below"]["after"] == "60"
    assert paths["source"]["before"] == "财预〔2020〕10号"
    assert evaluation.history.first().history_change_reason == REASON


def test_a_framework_keeps_what_both_have_and_lists_the_rest(world, narrow, commissioned):
    plan = framework_plan(commissioned, narrow.as_content())
    what = {planned.name: planned.what for planned in plan}
    assert what["实际完成率"] == "changed"
    assert what["立项依据充分性"] == "removed"
    assert what["可持续影响"] == "added"
    kept = commissioned.indicators.get(name="实际完成率")
    migrating.move(actor=world.sun, evaluation=commissioned, to=narrow, reason=REASON)
    commissioned.refresh_from_db()
    rows = list(commissioned.indicators.all())
    assert commissioned.framework == narrow
    assert sum(row.weight for row in rows) == 100
    assert [row.name for row in rows] == [item.name for item in narrow.as_content().items]
    assert rows[0].pk == kept.pk
    changes = AuditEvent.objects.get(verb="migrate_framework").data["changes"]
    listed = {change["path"]: change for change in changes}
    assert listed["产出 / 实际完成率"]["after"]["weight"] == "20"
    assert listed["决策 / 立项依据充分性"]["what"] == "removed"
    assert {change["what"] for change in changes} >= {"changed", "removed", "added"}


def test_an_indicator_on_which_a_file_rests_stays_without_weight(world, narrow, commissioned):
    relied_on = commissioned.indicators.get(name="立项依据充分性")
    task = open_task(commissioned)
    services.attach(
        process_id=task.process_id,
        task_id=task.pk,
        actor=world.lin,
        **{**evidence_file(), "indicator": relied_on},
    )
    migrating.move(actor=world.sun, evaluation=commissioned, to=narrow, reason=REASON)
    relied_on.refresh_from_db()
    assert relied_on.weight == 0
    assert Evidence.objects.get(evaluation=commissioned).indicator == relied_on
    listed = AuditEvent.objects.get(verb="migrate_framework").data["changes"]
    assert [row["path"] for row in listed if row["what"] == "weightless"] == ["决策 / 立项依据充分性"]


def test_moving_there_and_back_gives_the_same_indicators(world, narrow, commissioned):
    common = Framework.objects.get(code="common")
    columns = ("level1", "level2", "name", "weight", "target_text")
    before = list(commissioned.indicators.values_list(*columns))
    for framework in (narrow, common):
        migrating.move(actor=world.sun, evaluation=commissioned, to=framework, reason=REASON)
        commissioned.refresh_from_db()
    assert sorted(commissioned.indicators.values_list(*columns)) == sorted(before)
    assert len(before) == len(framework_rows(common.as_content()))


def test_what_was_handed_in_keeps_its_scheme(world, core, narrow, self_evaluation, commissioned):
    handed_in = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with pytest.raises(WrongStage):
        migrating.move(actor=world.sun, evaluation=handed_in, to=core, reason=REASON)
    do(Verb.RETURN, handed_in, world.zhao, opinion="请按新办法重填。", to=Stage.SELF_ASSESSMENT)
    migrating.move(actor=world.sun, evaluation=handed_in, to=core, reason=REASON)
    handed_in.refresh_from_db()
    assert handed_in.scheme == core


@pytest.mark.parametrize("who", ["lin", "zhao", "qian", "zhou", "feng"])
def test_only_the_finance_officer_moves(world, core, self_evaluation, who):
    with pytest.raises(NotAllowed):
        migrating.move(actor=getattr(world, who), evaluation=self_evaluation(), to=core, reason=REASON)


def test_a_move_needs_a_reason_and_a_published_scheme_that_is_another(world, core, self_evaluation):
    evaluation = self_evaluation()
    draft = draft_of(world, "scheme")
    for to, reason, field in (
        (core, "  ", "reason"),
        (draft, REASON, "scheme"),
        (world.scheme, REASON, "scheme"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            migrating.move(actor=world.sun, evaluation=evaluation, to=to, reason=reason)
        assert list(refusal.value.fields) == [field]


def test_a_self_assessment_has_no_framework(world, narrow, self_evaluation):
    with pytest.raises(InvalidInput):
        migrating.move(actor=world.sun, evaluation=self_evaluation(), to=narrow, reason=REASON)


def test_a_preview_that_is_out_of_date_moves_nothing(world, core, self_evaluation):
    evaluation = self_evaluation()
    seen = last_filled(evaluation)
    migrating.move(actor=world.sun, evaluation=evaluation, to=core, reason=REASON, seen=seen)
    with pytest.raises(Outdated):
        migrating.move(actor=world.sun, evaluation=evaluation, to=world.scheme, reason=REASON, seen=seen)


def test_what_was_retired_after_it_was_chosen_is_moved_to_no_more(world, narrow, commissioned):
    scheme = published_of(world, "scheme")
    actions.retire_scheme(actor=world.zhou, scheme=Scheme.objects.get(pk=scheme.pk), reason="由新版替代")
    actions.retire_framework(
        actor=world.zhou, framework=Framework.objects.get(pk=narrow.pk), reason="由新版替代"
    )
    assert scheme.is_published
    assert narrow.is_published
    for to in (scheme, narrow):
        with pytest.raises(InvalidInput):
            migrating.move(actor=world.sun, evaluation=commissioned, to=to, reason=REASON)


@pytest.mark.parametrize("seen", [None, "", "-1", "²"])
def test_whoever_saw_no_preview_moves_nothing(world, core, as_, self_evaluation, seen):
    evaluation = self_evaluation()
    address = f"{reverse('change_basis', args=[evaluation.pk])}?scheme={core.pk}"
    posted = {"reason": REASON} if seen is None else {"reason": REASON, "seen": seen}
    assert as_(world.sun).post(address, posted).status_code == 409
    evaluation.refresh_from_db()
    assert evaluation.scheme == world.scheme


def test_the_officer_looks_at_the_list_then_moves_and_the_lead_is_told(world, core, as_, self_evaluation):
    officer, evaluation = as_(world.sun), self_evaluation()
    address = f"{reverse('change_basis', args=[evaluation.pk])}?scheme={core.pk}"
    page = officer.get(address)
    assert "60%" in page.content.decode()
    rows = [row for section in page.context["preview"]["sections"] for row in section["rows"]]
    assert any(row["differs"] for row in rows)
    assert officer.post(address, {"reason": ""}).status_code == 422
    reply = officer.post(address, {"reason": REASON, "seen": page.context["seen"]})
    assert reply["Location"] == reverse("dossier_tab", args=[evaluation.pk, "history"])
    history = officer.get(reply["Location"]).content.decode()
    assert REASON in history
    changes = officer.get(f"{reply['Location']}?show=changes").content.decode()
    assert str(core.version) in changes


def test_the_preview_of_a_framework_lists_every_indicator(world, narrow, commissioned, as_):
    address = f"{reverse('change_basis', args=[commissioned.pk])}?framework={narrow.pk}"
    page = as_(world.sun).get(address)
    (section,) = page.context["preview"]["sections"]
    assert len(section["rows"]) == 18
    assert as_(world.sun).post(address, {"reason": REASON, "seen": page.context["seen"]}).status_code == 302


def test_a_stated_score_above_the_new_weight_is_taken_back(world, commissioned, narrow):
    row = commissioned.indicators.get(name="实际完成率")
    row.scores.create(source="stated", round=1, given_by=world.lin, points=Decimal("20.01"))
    migrating.move(actor=world.sun, evaluation=commissioned, to=narrow, reason=REASON)
    assert not row.scores.exists()
    assert row.scores.model.history.filter(history_type="-").exists()


def test_nothing_chosen_shows_nothing_and_moves_nothing(world, as_, self_evaluation):
    address = reverse("change_basis", args=[self_evaluation().pk])
    assert as_(world.sun).get(address).context["preview"] is None
    assert as_(world.sun).post(address, {"reason": REASON}).status_code == 404
    assert published_of(world, "scheme").evaluations.count() == 0
