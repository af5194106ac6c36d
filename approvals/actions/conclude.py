from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.entering import enter
from approvals.actions.exchange import require_exchanged
from approvals.actions.moving import pass_on
from approvals.actions.question import require_no_open_question
from approvals.actions.record_use import keep_use
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, Verb
from audit_log import clock
from evaluations.actions import grade_for, require_total, seal_content
from evaluations.models import Evaluation


@transaction.atomic
def conclude(
    *,
    evaluation: Evaluation,
    actor: User,
    total: Decimal,
    conclusion: str,
    use: str = "",
    percent: Decimal | None = None,
    use_reason: str = "",
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Conclude a score and a grade.

    ``total`` in points out of 100; the grade is its band in the evaluation's scheme.
    When nobody has to sign after it, the proposed rectification items are assigned, and
    without items the evaluation is closed. ``use`` is what the result is used for, the
    table's when it is left out; ``percent`` by how much a cut cuts the annual budget.
    Raises WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput for a total out
    of range, no text, an item whose due date has passed, a question that waits for its
    answer, or a use that departs from the table without a reason.
    """
    entry = enter(evaluation, actor, Verb.CONCLUDE, capacity)
    require_no_open_question(entry)
    require_exchanged(entry.evaluation)
    evaluation = entry.evaluation
    evaluation.concluded_total = require_total(total)
    evaluation.concluded_grade = grade_for(evaluation, total)
    evaluation.conclusion = require_text(conclusion, "conclusion", _("Write the conclusion."))
    evaluation.concluded_at = clock.now()
    evaluation.content_digest = seal_content(evaluation)
    decision = pass_on(
        entry,
        actor,
        Verb.CONCLUDE,
        opinion=evaluation.conclusion,
        total=total,
        is_demonstration=is_demonstration,
        data={"grade": evaluation.concluded_grade},
    )
    keep_use(evaluation, actor, decision, use=use, percent=percent, reason=use_reason)
    return decision
