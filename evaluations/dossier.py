"""dossier/1: one evaluation as a document, read strictly and written without loss.

Figures are texts in JSON and decimals here. A key that is not below is an error
that names it; a key with a default may be left out. Amounts are in the dossier's
``currency_unit``, weights and scores in points, dates as 2020-12-31.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from evaluations.scoring import BudgetFigures, IndicatorFigures, parse_rule
from evaluations.strict_json import MOST_FAULTS, DocumentFaults, Fault, gettext_noop, read, write

FORMAT = "dossier/1"
# What a message repeats of a key that somebody made long.
LONGEST_KEY = 40


class DossierFaults(DocumentFaults):
    """A document that is no dossier: ``faults`` has every one with its path."""


@dataclass(frozen=True)
class ProjectFacts:
    """Whose project it is, and of which year."""

    unit: str
    name: str
    fiscal_year: int
    department: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class EvaluationFacts:
    """Which kind of evaluation it is; ``scheme`` is a scheme's code, if one is named."""

    kind: Literal["self", "department", "finance"]
    scheme: str | None = None
    title: str | None = None
    report_date: date | None = None
    base_date: date | None = None


@dataclass(frozen=True)
class FundingRowFacts:
    """A row of the form's funding table; ``rate`` is a text as printed ("96.64%")."""

    name: str
    initial: Decimal | None = None
    annual: Decimal | None = None
    paid: Decimal | None = None
    weight: Decimal | None = None
    rate: str | None = None
    score: Decimal | None = None


@dataclass(frozen=True)
class PaymentLineFacts:
    """One payment, or one item of the budget with what was paid on it."""

    item: str
    group: str | None = None
    date: date | None = None
    budget: Decimal | None = None
    paid: Decimal | None = None


@dataclass(frozen=True)
class StatedTotalFacts:
    """A printed total over a group of lines; group None means over all lines."""

    column: Literal["budget", "paid"]
    amount: Decimal
    group: str | None = None


@dataclass(frozen=True)
class BudgetFacts:
    """The project's money; ``annual`` is after adjustment, ``reason`` why it departed from plan."""

    declared: Decimal | None = None
    initial: Decimal | None = None
    annual: Decimal | None = None
    received: Decimal | None = None
    paid: Decimal | None = None
    stated_execution_rates: tuple[str, ...] = ()
    weight: Decimal | None = None
    stated_score: Decimal | None = None
    rows: tuple[FundingRowFacts, ...] = ()
    lines: tuple[PaymentLineFacts, ...] = ()
    stated_totals: tuple[StatedTotalFacts, ...] = ()
    completed_within_budget: bool | None = field(default=None, metadata={"omit_empty": True})
    reason: str | None = field(default=None, metadata={"omit_empty": True})

    def figures(self) -> BudgetFigures:
        """The budget as the scoring functions take it."""
        return BudgetFigures(
            declared=self.declared,
            initial=self.initial,
            annual=self.annual,
            received=self.received,
            paid=self.paid,
            weight=self.weight,
            completed_within_budget=self.completed_within_budget,
        )


@dataclass(frozen=True)
class GoalFacts:
    """The year's goal, expected and achieved."""

    expected: str | None = None
    achieved: str | None = None


@dataclass(frozen=True)
class TargetFacts:
    """What was to be reached; ``text`` as printed."""

    comparator: Literal[">=", ">", "=", "<=", "<"] | None = None
    value: Decimal | None = None
    unit: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class ActualFacts:
    """What was reached; ``text`` as printed."""

    value: Decimal | None = None
    text: str | None = None


@dataclass(frozen=True)
class StatedIndicator:
    """What the unit states about one indicator; the rate is a text as printed."""

    completion_rate: str | None = None
    met: bool | None = None
    score: Decimal | None = None


