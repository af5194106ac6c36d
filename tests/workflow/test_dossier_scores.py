"""Scores side by side: arithmetic, subtotals, earlier rounds, what is illustrative, what is still closed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.models import Verb
from audit_log import clock
from evaluations.actions import DossierChanges, RowChange
from evaluations.calendar import end_of_deadline
from evaluations.models import Stage
from tests.cast import all_scores, do, open_self_evaluation, open_task
from tests.dossier_content import indicator, numbered, words
from tests.experts import new_expert
from tests.workflow.reading import everything, get, save, tab_of, text_of

# --- scores --------------------------------------------------------------------------


def test_every_computed_score_carries_its_arithmetic(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    table = get(as_(world.zhao), tab_of(evaluation, "scores")).context["table"]
    assert "20 × 26 ÷ 28 = 18.57" in table["groups"][0]["rows"][0]["cells"][1]["explanation"]
    assert "10 × 290 ÷ 300 = 9.67" in table["groups"][-1]["rows"][0]["cells"][1]["explanation"]


def test_level_1_subtotals_and_the_execution_row_add_up_to_the_total(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    table = get(as_(world.zhao), tab_of(evaluation, "scores")).context["table"]
    assert [group["label"] for group in table["groups"]] == ["产出", "效益", "满意度", "Budget execution"]
    assert sum(group["subtotals"][0] for group in table["groups"]) == table["totals"][0] == Decimal("98.24")
    assert sum(group["weight"] for group in table["groups"]) == table["total_weight"] == 100


def test_while_words_have_still_to_be_judged_there_is_no_computed_subtotal(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    table = get(as_(world.zhao), tab_of(evaluation, "scores")).context["table"]
    computed = [group["subtotals"][1] for group in table["groups"]]
    assert [str(points) for points in computed] == ["48.57", "None", "10.00", "9.67"]


def test_weights_that_are_not_published_are_shared_out_and_the_page_says_so(world, as_):
    evaluation = open_self_evaluation(world)
    rows = [indicator("产出", "数量", f"指标{place}", "10", **words("完成", "已完成")) for place in range(3)]
    rows = [RowChange(values={**row.values, "weight": None}) for row in numbered(rows)]
    save(
        evaluation,
        world.lin,
        DossierChanges(evaluation={"stated_total": Decimal("100")}, indicators=rows),
    )
    page = get(as_(world.lin), tab_of(evaluation, "scores"))
    assert "equal shares of the scheme's level weights are used" in text_of(page)
    table = page.context["table"]
    assert [str(row["weight"]) for row in table["groups"][0]["rows"]] == ["16.67", "16.67", "16.66"]
    assert table["columns"][0]["label"] == "Stated score"
    assert table["totals"][0] == 100


def test_an_earlier_round_shows_the_dossier_as_it_was_when_it_was_returned(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请核对。")
    first = evaluation.indicators.first()
    change = RowChange(
        pk=first.pk, values={"actual_value": Decimal("24"), "actual_text": "24个"}, score=Decimal("17")
    )
    save(
        evaluation,
        world.lin,
        DossierChanges(evaluation={"stated_total": Decimal("96.67")}, indicators=[change]),
    )

    def first_row(**asked) -> tuple[str, str, str]:
        table = get(as_(world.zhao), tab_of(evaluation, "scores"), **asked).context["table"]
        row = table["groups"][0]["rows"][0]
        return (row["actual"], str(row["cells"][0]["value"]), str(row["cells"][1]["value"]))

    assert first_row() == ("24个", "17.00", "17.14")
    assert first_row(round="1") == ("26个", "18.57", "18.57")


@pytest.mark.parametrize("round", ["0", "3", "-1", "one", "²"])
def test_a_round_that_there_was_not_does_not_exist(world, as_, self_evaluation, round):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert as_(world.zhao).get(tab_of(evaluation, "scores"), {"round": round}).status_code == 404


def test_an_illustrative_split_is_marked(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    scores = {row.pk: (row.weight, "") for row in evaluation.indicators.all()}
    do(Verb.SCORE, evaluation, world.wu, scores=scores, is_illustrative=True)
    page = get(as_(world.sun), tab_of(evaluation, "scores"))
    assert all(row["illustrative"] for group in page.context["table"]["groups"] for row in group["rows"])
    assert "the split to the single indicators is an illustration" in text_of(page)


def task_address(evaluation) -> str:
    task = open_task(evaluation)
    return reverse("task", args=[task.process_id, task.pk])


# --- experts score without knowing of each other -------------------------------------


@pytest.fixture
def half_scored(world, commissioned_evaluation):
    """Wu has given 77 percent with an opinion; Zheng has still to score."""
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    scores = {
        row.pk: ((row.weight * Decimal("0.77")).quantize(Decimal("0.01")), "吴的理由")
        for row in evaluation.indicators.all()
    }
    do(Verb.SCORE, evaluation, world.wu, scores=scores, opinion="吴的意见")
    return evaluation


SECRETS = ("11.55", "77.00", "吴的理由", "吴的意见")


@pytest.mark.parametrize("name", ["zheng", "lin", "wang", "zhao", "qian", "sun", "feng"])
def test_until_all_are_in_nobody_else_learns_what_an_expert_gave(world, as_, half_scored, name):
    seen = everything(as_(world.people[name]), half_scored)
    assert [secret for secret in SECRETS if secret in seen] == []
    assert "Kept closed until every expert has scored." in seen


def test_an_expert_sees_the_own_scores(world, as_, half_scored):
    seen = everything(as_(world.wu), half_scored)
    assert [secret for secret in SECRETS if secret not in seen] == []


def at_the_end_of_scoring(evaluation, *, days_after: int = 0):
    """The last day of the experts' deadline, or so many days after it."""
    last = end_of_deadline(clock.today() + timedelta(days=evaluation.days_to_review))
    return clock.at(clock.now() + (last - clock.today()) + timedelta(days=days_after))


