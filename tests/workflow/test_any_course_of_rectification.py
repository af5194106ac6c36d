"""After the conclusion random people try every verb of rectification, in any order."""

from __future__ import annotations

import os

from approvals.models import Verb
from tests.workflow.office.after import courses_after_conclusion

LEAST: dict[str, int] = {Verb.RECEIVE: 1}


def test_no_item_is_closed_without_its_proofs_and_an_evaluation_exactly_with_its_items(db):
    played = courses_after_conclusion(number=int(os.environ.get("COURSES", 8)), length=55)
    if os.environ.get("SHOW"):
        played.show()
    played.require(LEAST)
