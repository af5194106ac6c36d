"""What the rules say of a dossier, for whoever reads it outside of the product.

``document`` is the answer for programs: figures are texts, as in dossier/1, points with
two places, the execution rate as a percentage with its sign ("96.64%"), None where there
is no figure. ``lines`` is the same for people.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from evaluations.checks import SEVERITY_WORDS, Case, Finding, case_of, findings_of
from evaluations.dossier import Dossier
from evaluations.exchange.understanding import Remark
from evaluations.scoring import ScoredIndicator
from evaluations.scoring.exact import printed, printed_percent, printed_points
from evaluations.strict_json import gettext_noop

Translate = Callable[[str], str]
NO_FIGURE = "—"
Cells = tuple[str, str, str, str]
HEADINGS = (
    gettext_noop("Indicator"),
    gettext_noop("Weight"),
    gettext_noop("Stated"),
    gettext_noop("Computed"),
)
WIDEST_NAME = 40


class Verdict:
    """A dossier with what is computed and what is found."""

    def __init__(self, dossier: Dossier) -> None:
        self.case: Case = case_of(dossier)
        self.findings: tuple[Finding, ...] = findings_of(self.case)

    @property
    def rate(self) -> str | None:
        """The execution rate as a percentage with at most two places."""
        if self.case.scored.execution.refusals:
            return None
        rate = self.case.rate if self.case.rate is not None else self.case.scheme_rate
        return None if rate is None else printed_percent(rate)

    @property
    def unknown_scheme(self) -> str:
        """The scheme that the dossier names and nobody knows; empty when it is known."""
        named = self.case.dossier.evaluation.scheme or ""
        return "" if self.case.named else named

    def document(self, translate: Translate = str) -> dict[str, Any]:
        """The answer as JSON (docs/exchange.md), its texts in the language of ``translate``."""
        scored = self.case.scored
        return {
            "total": points(scored.total),
            "grade": scored.grade,
            "execution_rate": self.rate,
            "indicators": [
                _indicator(row, facts.stated.score, translate)
                for row, facts in zip(scored.indicators, self.case.dossier.indicators, strict=True)
            ],
            "findings": [_finding(finding, translate) for finding in self.findings],
        }

    def lines(self, translate: Translate = str, remarks: Sequence[Remark] = ()) -> Iterator[str]:
        """The answer as lines for a terminal."""
        project = self.case.dossier.project
        yield f"{project.name} · {project.unit} · {project.fiscal_year}"
        yield from self._result_lines(translate)
        yield ""
        yield from _table_lines(list(self._rows(translate)), translate)
        yield ""
        yield from self._finding_lines(translate)
        if remarks:
            yield ""
            yield translate(gettext_noop("How the file was read:"))
            yield from (f"  {remark.place}: {remark.text(translate)}" for remark in remarks)

    def _result_lines(self, translate: Translate) -> Iterator[str]:
        scored = self.case.scored
        total = points(scored.total)
        if total is None:
            total = f"{printed_points(scored.least)}–{printed_points(scored.most)}"
            total = translate(gettext_noop("open, between %(range)s")) % {"range": total}
        yield translate(gettext_noop("Scheme: %(name)s")) % {"name": self.case.scheme.name}
        yield translate(gettext_noop("Total: %(total)s   Grade: %(grade)s   Execution rate: %(rate)s")) % {
            "total": total,
            "grade": scored.grade or NO_FIGURE,
            "rate": self.rate or NO_FIGURE,
        }
        yield scored.explanation.text(translate)
        yield from (note.text(translate) for note in scored.notes)

    def _rows(self, translate: Translate) -> Iterator[tuple[Cells, str]]:
        scored, dossier = self.case.scored, self.case.dossier
        for row, facts in zip(scored.indicators, dossier.indicators, strict=True):
            cells = _shown(row.weight), _shown(facts.stated.score), points(row.points) or NO_FIGURE
            yield (row.figures.name, *cells), row.explanation.text(translate)
        execution = scored.execution
        if execution.weight is not None:
            stated = _shown(dossier.budget.stated_score)
            name = translate(gettext_noop("Budget execution"))
            cells = _shown(execution.weight), stated, points(execution.points) or NO_FIGURE
            yield (name, *cells), execution.explanation.text(translate)

    def _finding_lines(self, translate: Translate) -> Iterator[str]:
        yield translate(gettext_noop("Findings: %(count)s")) % {"count": len(self.findings)}
        for finding in self.findings:
            severity = translate(SEVERITY_WORDS[finding.severity or "note"])
            subject, message = finding.subject_text(translate), finding.message(translate)
            yield f"  [{severity}] {finding.code} · {subject}: {message}"
            if finding.stated or finding.expected:
                words = gettext_noop("stated %(stated)s, expected %(expected)s")
                yield "      " + translate(words) % {
                    "stated": finding.stated or NO_FIGURE,
                    "expected": finding.expected or NO_FIGURE,
                }


def points(figure: Decimal | None) -> str | None:
    """Points as a text with their two places."""
    return None if figure is None else printed_points(figure)


def plain(text: str) -> str:
    """The text on one line and without a terminal's commands: what a file holds is a stranger's."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def width_of(text: str) -> int:
    """How many columns a text takes in a terminal: Chinese takes two each."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    marks = sum(bool(unicodedata.combining(letter)) for letter in text)
    return len(text) + wide - marks


def _indicator(row: ScoredIndicator, stated: Decimal | None, translate: Translate) -> dict[str, Any]:
    return {
        "name": row.figures.name,
        "weight": None if row.weight is None else printed(row.weight),
        "stated": None if stated is None else printed(stated),
        "computed": points(row.points),
        "explanation": row.explanation.text(translate),
    }


def _finding(finding: Finding, translate: Translate) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "subject": finding.subject_text(translate),
        "message": finding.message(translate),
        "stated": finding.stated or None,
        "expected": finding.expected or None,
    }


def _shown(figure: Decimal | None) -> str:
    return NO_FIGURE if figure is None else printed(figure)


def _table_lines(rows: list[tuple[Cells, str]], translate: Translate) -> Iterator[str]:
    """Name and figures in columns, each row's explanation below it."""
    name, weight, stated, computed = map(translate, HEADINGS)
    table: list[Cells] = [(name, weight, stated, computed), *(cells for cells, _ in rows)]
    first = min(max(width_of(cells[0]) for cells in table), WIDEST_NAME)
    others = [max(width_of(cells[place]) for cells in table) for place in (1, 2, 3)]
    heading, *lines = [_line(cells, first, others) for cells in table]
    yield heading
    yield "─" * width_of(heading)
    for line, (_, explanation) in zip(lines, rows, strict=True):
        yield line
        yield f"    {explanation}"


def _line(cells: Cells, first: int, others: Sequence[int]) -> str:
    name, *figures = cells
    padded = [" " * (room - width_of(text)) + text for room, text in zip(others, figures, strict=True)]
    return "  ".join([name + " " * (first - width_of(name)), *padded])
