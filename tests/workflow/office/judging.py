"""Which items and evaluations should be closed, told from what is append-only, apart from the product.

The events of an evaluation's chain, its decisions, settlements and progress are read here and replayed
by a table of this test's own. Nothing of the code under test is called, and no column that it keeps up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from approvals.models import Decision, RectificationItem, Settlement
from audit_log.models import AuditEvent
from evaluations.models import Evaluation
from tests.workflow.office.standing import had_the_right
from tests.workflow.office.taking_part import hands_in

MOVES = {
    ("receive", "issued"): "planning",
    ("plan", "planning"): "plan_review",
    ("accept_plan", "plan_review"): "carrying_out",
    ("send_back", "plan_review"): "planning",
    ("dispute", "planning"): "objection",
    ("answer_dispute", "objection"): "planning",
    ("report", "carrying_out"): "department_verification",
    ("send_back", "department_verification"): "carrying_out",
    ("send_back", "finance_verification"): "carrying_out",
    ("reopen", "closed"): "planning",
}
RUNNING = frozenset({stage for _verb, stage in MOVES} - {"closed"})
ENDED = ("closed", "cancelled")


@dataclass
class Life:
    """One item as its records tell it."""

    by_finance: bool
    amount: Decimal | None
    stage: str = "draft"
    sampled: bool = False
    settled: Decimal = Decimal(0)
    proofs: list[Decision] = field(default_factory=list)
    """The verifications since the last report, the closing one among them."""

    @property
    def needed(self) -> tuple[str, ...]:
        """The verifications that the item's origin requires, in order."""
        at_department = ("department_verification",)
        both = self.by_finance or self.sampled
        return (*at_department, "finance_verification") if both else at_department

    def goes_on(self, decision: Decision, proved: Decimal | None) -> None:
        """Replay one decision. Fails for one that the life of items does not know here."""
        verb = str(decision.verb)
        assert decision.stage == self.stage, f"{verb} at {decision.stage}: the item was at {self.stage}"
        if verb == "verify":
            self.is_verified(decision, proved)
        elif verb == "cancel":
            assert self.stage in RUNNING, f"ended at {self.stage}"
            self.stage = "cancelled"
        else:
            self.stage = MOVES[verb, self.stage]
        if verb in ("report", "reopen"):
            self.proofs = []
        if verb == "reopen":
            self.settled, self.sampled = Decimal(0), True

    def is_verified(self, decision: Decision, proved: Decimal | None) -> None:
        """On to the next verification that is required; else closed, or back when something is owed."""
        self.proofs.append(decision)
        given = [proof.stage for proof in self.proofs]
        left = [stage for stage in self.needed if stage not in given]
        if left:
            self.stage = left[0]
            return
        self.settled += proved or Decimal(0)
        self.stage = "closed" if self.settled == (self.amount or 0) else "carrying_out"


class Judge:
    """What the records of some evaluations come to."""

    def __init__(self, origins: dict[int, bool]) -> None:
        self.origins = origins
        """By item, whether finance raised it: noted by the test when it was raised."""

    def faults(self, evaluations: Iterable[Evaluation]) -> Iterator[str]:
        """One line for each item or evaluation that is, or is not, closed against its records."""
        for evaluation in evaluations:
            lives = self.replay(evaluation)
            items = {item.pk: item for item in RectificationItem.objects.filter(evaluation=evaluation)}
            if items.keys() != lives.keys():
                yield f"items {sorted(items)}, but the events tell of {sorted(lives)}"
                continue
            for pk, life in lives.items():
                if items[pk].stage != life.stage:
                    yield f"item {items[pk]} is at {items[pk].stage}, its decisions lead to {life.stage}"
                if life.stage == "closed":
                    yield from faults_of_closing(items[pk], life)
            is_done = all(life.stage in ENDED for life in lives.values())
            if (evaluation.stage == "closed") != (is_done and is_concluded(evaluation)):
                stages = [life.stage for life in lives.values()]
                yield f"evaluation {evaluation} is at {evaluation.stage}, its items at {stages}"

    def replay(self, evaluation: Evaluation) -> dict[int, Life]:
        """The lives of its items, by id, in the order of the events of its chain."""
        decisions = {each.pk: each for each in Decision.objects.filter(evaluation=evaluation)}
        settled = dict(
            Settlement.objects.filter(decision__evaluation=evaluation).values_list("decision", "amount")
        )
        lives: dict[int, Life] = {}
        chain = AuditEvent.objects.filter(chain=f"evaluation:{evaluation.pk}").order_by("sequence")
        for verb, kind, pk in chain.values_list("verb", "object_type", "object_id"):
            decision = decisions.get(pk) if kind == "decision" else None
            if decision is not None and decision.item_id:
                lives[decision.item_id].goes_on(decision, settled.get(decision.pk))
            elif kind == "rectificationitem":
                self.notes(lives, verb, pk)
        return lives

    def notes(self, lives: dict[int, Life], verb: str, pk: int) -> None:
        """An event of an item that is no decision."""
        if verb == "raise_item":
            amount = RectificationItem.history.filter(id=pk, history_type="+").get().amount
            lives[pk] = Life(self.origins[pk], amount)
        elif verb == "drop_item":
            assert lives.pop(pk).stage == "draft"
        elif verb == "assign_item":
            assert lives[pk].stage == "draft"
            lives[pk].stage = "issued"
        elif verb == "sample_item":
            lives[pk].sampled = True


def is_concluded(evaluation: Evaluation) -> bool:
    """Whether the last decision on the evaluation itself ended its procedure."""
    last = evaluation.decisions.filter(item=None).order_by("-pk").first()
    return last is not None and last.next_stage in ("rectification", "closed")


def faults_of_closing(item: RectificationItem, life: Life) -> Iterator[str]:
    """A closed item has every verification that its origin requires, each by somebody who may."""
    given = [proof.stage for proof in life.proofs]
    if sorted(given) != sorted(life.needed):
        yield f"item {item} is closed with {given}, but needs {life.needed}"
    earlier: set[int] = set()
    for proof in life.proofs:
        people = {pk for pk in (proof.actor_id, proof.on_behalf_of_id) if pk}
        if both := people & hands_in(item, proof):
            yield f"item {item}: {both} verified at {proof.stage} what they had carried out"
        if both := people & earlier:
            yield f"item {item}: {both} verified twice"
        if not had_the_right(proof):
            yield f"item {item}: nobody of {people} had the right to verify at {proof.stage}"
        earlier |= people
