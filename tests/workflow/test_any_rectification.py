"""Random steps once items are put right: none is closed without its proof, whatever else is done."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from evaluations.models import Kind
from tests.workflow.office.people import staffed_office
from tests.workflow.office.rectification import USUALLY, Rectifying

EXAMPLES, STEPS = 12, 40


@pytest.mark.parametrize("kind", [Kind.SELF, Kind.FINANCE])
def test_whatever_people_do_no_item_is_closed_unproved_and_the_evaluation_closes_with_the_last(db, kind):
    """12 policies with up to 40 steps each from the rectification on; after each the records agree."""

    class RectifyingOfKind(Rectifying):
        office = staffed_office()
        counted: dict[str, int] = {}

    RectifyingOfKind.kind = kind
    run_state_machine_as_test(
        RectifyingOfKind, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS)
    )
    counted = RectifyingOfKind.counted
    assert counted["refused"] > 50
    # The machine went somewhere: to the reports, and to what is done beside the steps.
    assert counted.get("report")
    assert USUALLY.keys() & counted.keys(), counted
