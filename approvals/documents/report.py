"""What a document says, as plain data: no database, no settings, no clock.

Amounts are in 万元, scores and weights in points, rates in percent. ``None``
means that nobody reported the figure; the document then says so. A ``Text`` may
be a lazy translation, so that one report prints in either language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise
Figure = Decimal | None


class ReportKind(StrEnum):
    """Self prints the official form; the other two print the ministry's outline."""

    SELF = "self"
    DEPARTMENT = "department"
    FINANCE = "finance"


@dataclass(frozen=True, kw_only=True)
class ScoreSet:
    """The same points as each party sees them; none overwrites another."""

    stated: Figure = None
    computed: Figure = None
    department: Figure = None
    finance: Figure = None
    panel: Figure = None

    @property
    def as_stated(self) -> Figure:
        """What the form prints: the unit's figure, else the one that the rule computes."""
        return self.computed if self.stated is None else self.stated

    @property
    def is_only_computed(self) -> bool:
        return self.stated is None and self.computed is not None

    @property
    def awarded(self) -> Figure:
        """The figure of the last party that spoke: panel, finance, department, unit, then the rule."""
        spoken = (self.panel, self.finance, self.department, self.stated, self.computed)
        return next((figure for figure in spoken if figure is not None), None)


@dataclass(frozen=True, kw_only=True)
class FundingLine:
    """A row of the form's funding table, in 万元."""

    name: Text
    initial: Figure = None
    annual: Figure = None
    paid: Figure = None
    rate: Figure = None


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One payment, or one budget item with what was paid on it, in 万元."""

    item: str
    group: str = ""
    paid_on: date | None = None
    planned: Figure = None
    paid: Figure = None


@dataclass(frozen=True, kw_only=True)
class Money:
    """The project's money in the year, in 万元; ``rate`` is the execution rate in percent."""

    declared: Figure = None
    initial: Figure = None
    annual: Figure = None
    received: Figure = None
    paid: Figure = None
    rate: Figure = None
    weight: Figure = None
    scores: ScoreSet = ScoreSet()
    explanation: Text = ""
    reason: str = ""
    sources: tuple[FundingLine, ...] = ()
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PhaseGoal:
    """What was to be reached by when."""

    period: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Goal:
    """The performance goal: overall, as achieved, and by phase."""

    expected: str = ""
    achieved: str = ""
    phases: tuple[PhaseGoal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """One indicator with what each party scored; ``explanation`` shows the computation."""

    level1: str
    level2: str
    name: str
    weight: Figure = None
    target: str = ""
    actual: str = ""
    scores: ScoreSet = ScoreSet()
    explanation: Text = ""
    opinion: str = ""
    deviation_reason: str = ""
    is_illustrative: bool = False


@dataclass(frozen=True, kw_only=True)
class Subtotal:
    """Points of one level 1."""

    level1: Text
    weight: Figure = None
    scores: ScoreSet = ScoreSet()


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The totals side by side, and what was concluded."""

    scores: ScoreSet = ScoreSet()
    stated_grade: Text = ""
    concluded: Figure = None
    grade: Text = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """The text of one chapter; ``chapter`` is a code of ``outline``."""

    chapter: str
    text: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text.splitlines() if line.strip())


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What was decided at a stage. ``role`` is the role in which the person acted.

    ``stand_in`` reads “A for B” where A did it for B, whose role it is; else it is empty.
    """

    stage: Text
    organization: str
    role: Text
    verb: Text
    opinion: str
    decided_on: date
    round: int = 1
    total: Figure = None
    stand_in: str = ""
    is_demonstration: bool = False


@dataclass(frozen=True, kw_only=True)
class ViewOnPoint:
    """What one addressee said to a point, and what the evaluator made of an objection."""

    addressee: str
    stance: Text
    text: str = ""
    made: Text = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PointExchanged:
    """One point of the draft with the views of it; an addressee's own point has no number."""

    number: int | None
    kind: Text
    text: str = ""
    total: Figure = None
    grade: Text = ""
    views: tuple[ViewOnPoint, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AddresseeAnswer:
    """Whether an addressee of the draft answered, and what it said on the whole."""

    name: str
    state: Text
    opinion: str = ""
    answered_on: date | None = None
    is_demonstration: bool = False


@dataclass(frozen=True, kw_only=True)
class ExchangeOfViews:
    """The exchange of views on the last draft (art. 22)."""

    addressees: tuple[AddresseeAnswer, ...]
    points: tuple[PointExchanged, ...]


@dataclass(frozen=True, kw_only=True)
class RectificationRow:
    """How far one requirement has come."""

    number: str
    requirement: str
    responsible_unit: str
    original_due: date
    due: date
    status: Text
    closed_on: date | None = None
    is_overdue: bool = False
    is_demonstration: bool = False


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """Who the form names at its foot; a line left empty is signed by hand."""

    filled_in_by: str = ""
    telephone: str = ""
    unit_head: str = ""
    filled_in_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class EvaluationReport:
    """Everything that the document of one evaluation prints."""

    kind: ReportKind
    title: str
    number: str
    fiscal_year: int
    project_name: str
    unit: str
    department: str
    bureau: str
    made_on: date
    leaders: tuple[Text, ...] = ()
    team: tuple[str, ...] = ()
    signatures: Signatures = Signatures()
    money: Money = Money()
    goal: Goal = Goal()
    indicators: tuple[IndicatorRow, ...] = ()
    subtotals: tuple[Subtotal, ...] = ()
    totals: Totals = Totals()
    conclusion: str = ""
    use: Text = ""
    """What the result is used for; "" until it is concluded."""
    use_percent: Figure = None
    """Percent of the annual budget that is cut, where something is."""
    sections: tuple[Section, ...] = ()
    problems: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    demonstration_note: str = ""
    opinions: tuple[Opinion, ...] = ()
    exchange: ExchangeOfViews | None = None
    rectification: tuple[RectificationRow, ...] = ()

    @property
    def is_demonstration(self) -> bool:
        """Whether any part was made up for the demonstration."""
        marked: Iterable[Opinion | RectificationRow] = (*self.opinions, *self.rectification)
        return bool(self.demonstration_note) or any(row.is_demonstration for row in marked)

    @property
    def prints_computed(self) -> bool:
        """Whether the form prints a computed score where the unit stated none."""
        printed = [self.money.scores, self.totals.scores, *(row.scores for row in self.indicators)]
        return any(scores.is_only_computed for scores in printed)

    @property
    def evaluator(self) -> str:
        """The body that answers for the document."""
        return {
            ReportKind.SELF: self.unit,
            ReportKind.DEPARTMENT: self.department,
            ReportKind.FINANCE: self.bureau,
        }[self.kind]

    def section(self, chapter: str) -> tuple[str, ...]:
        """The paragraphs of a chapter; empty when nothing was reported."""
        return next((section.paragraphs for section in self.sections if section.chapter == chapter), ())
