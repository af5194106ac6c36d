"""What the checks find in an evaluation, as the product knows it: by row, with its key."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from approvals.models import RectificationItem
from evaluations.checks import ERROR, WARNING, Finding, ProductFacts, case_of, findings_of
from evaluations.dossier import Dossier, StatedResult
from evaluations.exchange.from_rows import dossier_of
from evaluations.models import Evaluation, Evidence, Indicator, ScoreSource

# What a unit that only supplies material can put right: the money. Targets and scores are the evaluator's.
OF_THE_MATERIAL = frozenset(
    {
        "execution-rate",
        "execution-low",
        "budget-adjusted",
        "budget-rows",
        "budget-total",
        "year-end-payments",
        "overspent",
        "figure-missing",
        "advance-payments",
        "payment-out-of-year",
    }
)


@dataclass(frozen=True)
class Found:
    """One finding of an evaluation.

    ``key`` names it within the dossier whatever its figures ("unmet-full-score:系统故障率");
    ``indicator_id`` is the row that it speaks of, None for the others and for rows not saved yet.
    """

    finding: Finding
    key: str
    indicator_id: int | None = None

    @property
    def is_error(self) -> bool:
        return self.finding.severity == ERROR

    @property
    def is_warning(self) -> bool:
        return self.finding.severity == WARNING

    @property
    def field(self) -> str:
        """The name of the form's field that asks for its reason."""
        return f"reason-{hashlib.sha256(self.key.encode()).hexdigest()[:16]}"

    @property
    def fingerprint(self) -> str:
        """The same for the same doubt with the same figures."""
        found = self.finding
        return fingerprint_of(
            self.key, found.severity, found.words, found.values, found.stated, found.expected
        )


def fingerprint_of(
    key: str, severity: str | None, words: str, values: Mapping[str, str], stated: str, expected: str
) -> str:
    """SHA-256 of everything that a finding says."""
    content = [key, severity, words, dict(values), stated, expected]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def findings_now(
    evaluation: Evaluation,
    total: Decimal | None = None,
    grade: str = "",
    indicators: Sequence[Indicator] | None = None,
) -> list[Found]:
    """What the checks find in the evaluation as it stands in the database.

    ``indicators`` in the form's order with their ``scores``, when they are read already.

    A department or finance evaluation is scored by its experts: with the evaluator's
    ``total`` and ``grade`` their means count as its scores.
    """
    if indicators is None:
        indicators = list(evaluation.indicators.order_by("position", "pk").prefetch_related("scores"))
    if total is None:
        dossier = dossier_of(evaluation, indicators)
    else:
        scored = dossier_of(evaluation, indicators, ScoreSource.EXPERT)
        dossier = dataclasses.replace(scored, stated=StatedResult(total=total, grade=grade or None))
    problems = [problem.pk for problem in evaluation.problems.all()]
    return found_in(evaluation, dossier, [row.pk for row in indicators], problems)


def found_in(
    evaluation: Evaluation, dossier: Dossier, rows: Sequence[int | None], problems: Sequence[int | None]
) -> list[Found]:
    """What the checks find in a dossier of the evaluation, stored or as it is being typed.

    ``rows`` are the ids of the dossier's indicators and ``problems`` those of its
    problems, in its order; None for what is not stored yet. The scheme that the
    evaluation started with is the one that counts.
    """
    product = facts_of(evaluation, rows, problems)
    case = case_of(dossier, evaluation.scheme.as_parameters(), product)
    return keyed(findings_of(case), rows)


def facts_of(
    evaluation: Evaluation, rows: Sequence[int | None], problems: Sequence[int | None]
) -> ProductFacts:
    """Which indicators have a file, and which problems an item follows: two statements."""
    files = Evidence.objects.filter(evaluation=evaluation, withdrawn_at=None, indicator__isnull=False)
    backed = set(files.values_list("indicator_id", flat=True))
    items = RectificationItem.objects.filter(evaluation=evaluation, problem__isnull=False)
    followed = set(items.values_list("problem_id", flat=True))
    return ProductFacts(
        with_evidence=frozenset(place for place, pk in enumerate(rows) if pk in backed),
        followed_up=frozenset(place for place, pk in enumerate(problems) if pk in followed),
    )


def keyed(findings: Iterable[Finding], rows: Sequence[int | None]) -> list[Found]:
    """Each finding with its key: the code and what it speaks of, numbered where a name comes twice."""
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        name = f"{finding.code}:{finding.subject.text}"
        seen[name] += 1
        key = name if seen[name] == 1 else f"{name}#{seen[name]}"
        place = finding.subject.indicator
        found.append(Found(finding, key, None if place is None else rows[place]))
    return found
