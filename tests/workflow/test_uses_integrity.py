"""check_integrity finds each corruption of what results are used for."""

from __future__ import annotations

import pytest

from approvals.models import ResultUse
from evaluations.models import Stage
from tests.workflow.test_integrity import only, seed
from workflow import uses
from workflow.integrity import faults

pytestmark = pytest.mark.corrupts


@pytest.fixture
def use(world, self_evaluation) -> ResultUse:
    """Of a dossier that was concluded with 96.5 points and no item: priority support."""
    return ResultUse.objects.get(evaluation=self_evaluation(Stage.CLOSED))


def test_a_use_that_was_changed_soundly_leaves_no_fault(world, use):
    uses.change_use(evaluation=use.evaluation, actor=world.zhou, use="keep", use_reason="财力有限。")
    assert faults() == []


def test_an_evaluation_in_rectification_has_its_use_without_a_fault(world, self_evaluation):
    self_evaluation(Stage.RECTIFICATION)
    assert faults() == []


def test_a_use_that_is_gone_is_found(use):
    seed(("DELETE FROM approvals_resultuse WHERE id = %s", use.pk))
    assert only(faults(), use.evaluation.number, "nothing says what its result is used for")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("use", "'keep'"),
        ("table_use", "'keep'"),
        ("percent", "20"),
        ("table_percent", "20"),
        ("rectification", "'closed'"),
        ("reason", "'forged words'"),
    ],
)
def test_a_use_that_was_rewritten_is_found(use, column, value):
    seed(
        ("ALTER TABLE approvals_resultuse DROP CONSTRAINT use_cut_with_percent",),
        ("ALTER TABLE approvals_resultuse DROP CONSTRAINT table_use_cut_with_percent",),
        ("ALTER TABLE approvals_resultuse DROP CONSTRAINT use_departs_with_reason",),
        (f"UPDATE approvals_resultuse SET {column} = {value} WHERE id = %s", use.pk),
    )
    assert only(faults(), use.evaluation.number, "differs from its audit event")


def test_a_use_whose_event_is_of_another_row_is_found(use):
    seed(("UPDATE approvals_resultuse SET id = id + 1000 WHERE id = %s", use.pk))
    assert only(faults(), use.evaluation.number, "differs from its audit event")


def test_a_use_that_rests_on_another_grade_is_found(use):
    seed(("UPDATE evaluations_evaluation SET concluded_grade = '良' WHERE id = %s", use.evaluation_id))
    assert only(faults(), use.evaluation.number, "rests on grade 优", "良")


def test_a_use_of_what_was_never_concluded_is_found(world, self_evaluation, use):
    other = self_evaluation(Stage.CONCLUSION, project=world.new_project())
    seed(
        (
            "INSERT INTO approvals_resultuse (use, table_use, grade, rectification, reason, decided_at,"
            " is_demonstration, decided_by_id, evaluation_id)"
            " SELECT use, table_use, grade, rectification, reason, decided_at, is_demonstration,"
            " decided_by_id, %s FROM approvals_resultuse WHERE id = %s",
            other.pk,
            use.pk,
        )
    )
    found = faults()
    assert len(found) == 2
    assert only([line for line in found if "never concluded" in line], other.number)
    assert only([line for line in found if "audit event" in line], other.number)
