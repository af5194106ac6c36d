from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.gate import (
    NOTHING_SAID,
    Explanations,
    for_the_event,
    keep_findings,
    require_all,
    require_explained,
)
from approvals.actions.moving import pass_on
from approvals.actions.shape import OWN, Capacity, enter, require_text
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
    text, an error without its reason, or warnings not acknowledged.
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
    )
    evaluation.content_digest = seal_content(evaluation)
    decision = pass_on(
        entry,
        actor,
        Verb.DRAFT,
        opinion=evaluation.draft_conclusion,
        total=total,
        is_demonstration=is_demonstration,
        data={"findings": for_the_event(found, explanations)},
    )
    keep_findings(decision, found, explanations)
    return decision
