"""Scores of an earlier round neither count in the present one nor disappear."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.models import Verb
from audit_log.errors import InvalidInput
from evaluations.actions import DossierChanges, RowChange
from evaluations.computed import latest_scores, total_from
from evaluations.models import ScoreSource, Stage
from tests.cast import bring, do, walk_self
from tests.workflow.reading import save
from workflow.dossier_reading import DossierReading
from workflow.integrity.scores import score_above_weight
from workflow.presentation.scores import column_label, party_label, score_row, score_table


@pytest.fixture
def returned(world, self_evaluation):
    """The department has scored the first indicator 15 of 20; finance returned it to the unit."""
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    first = evaluation.indicators.first()
    do(Verb.APPROVE, evaluation, world.zhao, scores={first.pk: (Decimal("15"), "验收单只有二十六个。")})
    do(Verb.RETURN, evaluation, world.sun, opinion="请核对。", to=Stage.SELF_ASSESSMENT)
    return evaluation


def restate(evaluation, world, weight: str, score: str | None) -> None:
    first = evaluation.indicators.first()
    points = None if score is None else Decimal(score)
    change = RowChange(pk=first.pk, values={"weight": Decimal(weight)}, score=points)
    save(evaluation, world.lin, DossierChanges(indicators=[change]))


def test_a_lower_weight_leaves_an_earlier_rounds_score_as_it_was(world, returned):
    restate(returned, world, "10", "9")
    assert list(score_above_weight()) == []
    kept = returned.indicators.first().scores.get(source=ScoreSource.DEPARTMENT)
    assert (kept.points, kept.round) == (15, 1)


def test_a_weight_below_the_points_carried_over_is_refused_at_the_field(world, returned):
    with pytest.raises(InvalidInput) as refusal:
        restate(returned, world, "10", None)
    assert list(refusal.value.fields) == ["indicators-0-score"]
    assert returned.indicators.first().weight == 20


def test_once_the_unit_states_anew_the_departments_earlier_points_do_not_count(world, returned):
    restate(returned, world, "20", "18")
    rows = list(returned.indicators.prefetch_related("scores"))
    assert not any(latest_scores(rows, ScoreSource.DEPARTMENT).values())


def test_points_of_one_round_are_not_mixed_with_those_of_another(world, returned):
    bring(returned, Stage.DEPARTMENT_REVIEW, walk_self(world))
    first, second = returned.indicators.all()[:2]
    decision = do(Verb.APPROVE, returned, world.zhao, scores={second.pk: (Decimal("9"), "略低。")})
    # 98.24 as stated, one point less for the second indicator, the first as stated again.
    assert decision.total == Decimal("97.24")
    rows = list(returned.indicators.prefetch_related("scores"))
    assert latest_scores(rows, ScoreSource.DEPARTMENT)[first.pk] == []


def test_the_panels_points_still_count_when_the_draft_is_written_again(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.CONCLUSION)
    do(Verb.RETURN, evaluation, world.zhou, opinion="请补充。", to=Stage.DRAFT_CONCLUSION)
    rows = list(evaluation.indicators.prefetch_related("scores"))
    assert total_from(evaluation, rows, ScoreSource.EXPERT) == Decimal("90.00")


def test_an_indicator_that_a_reviewer_has_scored_is_not_removed(world, returned):
    first, second = returned.indicators.all()[:2]
    with pytest.raises(InvalidInput) as refusal:
        save(returned, world.lin, DossierChanges(indicators=[RowChange(pk=first.pk, remove=True)]))
    assert list(refusal.value.fields) == ["indicators-0-DELETE"]
    assert first.scores.filter(source=ScoreSource.DEPARTMENT).exists()
    save(returned, world.lin, DossierChanges(indicators=[RowChange(pk=second.pk, remove=True)]))
    assert not returned.indicators.filter(pk=second.pk).exists()


def back_at_finance(world, evaluation):
    """The straight way led past the department, after the unit stated the first indicator anew."""
    first = evaluation.indicators.first()
    do(Verb.APPROVE, evaluation, world.zhao, scores={first.pk: (Decimal("15"), "验收单只有二十六个。")})
    do(Verb.RETURN, evaluation, world.sun, opinion="请核对。", straight_back=True)
    restate(evaluation, world, "20", "18")
    do(Verb.SUBMIT, evaluation, world.lin)


def test_points_of_a_reviewer_whom_the_straight_way_passed_by_are_shown_with_their_round(
    world, self_evaluation
):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    back_at_finance(world, evaluation)
    sheet = DossierReading(world.sun, evaluation.pk).sheet
    column = sheet.columns[ScoreSource.DEPARTMENT]
    # 98.24 as it was stated then, with 15 in the place of 18.57.
    assert (column.round, column.counts, column.cells[0].points) == (1, False, Decimal("15"))
    assert column.total == Decimal("94.67")
    label = column_label(column, evaluation.round)
    assert label in {each["label"] for each in score_table(sheet, evaluation.round)["columns"]}
    assert "1" in label


def test_they_do_not_count_in_what_finance_accepts(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    back_at_finance(world, evaluation)
    do(Verb.ACCEPT, evaluation, world.sun)
    reading = DossierReading(world.sun, evaluation.pk)
    cells = {each["label"]: each for each in score_row(reading.sheet, reading.evaluation, reading.decisions)}
    assert cells[party_label(ScoreSource.FINANCE)]["value"] == evaluation.stated_total
