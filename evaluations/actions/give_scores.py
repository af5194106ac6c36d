from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from audit_log import clock
from audit_log.errors import InvalidInput
from evaluations.computed import latest_scores, points_of, standing_scores, total_from, two_places
from evaluations.models import Evaluation, Indicator, Score, ScoreSource
from evaluations.scoring import grade_of

Given = Mapping[int, tuple[Decimal, str]]


@transaction.atomic
def give_scores(
    *, evaluation: Evaluation, actor: User, source: str, scores: Given, is_illustrative: bool = False
) -> Decimal | None:
    """Write one person's scores of the present round and return the total that they give.

    ``scores`` maps an indicator's id to points and opinion. Raises InvalidInput
    at each score below zero or above its indicator's weight, and (department and
    finance) at each that departs from the stated one without a reason. What a colleague
    of the same office gave in this round and is left as it is keeps its reason.
    """
    indicators = list(evaluation.indicators.prefetch_related("scores"))
    by_id = {indicator.pk: indicator for indicator in indicators}
    stated = latest_scores(indicators, ScoreSource.STATED)
    standing = standing_scores(indicators, source, evaluation.round)
    scores = {pk: given for pk, given in scores.items() if pk not in standing or standing[pk] != given[0]}
    faults: dict[str, list[Any]] = {}
    for indicator_id, (points, reason) in scores.items():
        indicator = by_id.get(indicator_id)
        if indicator is None:
            raise InvalidInput(_("A score names an indicator of another evaluation."), found=indicator_id)
        fault = fault_of(points, indicator)
        if not fault and source != ScoreSource.EXPERT:
            fault = unexplained(points, points_of(stated[indicator_id]), reason)
        if fault:
            faults[f"score-{indicator_id}"] = [fault]
    if faults:
        raise InvalidInput(_("Some scores cannot be taken."), fields=faults)
    rows = [
        Score(
            indicator=by_id[indicator_id],
            source=source,
            round=evaluation.round,
            given_by=actor,
            points=points,
            reason=reason.strip(),
            is_illustrative=is_illustrative,
        )
        for indicator_id, (points, reason) in scores.items()
    ]
    if rows:
        bulk_create_with_history(rows, Score, default_user=actor, default_date=clock.now())
    return total_from(evaluation, list(evaluation.indicators.prefetch_related("scores")), source)


def fault_of(points: Decimal, indicator: Indicator) -> Any:
    """Why the points cannot be taken, or None."""
    if points < 0:
        return _("A score cannot be below zero.")
    if indicator.weight is not None and points > indicator.weight:
        return _("The score %(points)s is above the weight %(weight)s.") % {
            "points": points,
            "weight": indicator.weight,
        }
    if points != two_places(points):
        return _("Give at most two decimal places.")
    return None


def unexplained(points: Decimal, stated: Decimal | None, reason: str) -> Any:
    """A reviewer who departs from the stated score says why."""
    if stated is not None and points != stated and not reason.strip():
        return _("Say why your score differs from the stated one (%(stated)s).") % {"stated": stated}
    return None


def require_total(total: Decimal) -> Decimal:
    """The total, in points. Raises InvalidInput outside of 0 to 100."""
    if not 0 <= total <= 100:
        raise InvalidInput.at("total", _("The total has to be between 0 and 100 points."), found=str(total))
    if total != two_places(total):
        raise InvalidInput.at("total", _("Give at most two decimal places."), found=str(total))
    return total


def grade_for(evaluation: Evaluation, total: Decimal) -> str:
    """The grade whose band the total lies in, by the evaluation's scheme."""
    return grade_of(total, evaluation.scheme.as_parameters())
