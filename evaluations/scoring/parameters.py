"""A scheme's parameters: what a scheme fixes, read strictly from its JSON document.

Levels' weights and caps are in points, rates and shares are parts of one (0.80 is
80 %), figures inside rules are in the indicator's own unit or in percent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from evaluations.scoring.bands import Cap, ExecutionBand, GradeBand, TierBand, coverage_faults, overlap_faults
from evaluations.scoring.exact import FULL_MARKS, ZERO, printed
from evaluations.scoring.figures import COST, EFFECTS, EXECUTION, LEVELS, SATISFACTION
from evaluations.scoring.judgement import MET, PARTLY, POOR
from evaluations.scoring.rules import Rule, parse_rule
from evaluations.strict_json import DocumentFaults, Fault, gettext_noop, read, write

ONE = Decimal(1)
TIERS = (MET, PARTLY, POOR)
DIMENSIONS = ("数量", "质量", "时效", COST, EFFECTS, SATISFACTION)


class SchemeFaults(DocumentFaults):
    """A scheme that cannot be used, with every fault."""


@dataclass(frozen=True)
class ExecutionParameters:
    """How the execution of the budget is scored.

    ``bands`` None: weight × rate, at most the weight (财预〔2020〕10号). With bands:
    full when completed within the budget, else by band (财预〔2021〕101号).
    """

    denominator: Literal["annual", "received", "initial"]
    bands: tuple[ExecutionBand, ...] | None = None


@dataclass(frozen=True)
class OverAchievementDeduction:
    """What an indicator loses when its target was passed by so much that it was set too low.

    ``by`` "points" takes ``amount`` points, "share" the part ``amount`` of the indicator's
    weight (0.10 is 10 %); never more than the indicator's points (财预〔2020〕10号:
    明显偏低造成的，适度调减分值).
    """

    by: Literal["points", "share"]
    amount: Decimal


@dataclass(frozen=True)
class SchemeParameters:
    """Everything that turns figures into points, a total and a grade.

    ``level_weights`` holds points by level 1 and for "execution", 100 in all;
    ``dimension_rules`` the rules for 数量, 满意度, … that differ from
    ``default_rule``; ``without_satisfaction`` the level that receives the points
    of an absent satisfaction level, None when they are left out. ``tolerance`` is
    in points; ``over_achievement_threshold`` a part of the target (1.30), from which
    ``over_achievement_deduction`` is taken, None for nothing. An execution rate below
    ``low_execution`` and a budget changed by ``budget_adjustment`` or more (parts of one)
    need a word of explanation. ``required_dimensions`` must each have an indicator; an absent
    one of ``optional_dimensions`` is noted only. ``level2`` names the level 2s below a level 1
    where the scheme fixes them.
    """

    code: str
    version: int
    name: str
    source: str
    level_weights: Mapping[str, Decimal]
    execution: ExecutionParameters
    over_achievement_threshold: Decimal
    tolerance: Decimal
    grades: tuple[GradeBand, ...]
    tiers: tuple[TierBand, ...]
    default_rule: Mapping[str, object]
    dimension_rules: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    caps: tuple[Cap, ...] = ()
    without_satisfaction: str | None = None
    low_execution: Decimal = Decimal("0.90")
    budget_adjustment: Decimal = Decimal("0.05")
    required_dimensions: tuple[str, ...] = DIMENSIONS
    optional_dimensions: tuple[str, ...] = ()
    over_achievement_deduction: OverAchievementDeduction | None = None
    level2: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, document: object) -> SchemeParameters:
        """Read and validate a scheme's document; raises SchemeFaults with every fault."""
        try:
            scheme = read(cls, document)
        except DocumentFaults as error:
            raise SchemeFaults(error.faults) from None
        if faults := list(_faults_of(scheme)):
            raise SchemeFaults(faults)
        return scheme

    def to_json(self) -> dict[str, object]:
        """The scheme's document, which ``from_json`` reads back to the same scheme."""
        document: dict[str, object] = write(self)
        return document

    @cached_property
    def rules(self) -> Mapping[str | None, Rule]:
        """The scheme's rules by dimension; under None the default rule."""
        rules: dict[str | None, Rule] = {None: parse_rule(self.default_rule)}
        for dimension, document in self.dimension_rules.items():
            rules[dimension] = parse_rule(document)
        return rules