@dataclass(frozen=True)
class IndicatorFacts:
    """One row of the indicator table."""

    level1: str
    name: str
    kind: Literal["quantitative", "qualitative"]
    level2: str | None = None
    weight: Decimal | None = None
    direction: Literal["higher", "lower"] | None = None
    target: TargetFacts = TargetFacts()
    actual: ActualFacts = ActualFacts()
    rule: Mapping[str, object] | None = None
    stated: StatedIndicator = StatedIndicator()
    deviation_reason: str | None = None

    def figures(self) -> IndicatorFigures:
        """The indicator as the scoring functions take it."""
        return IndicatorFigures(
            level1=self.level1,
            level2=self.level2 or "",
            name=self.name,
            weight=self.weight,
            kind=self.kind,
            direction=self.direction,
            comparator=self.target.comparator,
            target_value=self.target.value,
            target_text=self.target.text or "",
            actual_value=self.actual.value,
            actual_text=self.actual.text or "",
            rule=self.rule,
            unit=self.target.unit or "",
        )


@dataclass(frozen=True)
class StatedResult:
    """The result as printed: total, grade, and points and weights by level 1."""

    total: Decimal | None = None
    grade: str | None = None
    by_level1: Mapping[str, Decimal] = field(default_factory=dict)
    level1_weights: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class ProblemFacts:
    """A problem found: a plain text in the document, or an object with who and by when."""

    short_form: ClassVar[str] = "text"

    text: str
    owner: str | None = field(default=None, metadata={"omit_empty": True})
    due: str | None = field(default=None, metadata={"omit_empty": True})
    indicator: str | None = field(default=None, metadata={"omit_empty": True})


@dataclass(frozen=True)
class ChapterFacts:
    """One chapter of the report, by its heading."""

    chapter: str
    text: str | None = None


@dataclass(frozen=True)
class Dossier:
    """Everything that one evaluation's document holds."""

    format: Literal["dossier/1"]
    project: ProjectFacts
    evaluation: EvaluationFacts
    indicators: tuple[IndicatorFacts, ...]
    currency_unit: Literal["元", "万元", "亿元"] = "万元"
    budget: BudgetFacts = BudgetFacts()
    goal: GoalFacts = GoalFacts()
    stated: StatedResult = field(default_factory=StatedResult)
    problems: tuple[ProblemFacts, ...] = ()
    recommendations: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    report: tuple[ChapterFacts, ...] = field(default=(), metadata={"omit_empty": True})


def parse_dossier(document: object) -> Dossier:
    """Read a dossier from decoded JSON; raises DossierFaults with every fault found.

    Indicators' rules are read too, so that a dossier once read can be scored.
    """
    try:
        dossier = read(Dossier, document)
    except DocumentFaults as error:
        raise DossierFaults(error.faults) from None
    if faults := [
        fault for index, row in enumerate(dossier.indicators) for fault in _rule_faults(row, index)
    ]:
        raise DossierFaults(faults)
    return dossier


def read_dossier(content: bytes) -> Dossier:
    """Read a dossier from a file's content, JSON in UTF-8; raises DossierFaults.

    A key that stands twice in one object is a fault, because JSON would silently
    keep the last.
    """
    repeated: list[Fault] = []
    try:
        document = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=lambda pairs: _object(pairs, repeated)
        )
    except UnicodeDecodeError:
        raise DossierFaults([Fault("", gettext_noop("is not text in UTF-8"))]) from None
    except (ValueError, RecursionError) as error:
        where = {"line": str(getattr(error, "lineno", 1)), "column": str(getattr(error, "colno", 1))}
        words = gettext_noop("is not JSON: line %(line)s, column %(column)s")
        raise DossierFaults([Fault("", words, where)]) from None
    if repeated:
        raise DossierFaults(repeated)
    return parse_dossier(document)


def dossier_to_json(dossier: Dossier) -> dict[str, Any]:
    """The dossier's document; ``parse_dossier`` reads it back to an equal dossier."""
    document: dict[str, Any] = write(dossier)
    return document


def _rule_faults(row: IndicatorFacts, index: int) -> tuple[Fault, ...]:
    try:
        if row.rule is not None:
            parse_rule(row.rule, f"indicators[{index}].rule")
    except DocumentFaults as error:
        return error.faults
    return ()


def _object(pairs: list[tuple[str, Any]], repeated: list[Fault]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = sorted(key[:LONGEST_KEY] for key, count in counts.items() if count > 1)
        for key in twice[: MOST_FAULTS - len(repeated)]:
            repeated.append(
                Fault(key, gettext_noop("the key “%(key)s” stands twice in one object"), {"key": key})
            )
    return document
