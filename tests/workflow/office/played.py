"""What courses came to: how often each verb took effect, was refused, and what else happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from approvals.models import Decision, ItemStage, ReturnPointer, Verb
from evaluations.models import Evaluation


@dataclass
class Played:
    """What all courses of one kind came to: tries that took effect and that were refused, and other marks."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)

    @property
    def tries(self) -> int:
        return self.done.total() + self.refused.total()

    def require(self, least: Mapping[str, int]) -> None:
        """Fails for each verb that took effect, and each mark that was seen, less often than this."""
        found = self.done + self.seen
        rare = {str(name): (found[name], number) for name, number in least.items() if found[name] < number}
        assert not rare, f"played too rarely to say anything (found, least): {rare}"


def marks_of(done: Any, evaluation: Evaluation) -> Iterator[str]:
    """What is worth counting of a decision besides its verb."""
    if isinstance(done, list):  # several receipts, signed at once
        for each in done:
            yield from marks_of(each, evaluation)
    if not isinstance(done, Decision):
        return
    if done.on_behalf_of_id:
        yield "decided for somebody"
    yield from marks_of_item(done) if done.item_id else marks_of_dossier(done, evaluation)


def marks_of_item(done: Decision) -> Iterator[str]:
    """What a decision on an item came to."""
    if done.verb == Verb.VERIFY and done.next_stage == ItemStage.CARRYING_OUT:
        yield "a part was settled"
    if done.verb == Verb.VERIFY and done.next_stage == ItemStage.CLOSED:
        yield f"an item was closed from {done.stage}"
    if done.verb == Verb.SEND_BACK:
        yield f"sent back from {done.stage}"


def marks_of_dossier(done: Decision, evaluation: Evaluation) -> Iterator[str]:
    """How a decision on the evaluation itself was made, and where it led."""
    if done.next_person_id and done.verb != Verb.WITHDRAW:
        yield "came straight back"
    if ReturnPointer.objects.filter(decision=done).exists():
        yield "pointed at something"
    if done.straight_back:
        yield "asked for the straight way"
    if done.verb in (Verb.RETURN, Verb.OBJECT) and done.moves and done.next_step:
        yield "returned into the middle of a stage"
    if done.considerations.exists():
        yield "weighed an objection"
    if done.verb == Verb.CONCLUDE and hasattr(evaluation, "result_use") and evaluation.result_use.reason:
        yield "departed from the table"
    if done.on_behalf_of_id is None and done.moves is False:
        yield "waited for other voices"
