"""Random people on random policies do random things to a department's evaluations."""

from __future__ import annotations

import os

from approvals.models import Verb
from evaluations.models import Kind
from tests.workflow.office.machine import courses_of

LEAST: dict[str, int] = {Verb.RETURN: 1}
"""Verbs that took effect, and marks of what happened: about half of what these courses come to."""


def test_whatever_people_do_the_records_agree_and_every_evaluation_can_be_closed(db):
    played = courses_of(Kind.DEPARTMENT, number=int(os.environ.get("COURSES", 8)), length=45)
    if os.environ.get("SHOW"):
        played.show()
    played.require(LEAST)
    assert played.tries > 500
