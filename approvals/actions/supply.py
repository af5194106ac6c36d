from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.entering import enter
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
from approvals.actions.turn_finding import keep_answers, require_answers
from approvals.actions.voices import OWN, Capacity
from approvals.findings import OF_THE_MATERIAL, findings_now
from approvals.models import Decision, Verb
from audit_log.errors import WrongStage
from evaluations.actions import seal_content
from evaluations.models import Evaluation


@transaction.atomic
def supply(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str,
    explanations: Explanations = NOTHING_SAID,
    answers: Mapping[int, str] | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """The unit supplies the material that the notice lists; it never states a score.

    It answers for what the checks find in the money that it fills in; everything
    else that they find is the evaluator's and travels with it. Raises WrongStage
    (also while no expert is seated), NotAllowed, and InvalidInput without a covering
    note, for an error without its reason, for warnings not acknowledged, and for a
    question without its answer (``answers``, by the question's id).
    """
    entry = enter(evaluation, actor, Verb.SUPPLY, capacity)
    evaluation = entry.evaluation
    if not evaluation.seats.in_force().exists():
        raise WrongStage(
            _("No expert is seated yet: the evaluation's office has to seat at least one first.")
        )
    found = findings_now(evaluation)
    require_all(
        lambda: require_text(opinion, "opinion", _("Say which material you supply.")),
        lambda: require_answers(evaluation, answers or {}),
        lambda: require_explained(found, explanations, lambda each: each.finding.code in OF_THE_MATERIAL),
    )
    answered = require_answers(evaluation, answers or {})
    evaluation.content_digest = seal_content(evaluation)
    decision = pass_on(
        entry,
        actor,
        Verb.SUPPLY,
        has_error=has_error(found),
        opinion=opinion,
        is_demonstration=is_demonstration,
        data={"findings": for_the_event(found, explanations)},
    )
    keep_findings(decision, found, explanations)
    keep_answers(decision, answered, actor)
    return decision
