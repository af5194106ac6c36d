"""A review policy's content: which steps each stage has, in order, and who is asked at each.

The stages of a kind and their order are the law's; what a step may do at a stage
is fixed in ``evaluations.policies.grammar``. Everything else is the bureau's to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from evaluations.policies.consequences import DEFAULT_TABLE, ConsequenceTable
from evaluations.policies.grammar import below, faults_of_stages
from evaluations.policies.parts import OMIT, PolicyStage, PolicyStep
from evaluations.policies.terms import DEFAULT_TERMS, RectificationTerms
from evaluations.strict_json import DocumentFaults, Fault, gettext_noop, read, write

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class PolicyContent:
    """Everything that a review policy fixes.

    ``panel_rule`` says how experts' points become one; ``recheck_threshold`` (points
    out of 100) is the difference above which a re-check becomes a finding; ``consequences``
    names the use of a result by grade and state of rectification; ``rectification`` sets the
    terms of its items.
    """

    code: str
    name: str
    kind: Literal["self", "department", "finance"]
    stages: tuple[PolicyStage, ...]
    version: int = 1
    stops_at_department: bool = False
    panel_rule: Literal["mean", "trimmed_mean"] = "mean"
    recheck_threshold: Decimal = Decimal(5)
    consequences: ConsequenceTable = DEFAULT_TABLE
    rectification: RectificationTerms = DEFAULT_TERMS
    note: str = field(default="", metadata=OMIT)

    @classmethod
    def from_json(cls, document: object) -> PolicyContent:
        """Read and validate; raises DocumentFaults with every fault."""
        content: PolicyContent = read(cls, document)
        if faults := list(_faults_of(content)):
            raise DocumentFaults(faults)
        return content

    @classmethod
    def from_published(cls, document: object) -> PolicyContent:
        """Read what was published: it holds, whatever has been asked of new policies since."""
        content: PolicyContent = read(cls, document)
        return content

    def to_json(self) -> dict[str, object]:
        """The document, which ``from_json`` reads back to the same content."""
        document: dict[str, object] = write(self)
        return document

    def steps_at(self, stage: str) -> tuple[PolicyStep, ...]:
        """The steps of a stage; none for a stage that the policy leaves out."""
        return next((each.steps for each in self.stages if each.stage == stage), ())

    def step(self, stage: str, number: int) -> PolicyStep | None:
        """The step at a position; None where there is none."""
        steps = self.steps_at(stage)
        return steps[number] if number < len(steps) else None

    def positions(self) -> Iterator[tuple[str, int, PolicyStep]]:
        """Every step with its place: stage, number within the stage."""
        for each in self.stages:
            for number, step in enumerate(each.steps):
                yield each.stage, number, step


def _faults_of(content: PolicyContent) -> Iterator[Fault]:
    if content.stops_at_department and content.kind != "self":
        yield Fault("stops_at_department", gettext_noop("only a self-assessment can stop at the department"))
    elif content.stops_at_department and not any(step.work == "file" for *_at, step in content.positions()):
        words = gettext_noop("finance has to have the step at which it re-checks what it draws")
        yield Fault("stops_at_department", words)
    if not 0 <= content.recheck_threshold <= HUNDRED:
        yield Fault("recheck_threshold", gettext_noop("must be between 0 and 100 points"))
    yield from faults_of_stages(content.kind, content.stages)
    yield from below("consequences", content.consequences.faults())
    yield from below("rectification", content.rectification.faults())
