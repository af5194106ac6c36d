"""Thousands of random steps: whatever people do, the records agree and the evaluation can be closed."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from evaluations.models import Kind
from tests.workflow.office.machine import Course
from tests.workflow.office.people import staffed_office
from tests.workflow.office.watching import Played

EXAMPLES, STEPS = int(os.environ.get("EXAMPLES", 16)), 50


@pytest.mark.parametrize("kind", [Kind.SELF, Kind.DEPARTMENT, Kind.FINANCE])
def test_whatever_people_do_the_records_agree_and_the_end_can_be_reached(db, kind):
    class CourseOfKind(Course):
        office = staffed_office()
        played = Played()

    CourseOfKind.kind = kind
    try:
        run_state_machine_as_test(
            CourseOfKind,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],
                report_multiple_bugs=False,
            ),
        )
    finally:
        played = CourseOfKind.played
        print(played.tries, played.done.most_common(), played.refused.most_common(), played.seen.most_common(), played.why.most_common(25), sep="\n")
