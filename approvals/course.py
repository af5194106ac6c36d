"""Where an evaluation goes next: the policy's conditions, samples, and the straight way back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from approvals.findings_on_record import HANDED_IN
from approvals.models import Decision, RecordedFinding
from approvals.procedure import Position, Step, order_of, step_of, steps_of
from evaluations.actions import grade_for
from evaluations.checks import ERROR
from evaluations.models import Appointment, Budget, Evaluation, Stage
from evaluations.policies.grammar import AGENCY_PARTS
from evaluations.policies.parts import Condition

FINEST = 10_000  # a sample is drawn in steps of a hundredth of a percent


class Facts:
    """What conditions ask of an evaluation; each is read once, and only when asked for."""

    def __init__(self, evaluation: Evaluation, *, has_error: bool | None = None) -> None:
        """``has_error``: whether what is being handed in at this moment has an error, where anything is."""
        self.evaluation = evaluation
        self.has_error = has_error

    @cached_property
    def annual_budget(self) -> Decimal | None:
        """The annual budget in 万元; None while it is not entered."""
        return Budget.objects.filter(evaluation=self.evaluation).values_list("annual", flat=True).first()

    @cached_property
    def grade(self) -> str:
        """The grade that was concluded, drafted or stated, the latest of these; "" without one."""
        evaluation = self.evaluation
        # Before the conclusion's stage a conclusion is one that was returned.
        concluded = evaluation.concluded_grade if evaluation.stage == Stage.CONCLUSION else ""
        named = concluded or evaluation.draft_grade or evaluation.stated_grade
        if named or evaluation.stated_total is None:
            return named
        return grade_for(evaluation, evaluation.stated_total)

    @cached_property
    def has_error_finding(self) -> bool:
        """Whether what was handed in last has a finding of severity error."""
        if self.has_error is not None:
            return self.has_error
        last = Decision.objects.filter(evaluation=self.evaluation, item=None, verb__in=HANDED_IN)
        return RecordedFinding.objects.filter(
            decision=last.order_by("-pk").values("pk")[:1], severity=ERROR
        ).exists()

    @cached_property
    def has_agency(self) -> bool:
        """Whether an agency carries the evaluation out."""
        return appointments_of(self.evaluation).filter(part__in=AGENCY_PARTS).exists()


def appointments_of(evaluation: Evaluation) -> QuerySet[Appointment]:
    """Who is appointed to the evaluation now."""
    return Appointment.objects.filter(evaluation=evaluation, ended_at=None)


def appointed_to(evaluation: Evaluation, part: str) -> int | None:
    """The id of the person who has a part in the evaluation; None while nobody has."""
    return appointments_of(evaluation).filter(part=part).values_list("person_id", flat=True).first()


def lot_of(evaluation: Evaluation, stage: str, number: int) -> Decimal:
    """The evaluation's lot for a step, in percent: from 0 to below 100, the same whenever it is asked."""
    text = f"{evaluation.sample_seed}:{evaluation.number}:{stage}:{number}"
    drawn = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % FINEST
    return Decimal(drawn) / (FINEST // 100)


@dataclass(frozen=True)
class Ground:
    """One part of a condition, with what was found of it and what it is held against.

    ``found`` is None where nothing is known of it yet: then it is not met.
    """

    part: str
    is_met: bool
    found: Decimal | str | bool | None
    asked: Decimal | str | bool


def applies(step: Step, evaluation: Evaluation, facts: Facts) -> bool:
    """Whether the evaluation has to pass this step."""
    assert step.policy is not None
    condition: Condition = step.policy.condition
    # What was drawn is re-checked, whatever the policy's conditions say.
    if condition.is_empty or (step.policy.work == "file" and evaluation.drawn_at is not None):
        return True
    found = [ground.is_met for ground in grounds_of(condition, step, evaluation, facts)]
    return all(found) if condition.match == "all" else any(found)


def grounds_of(condition: Condition, step: Step, evaluation: Evaluation, facts: Facts) -> Iterator[Ground]:
    """For each part that the condition names: whether it is met, and by what."""
    if (limit := condition.budget_over) is not None:
        annual = facts.annual_budget
        yield Ground("budget_over", annual is not None and annual > limit, annual, limit)
    if grades := condition.grades:
        yield Ground("grades", facts.grade in grades, facts.grade, "".join(grades))
    if (finding := condition.error_finding) is not None:
        yield Ground("error_finding", facts.has_error_finding == finding, facts.has_error_finding, finding)
    if (agency := condition.agency) is not None:
        yield Ground("agency", facts.has_agency == agency, facts.has_agency, agency)
    if (percent := condition.sample_percent) is not None:
        lot = lot_of(evaluation, step.stage, step.number)
        yield Ground("sample_percent", lot < percent, lot, percent)


@dataclass(frozen=True)
class Onward:
    """Where a passed step leads to; no position when the procedure is at its end.

    ``person_id`` is whoever returned it and gets it straight back; ``skipped`` are the
    steps whose condition was not met.
    """

    position: Position | None
    person_id: int | None = None
    detours: tuple[dict[str, Any], ...] = ()
    skipped: tuple[str, ...] = ()


def onward(evaluation: Evaluation, *, has_error: bool | None = None) -> Onward:
    """Where the evaluation goes when its present step is passed.

    ``has_error``: whether what is handed in with it has a finding of severity error.
    """
    if evaluation.detours:
        *rest, last = evaluation.detours
        step = step_of(evaluation, last["stage"], last["step"])
        if step is not None:
            return Onward(step.position, last.get("person"), tuple(rest))
    facts = Facts(evaluation, has_error=has_error)
    skipped: list[str] = []
    for step in steps_ahead(evaluation):
        if applies(step, evaluation, facts):
            return Onward(step.position, skipped=tuple(skipped))
        skipped.append(f"{step.stage}:{step.number}")
    return Onward(None, skipped=tuple(skipped))


def rank(evaluation: Evaluation, position: Position) -> tuple[int, int]:
    """A position in the order of the procedure; rectification and the end come after all of it."""
    order, (stage, number) = order_of(evaluation.kind), position
    return order.index(stage) if stage in order else len(order), number


def steps_ahead(evaluation: Evaluation) -> list[Step]:
    """The steps after the present one."""
    here = rank(evaluation, (evaluation.stage, evaluation.step))
    return [step for step in steps_of(evaluation) if rank(evaluation, step.position) > here]


def completed(evaluation: Evaluation) -> list[Step]:
    """The steps before the present one that somebody passed, in order: where a return may lead."""
    here = rank(evaluation, (evaluation.stage, evaluation.step))
    decided = set(
        Decision.objects.filter(evaluation=evaluation, item=None)
        .exclude(stage="")
        .values_list("stage", "step")
        .distinct()
    )
    before = [step for step in steps_of(evaluation) if rank(evaluation, step.position) < here]
    return [step for step in before if step.position in decided]
