"""Random people on random policies do random things to a department's evaluations."""

from __future__ import annotations

from approvals.models import Verb
from evaluations.models import Kind
from tests.workflow.office.machine import courses_of

# Verbs that took effect, and marks of what else happened: so often at the least.
LEAST: dict[str, int] = {
    Verb.SUPPLY: 10,
    Verb.SCORE: 25,
    Verb.DRAFT: 10,
    Verb.ANSWER: 8,
    Verb.CONSIDER: 7,
    Verb.SIGN: 4,
    Verb.CONCLUDE: 5,
    Verb.RETURN: 8,
    Verb.WITHDRAW: 2,
    Verb.VERIFY: 1,
    "weighed an objection": 5,
    "asked for the straight way": 1,
    "came straight back": 1,
    "waited for other voices": 12,
    "decided for somebody": 2,
    "transfer": 2,
    "claim": 4,
    "release": 1,
    "excuse": 1,
    "recuse": 2,
    "replace_expert": 1,
    "draw_experts": 1,
    "appoint": 8,
    "end_appointment": 1,
    "comment": 1,
    "consult": 3,
    "a row of several passed": 1,
    "closed by the people there": 4,
}


def test_whatever_people_do_the_records_agree_and_every_evaluation_can_be_closed(db):
    """After each verb without a fault; what is refused changes nothing."""
    played = courses_of(Kind.DEPARTMENT, number=9, length=45)
    played.require(LEAST)
    assert played.tries > 500
