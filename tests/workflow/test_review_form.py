"""What reviewers, experts and the concluding office type, and what becomes of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.exchange import exchange_of
from approvals.models import Decision, ItemStage, RecordedFinding, RectificationItem, Verb
from evaluations.models import Score, Stage
from tests.cast import do, open_task, propose, soon
from tests.evaluations.policies.samples import step
from tests.votes import published
from tests.workflow.page_forms import address, read_form, send


def last_decision(evaluation) -> Decision:
    return Decision.objects.filter(evaluation=evaluation, item=None).latest("pk")


def first(evaluation):
    return evaluation.indicators.first()


@pytest.fixture
def review(self_evaluation):
    """An evaluation at department review."""
    return self_evaluation(Stage.DEPARTMENT_REVIEW)


@pytest.fixture
def zhao(world, as_):
    return as_(world.zhao)


# --- the department ------------------------------------------------------------------


def test_the_stated_scores_stand_ready_in_the_reviewers_fields(zhao, review):
    fields = read_form(zhao.get(address(open_task(review)))).fields
    assert fields[f"score-{first(review).pk}"] == "18.57"


def test_the_reviewers_page_shows_stated_and_computed_with_the_arithmetic(zhao, review):
    text = zhao.get(address(open_task(review))).content.decode()
    assert "20 × 26 ÷ 28 = 18.57" in text
    assert "98.24" in text


def test_approving_passes_the_dossier_on_with_the_departments_scores(zhao, review):
    assert send(zhao, open_task(review), "approve", opinion="同意。").status_code == 302
    review.refresh_from_db()
    assert review.stage == Stage.FINANCE_REVIEW
    assert last_decision(review).total == Decimal("98.24")


def test_an_item_that_is_typed_but_not_proposed_does_not_vanish(zhao, review):
    reply = send(zhao, open_task(review), "approve", opinion="同意。", **{"item-requirement": "补交验收单"})
    assert reply.status_code == 422
    assert "补交验收单" in reply.content.decode()
    review.refresh_from_db()
    assert review.stage == Stage.DEPARTMENT_REVIEW


def test_an_adjusted_score_is_kept_with_its_reason_beside_the_stated_one(zhao, review):
    pk = first(review).pk
    send(zhao, open_task(review), "approve", **{f"score-{pk}": "17", f"reason-{pk}": "一个模块未验收。"})
    given = dict(Score.objects.filter(indicator=pk).values_list("source", "points"))
    assert given == {"stated": Decimal("18.57"), "department": Decimal("17.00")}
    assert last_decision(review).total == Decimal("96.67")


def test_an_adjusted_score_without_a_reason_is_refused_at_its_field(zhao, review):
    pk = first(review).pk
    page = send(zhao, open_task(review), "approve", opinion="同意。", **{f"score-{pk}": "17"})
    form = read_form(page)
    assert page.status_code == 422
    assert f"score-{pk}" in form.errors
    assert (form.fields[f"score-{pk}"], form.fields["opinion"]) == ("17", "同意。")
    assert not Score.objects.filter(source="department").exists()


def test_a_return_goes_where_the_reviewer_chose(zhao, review):
    page = send(zhao, open_task(review), "return", opinion="请核对数量。", to="unit_approval")
    assert page.status_code == 302
    review.refresh_from_db()
    assert (review.stage, review.round) == (Stage.UNIT_APPROVAL, 2)


def test_a_return_without_a_reason_is_refused_at_the_opinion(zhao, review):
    page = send(zhao, open_task(review), "return")
    assert page.status_code == 422
    assert "opinion" in read_form(page).errors


def test_a_return_does_not_mind_what_was_typed_as_scores(zhao, review):
    pk = first(review).pk
    page = send(zhao, open_task(review), "return", opinion="请核对。", **{f"score-{pk}": "二十"})
    assert page.status_code == 302


def test_a_claimed_review_can_be_left_and_taken_up_again(zhao, review):
    task = open_task(review)
    zhao.post(address(task, "claim"))
    pk = first(review).pk
    assert send(zhao, task, "save", opinion="初看无误", **{f"score-{pk}": "17.5"}).status_code == 302
    fields = read_form(zhao.get(address(task))).fields
    assert (fields["opinion"], fields[f"score-{pk}"]) == ("初看无误", "17.5")
    assert not Score.objects.filter(source="department").exists()


def test_a_draft_belongs_to_whoever_took_the_task(zhao, review):
    assert send(zhao, open_task(review), "save", opinion="初看无误").status_code == 403


def test_the_units_approver_has_no_score_fields(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    client = as_(world.wang)
    fields = read_form(client.get(address(open_task(evaluation)))).fields
    assert not [name for name in fields if name.startswith("score-")]
    assert send(client, open_task(evaluation), "approve", opinion="同意报送。").status_code == 302


# --- finance ----------------------------------------------------------------------------


@pytest.fixture
def at_finance(self_evaluation):
    return self_evaluation(Stage.FINANCE_REVIEW)


@pytest.fixture
def sun(world, as_):
    return as_(world.sun)


def test_accepting_leaves_the_scores_as_they_stand(sun, at_finance):
    assert send(sun, open_task(at_finance), "accept").status_code == 302
    assert not Score.objects.filter(source="finance").exists()


def test_accepting_after_changing_a_score_asks_what_was_meant(sun, at_finance):
    pk = first(at_finance).pk
    page = send(sun, open_task(at_finance), "accept", **{f"score-{pk}": "17"})
    assert page.status_code == 422
    at_finance.refresh_from_db()
    assert at_finance.stage == Stage.FINANCE_REVIEW


def test_a_recheck_keeps_finances_scores_beside_the_stated_ones(sun, at_finance):
    pk = first(at_finance).pk
    changes = {f"score-{pk}": "17", f"reason-{pk}": "抽查发现一个模块未启用。"}
    page = send(sun, open_task(at_finance), "recheck", opinion="抽查复核完毕。", **changes)
    assert page.status_code == 302
    given = dict(Score.objects.filter(indicator=pk).values_list("source", "points"))
    assert given == {"stated": Decimal("18.57"), "finance": Decimal("17.00")}


def test_a_filing_step_that_gives_no_scores_asks_for_none_and_offers_none_by_a_finding(
    world, as_, sun, self_evaluation
):
    filing = [step("review_finance", work="file")]
    evaluation = self_evaluation(Stage.FINANCE_REVIEW, policy=published(finance_review=filing))
    page = sun.get(address(open_task(evaluation)))
    assert not [name for name in read_form(page).fields if name.startswith("score-")]
    assert "recheck" not in [offered["value"] for offered in page.context["verbs"]["others"]]
    finding = RecordedFinding.objects.filter(evaluation=evaluation, indicator__isnull=False).first()
    assert finding is not None
    assert send(sun, open_task(evaluation), f"adjust:{finding.pk}").status_code == 400
    assert send(sun, open_task(evaluation), "accept", opinion="同意备案。").status_code == 302
    assert not Score.objects.filter(source="finance").exists()


# --- rectification items ----------------------------------------------------------------


def item_fields(**changes):
    fields = {"requirement": "交付剩余两个模块", "due": soon().isoformat(), **changes}
    return {f"item-{name}": value for name, value in fields.items()}


def test_an_item_is_proposed_without_losing_what_is_typed(sun, at_finance):
    task = open_task(at_finance)
    problem = at_finance.problems.get()
    page = send(sun, task, "raise_item", opinion="写到一半", **item_fields(problem=str(problem.pk)))
    assert page.status_code == 200
    assert read_form(page).fields["opinion"] == "写到一半"
    item = RectificationItem.objects.get()
    assert (item.problem, item.stage) == (problem, ItemStage.DRAFT)
    assert item.number in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("requirement", " "), ("due", ""), ("due", "2020-01-01"), ("due", "明天"), ("problem", "999999")],
)
def test_a_faulty_item_is_refused_at_its_field(field, value, sun, at_finance):
    page = send(sun, open_task(at_finance), "raise_item", opinion="写到一半", **item_fields(**{field: value}))
    form = read_form(page)
    assert page.status_code == 422
    assert f"item-{field}" in form.errors
    assert form.fields["opinion"] == "写到一半"
    assert not RectificationItem.objects.exists()


def test_only_somebody_who_carries_out_rectification_can_be_responsible(world, sun, at_finance):
    changes = item_fields(responsible_unit=str(world.other_unit.pk), responsible_person=str(world.lin.pk))
    page = send(sun, open_task(at_finance), "raise_item", **changes)
    assert "item-responsible_person" in read_form(page).errors


def test_a_proposed_item_can_be_taken_back(world, sun, at_finance):
    item = propose(world, at_finance, world.sun)
    assert send(sun, open_task(at_finance), f"drop:{item.pk}").status_code == 200
    assert not RectificationItem.objects.exists()


def test_an_item_of_another_evaluation_cannot_be_taken_back(world, sun, self_evaluation, at_finance):
    other = self_evaluation(Stage.FINANCE_REVIEW)
    item = propose(world, other, world.sun)
    assert send(sun, open_task(at_finance), f"drop:{item.pk}").status_code == 404
    assert RectificationItem.objects.filter(pk=item.pk).exists()


def test_items_have_a_page_of_their_own_too(world, sun, at_finance):
    url = f"/evaluations/{at_finance.pk}/items/add/"
    assert sun.get(url).status_code == 200
    assert sun.post(url, item_fields()).status_code == 302
    item = RectificationItem.objects.get()
    assert sun.post(f"/evaluations/{at_finance.pk}/items/{item.pk}/drop/").status_code == 302
    assert not RectificationItem.objects.exists()


def test_nobody_proposes_items_out_of_turn(world, as_, at_finance):
    assert as_(world.zhao).post(f"/evaluations/{at_finance.pk}/items/add/", item_fields()).status_code == 404


# --- conclusion ----------------------------------------------------------------------------


@pytest.fixture
def zhou(world, as_):
    return as_(world.zhou)


def test_the_conclusion_starts_with_the_last_total(zhou, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    assert read_form(zhou.get(address(open_task(evaluation)))).fields["total"] == "98.24"


def test_the_conclusion_starts_with_the_departments_total_when_it_adjusted(world, zhou, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.APPROVE, evaluation, world.zhao, scores={first(evaluation).pk: (Decimal(17), "未验收。")})
    do(Verb.ACCEPT, evaluation, world.sun)
    assert read_form(zhou.get(address(open_task(evaluation)))).fields["total"] == "96.67"


def test_concluding_assigns_the_items(world, zhou, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    propose(world, evaluation, world.zhou)
    page = send(zhou, open_task(evaluation), "conclude", total="８８．５", conclusion="目标基本实现。")
    assert page.status_code == 302
    evaluation.refresh_from_db()
    assert (evaluation.concluded_total, evaluation.concluded_grade) == (Decimal("88.50"), "良")
    assert evaluation.stage == Stage.RECTIFICATION


@pytest.mark.parametrize(("total", "grade"), [("90", "优"), ("89.99", "良"), ("60", "中"), ("59.99", "差")])
def test_the_grade_follows_the_total_as_it_is_typed(total, grade, zhou, self_evaluation):
    task = open_task(self_evaluation(Stage.CONCLUSION))
    text = zhou.post(address(task, "totals"), {"total": total}).content.decode()
    assert grade in text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("total", ""),
        ("total", "101"),
        ("total", "-1"),
        ("total", "九十"),
        ("total", "90.123"),
        ("conclusion", ""),
    ],
)
def test_a_faulty_conclusion_is_refused_at_its_field(field, value, zhou, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    fields = {"total": "90", "conclusion": "目标实现。", field: value}
    page = send(zhou, open_task(evaluation), "conclude", **fields)
    assert page.status_code == 422
    assert field in read_form(page).errors
    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.CONCLUSION


# --- experts, draft, answer ------------------------------------------------------------------


def expert_fields(evaluation, share="0.9"):
    return {
        f"score-{row.pk}": str((row.weight * Decimal(share)).quantize(Decimal("0.01")))
        for row in evaluation.indicators.all()
    }


@pytest.fixture
def panel(commissioned_evaluation):
    return commissioned_evaluation(Stage.EXPERT_SCORING)


def test_an_expert_scores_every_indicator(world, as_, panel):
    page = send(as_(world.wu), open_task(panel, world.wu), "score", **expert_fields(panel), opinion="较好。")
    assert page.status_code == 302
    assert Score.objects.filter(source="expert", given_by=world.wu).count() == panel.indicators.count()


def test_an_indicator_without_points_is_named_at_its_field(world, as_, panel):
    fields = expert_fields(panel)
    name = f"score-{panel.indicators.last().pk}"
    page = send(as_(world.wu), open_task(panel, world.wu), "score", **{**fields, name: ""})
    assert page.status_code == 422
    assert name in read_form(page).errors
    assert not Score.objects.filter(source="expert").exists()


def test_an_expert_sees_nothing_of_the_others_scores(world, as_, panel):
    scores = {row.pk: (Decimal("7.77"), "机密意见") for row in panel.indicators.all()}
    do(Verb.SCORE, panel, world.wu, scores=scores, opinion="秘密总评")
    text = as_(world.zheng).get(address(open_task(panel, world.zheng))).content.decode()
    for secret in ("7.77", "机密意见", "秘密总评"):
        assert secret not in text


def test_a_seat_is_one_persons_alone(world, as_, panel):
    assert as_(world.zheng).get(address(open_task(panel, world.wu))).status_code == 404


def test_the_draft_starts_with_the_panels_mean_and_shows_the_spread(world, as_, panel):
    for expert, share in ((world.wu, "0.9"), (world.zheng, "0.8")):
        send(as_(expert), open_task(panel, expert), "score", **expert_fields(panel, share))
    page = as_(world.sun).get(address(open_task(panel)))
    assert read_form(page).fields["total"] == "85"
    assert "2.00" in page.content.decode()  # 20 points × (0.9 − 0.8)


def test_the_draft_keeps_the_report_and_goes_to_the_unit(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    page = send(
        as_(world.sun),
        open_task(evaluation),
        "draft",
        total="85.5",
        conclusion="总体良好。",
        sections__0__text="项目概况。",
    )
    assert page.status_code == 302
    evaluation.refresh_from_db()
    assert (evaluation.stage, evaluation.draft_total) == (Stage.EXCHANGE_OF_VIEWS, Decimal("85.50"))
    assert evaluation.sections.get().text == "项目概况。"


def test_a_draft_without_a_total_keeps_what_was_typed(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    page = send(as_(world.sun), open_task(evaluation), "draft", total="", conclusion="总体良好。")
    form = read_form(page)
    assert page.status_code == 422
    assert "total" in form.errors
    assert form.fields["conclusion"] == "总体良好。"


def test_the_unit_reads_the_draft_and_answers(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    client = as_(world.lin)
    task = open_task(evaluation, world.lin)
    assert evaluation.draft_conclusion in client.get(address(task)).content.decode()
    agreed = {f"stance-{point.pk}": "agree" for point in exchange_of(evaluation).points}
    assert send(client, task, "answer", opinion="没有不同意见。", **agreed).status_code == 302
    assert exchange_of(evaluation).addressees[0].decision.opinion == "没有不同意见。"


def test_an_empty_answer_is_refused(world, as_, commissioned_evaluation):
    task = open_task(commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS), world.lin)
    page = send(as_(world.lin), task, "answer", opinion=" ")
    assert page.status_code == 422
    assert "opinion" in read_form(page).errors


def test_a_commissioned_conclusion_starts_with_the_draft_and_shows_the_answer(
    world, as_, commissioned_evaluation
):
    evaluation = commissioned_evaluation(Stage.CONCLUSION)
    page = as_(world.zhou).get(address(open_task(evaluation)))
    assert read_form(page).fields["total"] == "90"
    assert "没有不同意见。" in page.content.decode()


# --- an item's steps ---------------------------------------------------------------------------


def a_measure(item):
    """One row of a plan as it is typed."""
    return {
        "measure-0-text": "签订补充协议。",
        "measure-0-who": "项目组",
        "measure-0-by_when": item.due.isoformat(),
    }


def test_measures_are_planned_on_the_items_page(world, as_, item_at):
    item = item_at(ItemStage.PLANNING)
    assert send(as_(world.lin), open_task(item), "plan", **a_measure(item)).status_code == 302
    item.refresh_from_db()
    assert (item.stage, item.plan.get().text) == (ItemStage.PLAN_REVIEW, "签订补充协议。")


def test_a_measure_without_its_person_is_refused_at_the_field(world, as_, item_at):
    item = item_at(ItemStage.PLANNING)
    page = send(as_(world.lin), open_task(item), "plan", **{**a_measure(item), "measure-0-who": ""})
    assert page.status_code == 422
    assert "measure-0-who" in read_form(page).errors


def test_the_measures_are_accepted_on_the_items_page(world, as_, item_at):
    item = item_at(ItemStage.PLAN_REVIEW)
    assert send(as_(world.sun), open_task(item), "accept_plan", opinion="同意实施。").status_code == 302
    item.refresh_from_db()
    assert item.stage == ItemStage.CARRYING_OUT


def test_measures_that_come_back_stand_in_the_form_again(world, as_, item_at):
    item = item_at(ItemStage.PLAN_REVIEW)
    assert send(as_(world.sun), open_task(item), "send_back", opinion="请写明分工。").status_code == 302
    page = as_(world.lin).get(address(open_task(item)))
    assert read_form(page).fields["measure-0-text"] == "与承建方签订补充协议。"
    assert "请写明分工。" in page.content.decode()


def test_the_receipt_is_signed_once_for_all_items_of_the_notice(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    items = [propose(world, evaluation, world.zhou) for _place in range(2)]
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(90), conclusion="目标实现。")
    assert send(as_(world.lin), open_task(items[0]), "receive").status_code == 302
    assert set(evaluation.items.values_list("stage", flat=True)) == {ItemStage.PLANNING}
    assert evaluation.rectification_notices.get().receipts.count() == 1


def test_an_objection_is_raised_and_answered_on_the_items_page(world, as_, item_at):
    item = item_at(ItemStage.PLANNING)
    reasons = {"opinion": "两个模块的需求已经取消。"}
    assert send(as_(world.lin), open_task(item), "dispute", **reasons).status_code == 302
    answer = {"adopted": "yes", "requirement": "按变更后的合同验收", "opinion": "合同确已变更。"}
    assert send(as_(world.sun), open_task(item), "answer_dispute", **answer).status_code == 302
    item.refresh_from_db()
    assert (item.stage, item.requirement) == (ItemStage.PLANNING, "按变更后的合同验收")


def test_verifying_needs_to_say_what_was_checked(world, as_, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    page = send(as_(world.zhao), open_task(item), "verify")
    assert page.status_code == 422
    assert "opinion" in read_form(page).errors


def test_sending_back_opens_a_new_round(world, as_, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    page = send(as_(world.zhao), open_task(item), "send_back", opinion="缺少验收单。")
    assert page.status_code == 302
    item.refresh_from_db()
    assert (item.stage, item.round) == (ItemStage.CARRYING_OUT, 2)


def test_whoever_carries_out_for_another_unit_reaches_the_item(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    item = propose(
        world,
        evaluation,
        world.zhou,
        responsible_unit=world.other_unit,
        responsible_person=world.chen,
    )
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(90), conclusion="目标实现。")
    client = as_(world.chen)
    task = open_task(item)
    assert client.get(address(task)).status_code == 200
    assert send(client, task, "receive").status_code == 302
    assert send(client, open_task(item), "plan", **a_measure(item)).status_code == 302
