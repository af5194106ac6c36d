"""What one has to know of dossiers before agreeing to many at once: read in a fixed number of statements."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, OuterRef, Subquery

from accounts.models import User
from approvals.findings_on_record import HANDED_IN
from approvals.models import Decision, FindingTurn, RecordedFinding, TurnKind
from evaluations.checks import ERROR, WARNING
from evaluations.computed import computed, latest_scores, points_of, total_from
from evaluations.models import Evaluation, Indicator, Score, ScoreSource
from workflow.models import FlowTask

# A finding that a reviewer did one of these with last waits for nobody any more.
SETTLED = (TurnKind.DISMISSAL, TurnKind.ADJUSTMENT, TurnKind.ITEM)
REVIEWERS = (ScoreSource.DEPARTMENT, ScoreSource.FINANCE)


@dataclass(frozen=True)
class Facts:
    """One dossier in a few figures; totals in points.

    ``errors`` and ``warnings`` are those of the last handing in with which no reviewer
    has done anything; ``adjusted`` counts the scores that a reviewer before gave
    otherwise than stated, ``missed`` the indicators below their target. The rules give
    from ``least`` to ``most``, which differ where words have to be judged. ``has_draft``
    says that the actor has typed at this step what agreeing in bulk would not take.
    ``seen`` stands for the content that all of this was read from.
    """

    seen: str
    errors: int
    warnings: int
    adjusted: int
    missed: int
    indicators: int
    stated: Decimal | None
    least: Decimal
    most: Decimal
    has_draft: bool

    @property
    def difference(self) -> Decimal:
        """How many points the stated total lies above what the rules can give, or (negative) below."""
        if self.stated is None:
            return Decimal(0)
        return self.stated - min(max(self.stated, self.least), self.most)

    @property
    def speaks_against(self) -> bool:
        """Whether somebody should look before agreeing."""
        return self.errors > 0 or self.has_draft


def facts_of(tasks: Sequence[FlowTask], actor: User) -> dict[int, Facts]:
    """The facts of each step's dossier, by the step's id."""
    ids = [task.evaluation_id for task in tasks if task.evaluation_id]
    evaluations = Evaluation.objects.select_related("scheme", "budget", "policy").in_bulk(ids)
    indicators = indicators_of(ids)
    seen, findings = states_seen(ids), open_findings(ids)
    return {
        task.pk: facts_from(
            evaluations[task.evaluation_id],
            indicators[task.evaluation_id],
            seen[task.evaluation_id],
            findings[task.evaluation_id],
            has_draft=task.owner_id == actor.pk and bool(task.data.get("typed")),
        )
        for task in tasks
        if task.evaluation_id
    }


def facts_from(
    evaluation: Evaluation, indicators: list[Indicator], seen: str, severities: list[str], *, has_draft: bool
) -> Facts:
    """The facts of one dossier from what was read of it."""
    scored = computed(evaluation, indicators, evaluation.scheme.as_parameters())
    return Facts(
        seen=seen,
        errors=severities.count(ERROR),
        warnings=severities.count(WARNING),
        adjusted=number_adjusted(indicators),
        missed=sum(row.met is False for row in scored.indicators),
        indicators=len(indicators),
        stated=stated_total(evaluation, indicators),
        least=scored.least,
        most=scored.most,
        has_draft=has_draft,
    )


def stated_total(evaluation: Evaluation, indicators: list[Indicator]) -> Decimal | None:
    """The total that the unit printed, else the sum of its scores."""
    if evaluation.stated_total is not None:
        return evaluation.stated_total
    return total_from(evaluation, indicators, ScoreSource.STATED)


def number_adjusted(indicators: list[Indicator]) -> int:
    """How many indicators a reviewer scores otherwise than the unit."""
    stated = latest_scores(indicators, ScoreSource.STATED)
    given = [latest_scores(indicators, source) for source in REVIEWERS]
    return sum(
        any(scores[row.pk] and points_of(scores[row.pk]) != points_of(stated[row.pk]) for scores in given)
        for row in indicators
    )


def indicators_of(evaluation_ids: Sequence[int]) -> Mapping[int, list[Indicator]]:
    """Each dossier's indicators with their scores, in the form's order: two statements."""
    rows: dict[int, list[Indicator]] = defaultdict(list)
    found = Indicator.objects.filter(evaluation__in=evaluation_ids).order_by("position", "pk")
    for indicator in found.prefetch_related("scores"):
        rows[indicator.evaluation_id].append(indicator)
    return rows


def open_findings(evaluation_ids: Sequence[int]) -> Mapping[int, list[str]]:
    """The severity of each finding of the last handing in that no reviewer has settled: two statements."""
    settled = settled_doubts(evaluation_ids)
    last = (
        Decision.objects.filter(evaluation__in=evaluation_ids, item=None, verb__in=HANDED_IN)
        .order_by()
        .values("evaluation")
        .annotate(last=Max("pk"))
    )
    rows: dict[int, list[str]] = defaultdict(list)
    found = RecordedFinding.objects.filter(decision__in=last.values("last"))
    for evaluation_id, fingerprint, severity in found.values_list("evaluation", "fingerprint", "severity"):
        if (evaluation_id, fingerprint) not in settled:
            rows[evaluation_id].append(severity)
    return rows


def settled_doubts(evaluation_ids: Sequence[int]) -> set[tuple[int, str]]:
    """The doubts that were settled last, by evaluation and fingerprint: the same doubt keeps its story."""
    turns = FindingTurn.objects.filter(finding__evaluation__in=evaluation_ids).order_by("made_at", "pk")
    last = {
        (evaluation_id, fingerprint): kind
        for evaluation_id, fingerprint, kind in turns.values_list(
            "finding__evaluation", "finding__fingerprint", "kind"
        )
    }
    return {doubt for doubt, kind in last.items() if kind in SETTLED}


def states_seen(evaluation_ids: Iterable[int]) -> dict[int, str]:
    """What stands for each dossier's content with all that reviewers added to it: one statement."""
    scores = Score.objects.filter(indicator__evaluation=OuterRef("pk")).order_by("-pk")
    turns = FindingTurn.objects.filter(finding__evaluation=OuterRef("pk")).order_by("-pk")
    rows = Evaluation.objects.filter(pk__in=evaluation_ids).values_list(
        "pk",
        "round",
        "content_digest",
        "scheme",
        Subquery(scores.values("pk")[:1]),
        Subquery(turns.values("pk")[:1]),
    )
    return {pk: digest_of(content) for pk, *content in rows}


def digest_of(content: Sequence[object]) -> str:
    """SHA-256 of what makes up the content."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
