"""What was sent back, why, pointing at what, and which of it is still to be answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from approvals.models import Decision, ReturnPointer, Verb
from approvals.procedure import Position
from evaluations.models import Evaluation


@dataclass(frozen=True)
class SentBack:
    """A return: the decision that opened a new round, with everybody's reason for it.

    ``reasons`` is the decision itself, or the votes against it where several were asked.
    """

    decision: Decision
    reasons: tuple[Decision, ...]

    @property
    def position(self) -> Position:
        """Where it went."""
        return self.decision.next_stage, self.decision.next_step

    @property
    def pointers(self) -> list[ReturnPointer]:
        """What the reasons point at; it reads the prefetched ``pointers``."""
        return [pointer for reason in self.reasons for pointer in reason.pointers.all()]


def own_of(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions on the evaluation itself, the earliest first."""
    return [decision for decision in decisions if decision.item_id is None]


def returns_of(decisions: Iterable[Decision], round: int) -> list[SentBack]:
    """Every return of an evaluation that stands in ``round``, the earliest first.

    A decision after which a new round began, whatever its verb: the last of several votes may
    be for it, and still send it back. Taking one's own decision back returns nothing.
    """
    own = own_of(decisions)
    rounds = [*(decision.round for decision in own[1:]), round]
    return [
        SentBack(decision, reasons_for(decision, own))
        for decision, after in zip(own, rounds, strict=False)
        if after > decision.round and decision.verb != Verb.WITHDRAW
    ]


def reasons_for(decision: Decision, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decision, or all votes against at its step in its round."""
    if decision.verb == Verb.RETURN:
        return (decision,)
    place = (decision.stage, decision.step, decision.round)
    against = [
        found
        for found in decisions
        if found.verb == Verb.OBJECT and (found.stage, found.step, found.round) == place
    ]
    return tuple(against) or (decision,)


def to_be_answered(decisions: Iterable[Decision], round: int, position: Position) -> SentBack | None:
    """The return that the step at ``position`` has still to answer; None when there is none.

    It is answered when the step is passed, and open again when that is taken back.
    """
    decisions = own_of(decisions)
    returns = {sent.decision.pk: sent for sent in returns_of(decisions, round)}
    standing: SentBack | None = None
    answered: SentBack | None = None
    for decision in decisions:
        comes_here = (decision.next_stage, decision.next_step) == position
        if decision.pk in returns:
            if comes_here:
                standing = returns[decision.pk]
        elif decision.verb == Verb.WITHDRAW:
            standing = answered if comes_here else standing
        elif (decision.stage, decision.step) == position and decision.moves:
            standing, answered = None, standing
    return standing


def goes_back_to(evaluation: Evaluation) -> dict[str, Any] | None:
    """Where the straight way leads after the present step; None when the steps follow each other."""
    return evaluation.detours[-1] if evaluation.detours else None
