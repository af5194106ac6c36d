"""Thousands of random steps: whatever people do, the records agree and the evaluation can be closed."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from evaluations.models import Kind
from tests.workflow.office.machine import Course
from tests.workflow.office.people import staffed_office

EXAMPLES, STEPS = 25, 40


@pytest.mark.parametrize("kind", [Kind.SELF, Kind.DEPARTMENT, Kind.FINANCE])
def test_whatever_people_do_the_records_agree_and_the_end_can_be_reached(db, kind):
    """25 policies with up to 40 steps each, and the way to the end behind them."""

    class CourseOfKind(Course):
        office = staffed_office()
        counted: dict[str, int] = {}

    CourseOfKind.kind = kind
    run_state_machine_as_test(
        CourseOfKind, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS)
    )
    # The machine went somewhere: it was not refused everywhere.
    assert CourseOfKind.counted["refused"] > 50
    assert sum(CourseOfKind.counted.values()) - CourseOfKind.counted["refused"] > 100
