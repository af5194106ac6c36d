"""Tables of a report cut to the shapes that templates print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from approvals.documents.report import (
    EvaluationReport,
    Figure,
    IndicatorRow,
    ScoreSet,
    Subtotal,
    Text,
)

COLUMNS: dict[str, Text] = {
    "stated": _("Self-assessed score"),
    "computed": _("Computed score"),
    "department": _("Department's score"),
    "finance": _("Finance's score"),
    "panel": _("Experts' score"),
}

# A block of rows stays on one page, so that its merged cells keep their border
# and their label; blocks with more lines of text would leave large gaps at a page's end.
LINES_IN_A_BLOCK = 20
NAME_WIDTH, REASON_WIDTH, BASIS_WIDTH = 9, 12, 18  # characters in a line


@dataclass(frozen=True)
class ScoreLine:
    """A line of the score table: what each party gave, in the order of the columns."""

    label: Text
    weight: Figure
    figures: tuple[Figure, ...]
    rate: Figure


@dataclass(frozen=True)
class Analysis:
    """The indicators of one aspect; targets are shown when at least one has any."""

    rows: tuple[IndicatorRow, ...]

    @property
    def has_targets(self) -> bool:
        return any(row.target or row.actual for row in self.rows)


@dataclass(frozen=True)
class IndicatorCell:
    """An indicator with how many rows its level 1 and level 2 cells span; 0 prints no cell."""

    row: IndicatorRow
    level1_span: int
    level2_span: int
    figures: tuple[Figure, ...]


def score_columns(report: EvaluationReport) -> dict[str, Text]:
    """The parties that gave at least one score, with the heading of their column."""
    sets = [report.totals.scores, report.money.scores]
    sets += [row.scores for row in report.indicators] + [line.scores for line in report.subtotals]
    return {
        name: heading
        for name, heading in COLUMNS.items()
        if any(getattr(scores, name) is not None for scores in sets)
    }


def figures(scores: ScoreSet, columns: Iterable[str]) -> tuple[Figure, ...]:
    return tuple(getattr(scores, name) for name in columns)


def rated_party(report: EvaluationReport) -> str:
    """Whose points the score rate is taken of: the last party that scored every part."""
    last_first = ("panel", "finance", "department", "stated")
    complete = (
        party
        for party in last_first
        if report.subtotals and all(getattr(part.scores, party) is not None for part in report.subtotals)
    )
    return next(complete, "computed")


def score_table(report: EvaluationReport) -> list[ScoreLine]:
    """Each part of the total, then the total."""
    columns, party = score_columns(report), rated_party(report)
    return [
        ScoreLine(
            part.level1,
            part.weight,
            figures(part.scores, columns),
            share(getattr(part.scores, party), part.weight),
        )
        for part in (*report.subtotals, total_of(report))
    ]


def share(points: Figure, weight: Figure) -> Figure:
    """Points as a share of the weight, in percent."""
    return points * 100 / weight if points is not None and weight else None


def total_of(report: EvaluationReport) -> Subtotal:
    """The total as a line like its parts."""
    weights = [part.weight for part in report.subtotals if part.weight is not None]
    weight = sum(weights, start=Decimal(0)) if weights else None
    return Subtotal(level1=_("Total score"), weight=weight, scores=report.totals.scores)


def indicator_blocks(report: EvaluationReport) -> list[list[IndicatorCell]]:
    """All indicators in blocks for printing."""
    columns = tuple(score_columns(report))
    return [list(cells(block, columns)) for block in blocks(report.indicators)]


def blocks(rows: Sequence[IndicatorRow]) -> Iterator[list[IndicatorRow]]:
    """Rows of one level 1 at a time, cut into blocks of a length that fits a page."""
    for _level1, members in groupby(rows, key=lambda row: row.level1):
        block: list[IndicatorRow] = []
        for row in members:
            if block and sum(map(lines_of, [*block, row])) > LINES_IN_A_BLOCK:
                yield block
                block = []
            block.append(row)
        yield block


def lines_of(row: IndicatorRow) -> int:
    """About how many lines of print a row takes, in the wider of its two tables."""
    basis = len(str(row.explanation)) + len(row.opinion)
    return 1 + max(
        len(row.name) // NAME_WIDTH, len(row.deviation_reason) // REASON_WIDTH, basis // BASIS_WIDTH
    )


def cells(block: list[IndicatorRow], columns: tuple[str, ...]) -> Iterator[IndicatorCell]:
    """The rows of a block; the first of each level 2 carries the merged cell."""
    for _level2, members in groupby(enumerate(block), key=lambda pair: pair[1].level2):
        same = list(members)
        for place, (index, row) in enumerate(same):
            yield IndicatorCell(
                row,
                level1_span=0 if index else len(block),
                level2_span=0 if place else len(same),
                figures=figures(row.scores, columns),
            )
