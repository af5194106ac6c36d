"""check_integrity finds each corruption of what returns point at."""

from __future__ import annotations

import pytest

from approvals.actions.pointing import Pointer
from approvals.models import Verb
from evaluations.models import Stage
from tests.cast import do
from tests.workflow.test_integrity import only, seed
from workflow.integrity import faults

pytestmark = pytest.mark.corrupts


@pytest.fixture
def returned(world, self_evaluation):
    """Finance returned it, pointing at an indicator and at a file."""
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    pointers = [
        Pointer("indicator", evaluation.indicators.first().pk, "偏高。"),
        Pointer("file", evaluation.evidence.first().pk),
    ]
    do(Verb.RETURN, evaluation, world.sun, opinion="请核对。", pointers=pointers)
    return evaluation


def test_a_sound_return_has_no_faults(returned):
    assert faults() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE approvals_returnpointer SET words = '伪造' WHERE place = %s",
        "UPDATE approvals_returnpointer SET name = '伪造' WHERE place = %s",
        "DELETE FROM approvals_returnpointer WHERE place = %s",
    ],
)
def test_a_pointer_that_was_rewritten_is_found(returned, sql):
    seed((sql, 1))
    assert only(faults(), returned.number, "points at differs from its audit event")


def test_a_pointer_of_another_verb_is_found(world, returned):
    do(Verb.SUBMIT, returned, world.lin)
    submitted = returned.decisions.get(verb=Verb.SUBMIT, round=2)
    seed(
        (
            "INSERT INTO approvals_returnpointer (decision_id, place, kind, evidence_id, name, words)"
            " VALUES (%s, 1, 'file', %s, 'x', '')",
            submitted.pk,
            returned.evidence.first().pk,
        )
    )
    assert only(faults(), returned.number, submitted.pk, "points at differs")


def test_a_pointer_into_another_dossier_is_found(world, self_evaluation, returned):
    other = self_evaluation(Stage.UNIT_APPROVAL)
    seed(
        ("UPDATE approvals_returnpointer SET evidence_id = %s WHERE place = 2", other.evidence.first().pk),
    )
    found = faults()
    assert [line for line in found if "names the file of another evaluation" in line]
