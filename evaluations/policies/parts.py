"""The parts of a review policy: conditions, steps, stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Work = Literal["fill", "supply", "review", "file", "score", "draft", "answer", "consider", "sign", "conclude"]
Who = Literal["any", "all", "n_of_m", "sequence"]
Place = Literal["unit", "department", "bureau", "evaluator"]
OnTimeout = Literal["remind", "escalate"]

OMIT = {"omit_empty": True}


@dataclass(frozen=True)
class Condition:
    """When a step is passed through at all; what is not named asks for nothing.

    ``budget_over`` is the annual budget in 万元 that must be exceeded; ``grades`` are
    those that let the step apply; ``sample_percent`` is the share of evaluations drawn
    at random (抽查). With several, ``match`` says whether all must hold or any is enough.
    """

    budget_over: Decimal | None = field(default=None, metadata=OMIT)
    grades: tuple[str, ...] = field(default=(), metadata=OMIT)
    error_finding: bool | None = field(default=None, metadata=OMIT)
    sample_percent: Decimal | None = field(default=None, metadata=OMIT)
    agency: bool | None = field(default=None, metadata=OMIT)
    match: Literal["all", "any"] = "all"

    @property
    def is_empty(self) -> bool:
        """Whether the step applies to every evaluation."""
        named = (self.budget_over, self.error_finding, self.sample_percent, self.agency)
        return not self.grades and all(part is None for part in named)


ALWAYS = Condition()


@dataclass(frozen=True)
class PolicyStep:
    """One step of a stage.

    ``asked`` is the code of a role or of a right, held at ``held_at``; empty for
    whoever has a seat. ``needed`` is the N of "N of M". With a ``veto`` one vote
    against returns the dossier at once; without it everybody is heard first.
    ``days`` are calendar days, the campaign's when None.
    """

    work: Work
    asked: str
    held_at: Place
    who: Who = "any"
    needed: int | None = field(default=None, metadata=OMIT)
    veto: bool = False
    may_adjust: bool = False
    condition: Condition = ALWAYS
    days: int | None = field(default=None, metadata=OMIT)
    on_timeout: OnTimeout = "remind"
    escalate_to: str = ""

    @property
    def is_joint(self) -> bool:
        """Whether several people are asked, each with a vote of their own."""
        return self.who != "any" or self.work in ("score", "answer")


@dataclass(frozen=True)
class PolicyStage:
    """The steps of one stage, in order."""

    stage: str
    steps: tuple[PolicyStep, ...]
