"""Random people on random policies do random things to self-assessments."""

from __future__ import annotations

from approvals.models import Verb
from evaluations.models import Kind
from tests.workflow.office.machine import courses_of

# Verbs that took effect, and marks of what else happened: so often at the least.
LEAST: dict[str, int] = {
    Verb.SUBMIT: 12,
    Verb.APPROVE: 45,
    Verb.RETURN: 5,
    Verb.OBJECT: 6,
    Verb.SIGN: 4,
    Verb.CONCLUDE: 3,
    Verb.WITHDRAW: 1,
    Verb.RECEIVE: 2,
    Verb.VERIFY: 2,
    "asked for the straight way": 5,
    "came straight back": 2,
    "returned into the middle of a stage": 2,
    "waited for other voices": 20,
    "decided for somebody": 1,
    "transfer": 2,
    "claim": 2,
    "release": 1,
    "excuse": 1,
    "draw_recheck": 1,
    "question_finding": 2,
    "withdraw_question": 2,
    "comment": 2,
    "consult": 2,
    "raise_item": 6,
    "drop_item": 1,
    "a row of several passed": 3,
    "a row of several refused": 2,
    "closed by the people there": 4,
}


def test_whatever_people_do_the_records_agree_and_every_evaluation_can_be_closed(db):
    """After each verb without a fault; what is refused changes nothing."""
    played = courses_of(Kind.SELF, number=9, length=45)
    played.require(LEAST)
    assert played.tries > 500
