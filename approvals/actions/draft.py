from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.appointments import require_parts_ahead
from approvals.actions.entering import enter
from approvals.actions.exchange import (
    ANSWERING,
    close_straight_ways,
    keep_points,
    points_for_the_event,
    points_of,
)
from approvals.actions.gate import (
    NOTHING_SAID,
    Explanations,
    for_the_event,
    has_error,
    keep_findings,
    require_all,
    require_explained,
)
from approvals.actions.moving import pass_on
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.findings import findings_now
from approvals.models import Decision, Verb
from evaluations.actions import grade_for, require_total, seal_content
from evaluations.models import Evaluation


@transaction.atomic
def draft(
    *,
    evaluation: Evaluation,
    actor: User,
    total: Decimal,
    conclusion: str,
    explanations: Explanations = NOTHING_SAID,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Put the draft conclusion to the unit for its views (art. 22).

    ``total`` in points out of 100. What the checks find is asked of the evaluator as
    it is of a unit, the experts' means standing for its scores. Raises WrongStage,
    NotAllowed, ConflictOfInterest, and InvalidInput for a total out of range, no
    text, an error without its reason, warnings not acknowledged, or a coming step that
    asks somebody who has not been appointed. The draft consists of points, which are
    what the addressees answer; an earlier conclusion is void.
    """
    entry = enter(evaluation, actor, Verb.DRAFT, capacity)
    evaluation = entry.evaluation
    evaluation.draft_total = require_total(total)
    evaluation.draft_grade = grade_for(evaluation, total)
    evaluation.draft_conclusion = conclusion.strip()
    found = findings_now(evaluation, total, evaluation.draft_grade)
    require_all(
        lambda: require_text(conclusion, "conclusion", _("Write the draft conclusion.")),
        lambda: require_explained(found, explanations),
        lambda: require_parts_ahead(evaluation),
    )
    void_conclusion(evaluation)
    close_straight_ways(evaluation, ANSWERING)
    points = points_of(evaluation)
    evaluation.content_digest = seal_content(evaluation)
    decision = pass_on(
        entry,
        actor,
        Verb.DRAFT,
        has_error=has_error(found),
        opinion=evaluation.draft_conclusion,
        total=total,
        is_demonstration=is_demonstration,
        data={"findings": for_the_event(found, explanations), "points": points_for_the_event(points)},
    )
    keep_points(decision, points)
    keep_findings(decision, found, explanations)
    return decision


def void_conclusion(evaluation: Evaluation) -> None:
    """A conclusion that was returned does not outlive a new draft."""
    evaluation.concluded_total = None  # type: ignore[assignment]  # null=True stands in SCORE
    evaluation.concluded_grade = ""
    evaluation.conclusion = ""
    evaluation.concluded_at = None