def _faults_of(scheme: SchemeParameters) -> Iterator[Fault]:
    yield from _weight_faults(scheme)
    yield from coverage_faults("grades", scheme.grades, ZERO, FULL_MARKS)
    yield from coverage_faults("tiers", scheme.tiers, ZERO, ONE)
    yield from _repeated("grades", [band.grade for band in scheme.grades])
    yield from _repeated("tiers", [band.tier for band in scheme.tiers])
    if missing := [name for name in TIERS if name not in [band.tier for band in scheme.tiers]]:
        yield Fault("tiers", gettext_noop("“%(name)s” is missing"), {"name": ", ".join(missing)})
    yield from overlap_faults("caps", scheme.caps)
    yield from overlap_faults("execution.bands", scheme.execution.bands or ())
    yield from _limit_faults(scheme)
    yield from _rule_faults("default_rule", scheme.default_rule)
    for dimension, document in scheme.dimension_rules.items():
        yield from _rule_faults(f"dimension_rules.{dimension}", document)


def _weight_faults(scheme: SchemeParameters) -> Iterator[Fault]:
    weights = scheme.level_weights
    for level, weight in weights.items():
        if level not in (EXECUTION, *LEVELS):
            yield Fault(f"level_weights.{level}", gettext_noop("is no level of the form"))
        if not ZERO <= weight <= FULL_MARKS:
            yield Fault(f"level_weights.{level}", gettext_noop("must lie between 0 and 100"))
    if (found := sum(weights.values(), ZERO)) != FULL_MARKS:
        yield Fault(
            "level_weights", gettext_noop("add up to %(found)s, not to 100"), {"found": printed(found)}
        )
    receiver = scheme.without_satisfaction
    if receiver is not None and (receiver not in weights or receiver in (SATISFACTION, EXECUTION)):
        yield Fault("without_satisfaction", gettext_noop("must be another level of the scheme"))


def _limit_faults(scheme: SchemeParameters) -> Iterator[Fault]:
    if any(not ZERO <= cap.most <= FULL_MARKS for cap in scheme.caps):
        yield Fault("caps", gettext_noop("must lie between 0 and 100"))
    if any(not ZERO <= band.share <= ONE for band in scheme.execution.bands or ()):
        yield Fault("execution.bands", gettext_noop("a share must lie between 0 and 1"))
    if scheme.over_achievement_threshold <= ONE:
        yield Fault("over_achievement_threshold", gettext_noop("must be more than 1"))
    if scheme.over_achievement_deduction is not None:
        yield from _deduction_faults(scheme.over_achievement_deduction)
    for name in ("low_execution", "budget_adjustment"):
        if not ZERO <= getattr(scheme, name) <= ONE:
            yield Fault(name, gettext_noop("must lie between 0 and 1"))
    yield from _dimension_faults(scheme)
    if scheme.tolerance < ZERO:
        yield Fault("tolerance", gettext_noop("cannot be negative"))


def _deduction_faults(deduction: OverAchievementDeduction) -> Iterator[Fault]:
    most = ONE if deduction.by == "share" else FULL_MARKS
    if not ZERO < deduction.amount <= most:
        words = gettext_noop("must be more than 0 and at most %(most)s")
        yield Fault("over_achievement_deduction.amount", words, {"most": printed(most)})


def _dimension_faults(scheme: SchemeParameters) -> Iterator[Fault]:
    if unknown := [
        name for name in (*scheme.required_dimensions, *scheme.optional_dimensions) if name not in DIMENSIONS
    ]:
        yield Fault(
            "required_dimensions",
            gettext_noop("“%(name)s” is no dimension: %(choices)s"),
            {"name": ", ".join(unknown), "choices": ", ".join(DIMENSIONS)},
        )
    for level in scheme.level2:
        if level not in LEVELS:
            yield Fault(f"level2.{level}", gettext_noop("is no level of the form"))


def _repeated(path: str, names: list[str]) -> Iterator[Fault]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(path, gettext_noop("“%(name)s” stands more than once"), {"name": name})


def _rule_faults(path: str, document: Mapping[str, object]) -> tuple[Fault, ...]:
    try:
        parse_rule(document, path)
    except DocumentFaults as error:
        return error.faults
    return ()