@pytest.mark.parametrize("name", ["sun", "feng", "zhou"])
def test_once_the_days_are_over_the_evaluators_people_see_what_came_in(world, as_, half_scored, name):
    with at_the_end_of_scoring(half_scored):
        assert "77.00" not in everything(as_(world.people[name]), half_scored)
    with at_the_end_of_scoring(half_scored, days_after=1):
        seen = everything(as_(world.people[name]), half_scored)
    assert [secret for secret in SECRETS if secret not in seen] == []


@pytest.mark.parametrize("name", ["zheng", "lin", "wang", "zhao", "qian"])
def test_once_the_days_are_over_who_has_not_scored_and_the_others_see_nothing_more(
    world, as_, half_scored, name
):
    with at_the_end_of_scoring(half_scored, days_after=1):
        seen = everything(as_(world.people[name]), half_scored)
    assert [secret for secret in SECRETS if secret in seen] == []


def test_the_evaluators_people_go_on_seeing_the_rounds_before(world, as_, half_scored):
    scores = {row.pk: (row.weight, "") for row in half_scored.indicators.all()}
    do(Verb.SCORE, half_scored, world.zheng, scores=scores)
    do(Verb.RETURN, half_scored, world.sun, opinion="请重新评分。", to=Stage.EXPERT_SCORING)
    again = {row.pk: (row.weight * Decimal("0.5"), "再评的理由") for row in half_scored.indicators.all()}
    do(Verb.SCORE, half_scored, world.wu, scores=again, opinion="再评的意见")
    seen = everything(as_(world.sun), half_scored)
    assert "吴的意见" in seen
    assert "再评的理由" not in seen
    assert "再评的意见" not in seen
    page = get(as_(world.sun), tab_of(half_scored, "scores"))
    assert "Experts' mean (round 1)" in [column["label"] for column in page.context["table"]["columns"]]


def test_the_scores_tab_shows_how_far_the_experts_lie_apart_and_who_lies_far_out(
    world, as_, commissioned_evaluation
):
    han = new_expert(world, "han")
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu, world.zheng, han))
    for expert, share in ((world.wu, "0.9"), (world.zheng, "0.9"), (han, "0.5")):
        do(Verb.SCORE, evaluation, expert, scores=all_scores(evaluation, share))
    for address in (tab_of(evaluation, "scores"), task_address(evaluation)):
        page = text_of(get(as_(world.sun), address))
        assert "From 50 to 90, standard deviation 18.86." in page
        assert "专家han lies far from the others: 50 is more than 20 points away from the median 90." in page
        assert "mean of the experts" in page


def test_when_all_are_in_everybody_who_sees_the_dossier_sees_the_mean(world, as_, half_scored):
    scores = {row.pk: (row.weight, "") for row in half_scored.indicators.all()}
    do(Verb.SCORE, half_scored, world.zheng, scores=scores)
    for name in ("lin", "wu", "zheng"):
        page = get(as_(world.people[name]), tab_of(half_scored, "scores"))
        assert str(page.context["table"]["totals"][-2]) == "88.52"
