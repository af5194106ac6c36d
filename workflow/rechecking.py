"""Drawing self-assessments for a re-check: the service, a look before drawing, and what draws came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.access import rights_for_reading
from accounts.models import Organization, User
from accounts.roles import Right
from approvals import actions
from approvals.actions.draw_recheck import require_size, require_weights
from approvals.models import RecheckCandidate, RecheckDraw, RecheckResult
from approvals.rechecks import Considered, considered, stopped_at_department
from audit_log.errors import NotFound
from evaluations.models import Campaign
from evaluations.sampling import USUAL_WEIGHTS, RecheckWeights, chances_of
from workflow.door import refusals_noted
from workflow.flows import SelfEvaluationFlow

READING = (Right.RUN_EVALUATION, Right.REVIEW_FINANCE, Right.CONCLUDE, Right.VIEW_AUDIT)


def draw_recheck(*, bureau: Organization, actor: User, **details: Any) -> RecheckDraw:
    """Draw, and let each drawn self-assessment wait for finance. Raises NotAllowed, InvalidInput."""
    with refusals_noted("draw_recheck", actor, "organization", bureau.pk), transaction.atomic():
        draw = actions.draw_recheck(bureau=bureau, actor=actor, **details)
        for candidate in drawn_of(draw).select_related("evaluation__policy", "evaluation__project"):
            SelfEvaluationFlow.start.run(evaluation=candidate.evaluation)
    return draw


@dataclass(frozen=True)
class Outlook:
    """What a draw would choose from: each candidate with how likely it is, the likeliest first."""

    size: int
    rows: list[tuple[Considered, float]]


def look(
    *,
    bureau: Organization,
    fiscal_year: int,
    campaign: Campaign | None = None,
    number: int | None = None,
    percent: Decimal | None = None,
    weights: RecheckWeights = USUAL_WEIGHTS,
) -> Outlook:
    """Who could be drawn and how likely, without drawing. Raises InvalidInput where nothing can be."""
    require_weights(weights)
    candidates = considered(
        stopped_at_department(bureau.pk, fiscal_year, campaign).select_related("policy", "project", "unit"),
        weights,
    )
    size = require_size(number, percent, len(candidates))
    chances = chances_of([each.weight for each in candidates], size)
    rows = sorted(zip(candidates, chances, strict=True), key=lambda row: (-row[1], row[0].evaluation.number))
    return Outlook(size, rows)


def bureaus_drawing(user: Any) -> QuerySet[Organization]:
    """The bureaus in whose name the reader may draw."""
    return Organization.objects.filter(
        pk__in=rights_for_reading(user).at(Right.RUN_EVALUATION), parent=None
    ).order_by("code")


def bureaus_read(user: Any) -> QuerySet[Organization]:
    """The bureaus whose draws the reader may see."""
    rights = rights_for_reading(user)
    places = frozenset().union(*(rights.at(right) for right in READING))
    return Organization.objects.filter(pk__in=places, parent=None)


def drawn_of(draw: RecheckDraw) -> QuerySet[RecheckCandidate]:
    """Those that were drawn, in the order of their lots."""
    return draw.candidates.filter(decision__isnull=False).order_by("place")


def draws_for(user: Any) -> QuerySet[RecheckDraw]:
    """The draws that the reader may see, the latest first, with how far each is.

    Raises NotFound for whoever has none to see, ever.
    """
    bureaus = bureaus_read(user)
    if not bureaus.exists():
        raise NotFound()
    was_drawn = Q(candidates__decision__isnull=False)
    with_result = was_drawn & Q(candidates__evaluation__recheck_results__isnull=False)
    return (
        RecheckDraw.objects.filter(bureau__in=bureaus)
        .select_related("bureau", "campaign", "drawn_by", "on_behalf_of")
        .annotate(
            considered=Count("candidates", distinct=True),
            rechecked=Count("candidates__evaluation", filter=with_result, distinct=True),
        )
        .order_by("-pk")
    )


def draw_for(user: Any, pk: int) -> RecheckDraw:
    """One draw. Raises NotFound."""
    found = draws_for(user).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def results_of(candidates: Sequence[RecheckCandidate]) -> dict[int, RecheckResult]:
    """The last result of each, by the evaluation's id: one statement."""
    last = RecheckResult.objects.filter(evaluation=OuterRef("evaluation")).order_by("-decision")
    found = RecheckResult.objects.filter(
        evaluation__in=[each.evaluation_id for each in candidates], pk=Subquery(last.values("pk")[:1])
    )
    return {result.evaluation_id: result for result in found.select_related("decision__actor")}


def candidate_for(user: Any, pk: int) -> RecheckCandidate:
    """One drawn self-assessment of a draw that the reader may see. Raises NotFound."""
    found = (
        RecheckCandidate.objects.filter(draw__bureau__in=bureaus_read(user), pk=pk, decision__isnull=False)
        .select_related("draw", "evaluation__project", "evaluation__budget", "evaluation__policy")
        .first()
    )
    if found is None:
        raise NotFound()
    return found
