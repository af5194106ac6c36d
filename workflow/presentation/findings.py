"""Findings on a page: each with its figures, what was said to it, and what was done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.findings import Found
from approvals.findings_on_record import FindingsOnRecord
from approvals.models import FindingTurn, RecordedFinding, TurnKind
from evaluations.checks import ERROR, NOTE, SEVERITIES, SEVERITY_WORDS, WARNING
from workflow.presentation.history import moment
from workflow.presentation.links import address
from workflow.presentation.score_sheet import ScoreSheet

Line = dict[str, Any]
FORMS_OF_NUMBER = {
    ERROR: lambda number: ngettext("%(number)s error", "%(number)s errors", number),
    WARNING: lambda number: ngettext("%(number)s warning", "%(number)s warnings", number),
    NOTE: lambda number: ngettext("%(number)s note", "%(number)s notes", number),
}
SEVERITY_NAMES: dict[str, str] = {str(name): words for name, words in SEVERITY_WORDS.items()}
# Which part of the form a finding about no indicator speaks of; the money where nothing is named.
PARTS = {
    "weights-total": "indicators",
    "scheme-weights": "indicators",
    "score-range": "indicators",
    "total-mismatch": "indicators",
    "subtotal-mismatch": "indicators",
    "grade-mismatch": "indicators",
    "dimension-missing": "indicators",
    "double-count": "indicators",
    "problem-untracked": "problems",
    "unmet-not-a-problem": "problems",
    "poor-result-no-measures": "problems",
    "section-missing": "goal",
    "team-not-independent": "goal",
    "percentage-unsupported": "chapters",
}
# The fields of an indicator's row under the names that the checks use.
FIELDS = {
    "weight": "weight",
    "score": "score",
    "target": "target_text",
    "actual": "actual_value",
    "completion_rate": "stated_completion_rate",
    "met": "stated_met",
    "reason": "deviation_reason",
    "comparator": "comparator",
    "direction": "direction",
}
MONEY_FIELDS = ("declared", "initial", "annual", "received", "paid", "weight", "stated_score", "reason")


def line_of_record(found: RecordedFinding, turns: Sequence[FindingTurn] = ()) -> Line:
    """A finding as it was handed in."""
    return {
        **severity_of(found.severity),
        "pk": found.pk,
        "anchor": f"finding-{found.pk}",
        "code": found.code,
        "subject": found.subject_text,
        "text": found.message,
        "stated": found.stated,
        "expected": found.expected,
        "reason": found.reason,
        "acknowledged": found.acknowledged,
        "indicator_id": found.indicator_id,
        "turns": [turn_line(turn) for turn in turns],
        "turns_made": turns,
        "state": state_of(turns),
    }


def line_of_found(found: Found, reason: str = "", turns: Sequence[FindingTurn] = ()) -> Line:
    """A finding as it stands now; ``reason`` is the one given for the same doubt before."""
    finding = found.finding
    return {
        **severity_of(finding.severity or NOTE),
        "pk": None,
        "anchor": found.field.replace("reason", "finding", 1),
        "code": finding.code,
        "subject": finding.subject_text(_),
        "text": finding.message(_),
        "stated": finding.stated,
        "expected": finding.expected,
        "reason": reason,
        "acknowledged": False,
        "indicator_id": found.indicator_id,
        "turns": [turn_line(turn) for turn in turns],
        "turns_made": turns,
        "state": state_of(turns),
    }


def severity_of(severity: str) -> dict[str, str]:
    """The severity, as a word of the style sheet and for people."""
    return {"severity": severity, "severity_label": _(SEVERITY_WORDS[severity])}  # type: ignore[index]


def turn_line(turn: FindingTurn) -> dict[str, Any]:
    """Who did what with it, when."""
    return {
        "what": capfirst(str(turn.get_kind_display())),
        "person": str(turn.actor),
        "at": moment(turn.made_at),
        "text": turn.text,
        "item": turn.item_number,
        "demo": turn.is_demonstration,
    }


def state_of(turns: Sequence[FindingTurn]) -> str:
    """What became of it, in a word or two; empty while nothing was done."""
    if not turns:
        return ""
    if turns[-1].kind == TurnKind.QUESTION:
        return _("waiting for an answer")
    is_open_again = turns[-1].kind in (TurnKind.ITEM_DROPPED, TurnKind.WITHDRAWAL)
    return "" if is_open_again else str(turns[-1].get_kind_display())


def lines_on_record(record: FindingsOnRecord) -> list[Line]:
    """The findings as handed in last, the gravest first."""
    return gravest_first(
        [line_of_record(found, record.turns_of(found.fingerprint)) for found in record.latest]
    )


def lines_now(found: Iterable[Found], record: FindingsOnRecord) -> list[Line]:
    """What the checks find now, each with what was said to the same doubt before."""
    return gravest_first(
        [
            line_of_found(each, record.reasons.get(each.fingerprint, ""), record.turns_of(each.fingerprint))
            for each in found
        ]
    )


def gravest_first(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: SEVERITIES.index(line["severity"]))


def counts(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """How many of each severity, in words; a severity without any is left out."""
    found = Counter(line["severity"] for line in lines)
    return [
        {**severity_of(severity), "number": found[severity], "words": number_words(severity, found[severity])}
        for severity in SEVERITIES
        if found[severity]
    ]


def number_words(severity: str, number: int) -> str:
    return FORMS_OF_NUMBER[severity](number) % {"number": number}  # type: ignore[index]


def in_one_line(lines: Sequence[Line]) -> str:
    """How many there are by severity, as one sentence part."""
    return " · ".join(count["words"] for count in counts(lines)) or _("nothing found")


def pills(request: HttpRequest, lines: Sequence[Line], asked: str) -> list[dict[str, Any]]:
    """The filter by severity; only severities that there are."""
    every = {
        "label": _("All"),
        "url": address(request, severity=""),
        "count": len(lines),
        "current": not asked,
    }
    return [every] + [
        {
            "label": count["severity_label"],
            "url": address(request, severity=count["severity"]),
            "count": count["number"],
            "current": count["severity"] == asked,
        }
        for count in counts(lines)
    ]


def requirement_from(found: RecordedFinding) -> str:
    """What a rectification item that rests on the finding may ask for, to be worded further."""
    return _("%(subject)s: %(message)s") % {"subject": found.subject_text, "message": found.message}


def findings_cell(lines: Sequence[Line], url: str) -> dict[str, Any]:
    """How many there are, for the row of totals."""
    return {"label": _("Findings"), "value": len(lines), "note": in_one_line(lines), "url": url}


def by_indicator(lines: Iterable[Line]) -> Mapping[int, list[Line]]:
    """The findings under each stored indicator."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        if line["indicator_id"]:
            rows.setdefault(line["indicator_id"], []).append(line)
    return rows


def add_findings(table: dict[str, Any], sheet: ScoreSheet, lines: Iterable[Line]) -> dict[str, Any]:
    """The table of scores with each indicator's findings under its row."""
    rows = by_indicator(lines)
    for level, group in zip(sheet.levels, table["groups"], strict=False):
        for place, row in zip(level.places, group["rows"], strict=True):
            row["findings"] = [
                {**line, "url": f"#{line['anchor']}"} for line in rows.get(sheet.indicators[place].pk, [])
            ]
    return table


def field_anchor(found: Found, prefix: str | None) -> str:
    """Where in the form the finding is put right; ``prefix`` is its row's, None for no row."""
    name = found.finding.subject.field
    if prefix is not None:
        return f"id_{prefix}-{FIELDS[name]}" if name in FIELDS else prefix
    if name in MONEY_FIELDS and found.finding.code not in PARTS:
        return f"id_budget-{name}"
    return PARTS.get(found.finding.code, "money")
