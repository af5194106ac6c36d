"""After the conclusion random people try every verb of rectification, in any order."""

from __future__ import annotations

from approvals.models import Verb
from tests.workflow.office.after import courses_after_conclusion

# Verbs that took effect, and marks of what else happened: so often at the least.
LEAST: dict[str, int] = {
    Verb.RECEIVE: 20,
    Verb.PLAN: 25,
    Verb.ACCEPT_PLAN: 16,
    Verb.SEND_BACK: 5,
    Verb.DISPUTE: 3,
    Verb.ANSWER_DISPUTE: 3,
    Verb.REPORT: 20,
    Verb.VERIFY: 20,
    Verb.REOPEN: 2,
    Verb.CANCEL: 2,
    "a part was settled": 2,
    "an item was closed from department_verification": 8,
    "an item was closed from finance_verification": 2,
    "sent back from plan_review": 3,
    "sent back from department_verification": 1,
    "sample_item": 2,
    "ask_extension": 8,
    "answer_extension": 3,
    "note_progress": 2,
    "raise_item": 6,
    "prepare_notice": 1,
    "issue_notice": 3,
    "remind_of_items": 5,
    "delegate": 8,
    "revoke_delegation": 1,
    "decided for somebody": 18,
    "transfer": 4,
    "claim": 4,
    "release": 2,
}


def test_no_item_is_closed_without_its_proofs_and_an_evaluation_exactly_with_its_items(db):
    """Told after each verb from the append-only records alone; what is refused changes nothing."""
    played = courses_after_conclusion(number=9, length=55)
    played.require(LEAST)
    assert played.tries > 550
