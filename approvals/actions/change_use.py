from __future__ import annotations

from copy import copy
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.independence import require_independence
from approvals.actions.record_use import RequiredUse, facts_of, require_use, shown_percent, write
from approvals.actions.shape import locked, standing_of
from approvals.models import Decision, ResultUse, UseOfResult, Verb
from audit_log.errors import InvalidInput, WrongStage
from evaluations.models import CONCLUDED_STAGES, Evaluation, Stage
from notices import messages
from notices.jobs import announce


@transaction.atomic
def change_use(
    *,
    evaluation: Evaluation,
    actor: User,
    use: str = "",
    percent: Decimal | None = None,
    use_reason: str = "",
    is_demonstration: bool = False,
) -> ResultUse:
    """Whoever concludes decides anew what a concluded result is used for.

    Without ``use`` it follows the table for the items as they stand now. Raises
    NotFound, WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput as
    ``require_use`` does, or when nothing would change.
    """
    evaluation = locked(evaluation.pk)
    kept = ResultUse.objects.filter(evaluation=evaluation).first()
    if evaluation.stage not in CONCLUDED_STAGES or kept is None:
        raise WrongStage(_("A result is used when it is concluded."), found=evaluation.stage)
    then = as_at_the_conclusion(evaluation)
    on_behalf_of = standing_of(actor, Right.CONCLUDE, evaluation.evaluator_id, evaluation=then)
    require_independence(then, actor, on_behalf_of)
    required = require_use(evaluation, kept.grade, use=use, percent=percent, reason=use_reason)
    if not differs(kept, required):
        raise InvalidInput.at("use", _("This use of the result is on record already."))
    before = facts_of(kept)
    kept.is_demonstration = is_demonstration
    event = write(kept, required, actor, "change_use", before=before, on_behalf_of=on_behalf_of)
    tell_changed(evaluation, kept, event)
    return kept


def as_at_the_conclusion(evaluation: Evaluation) -> Evaluation:
    """The evaluation as separation of duties judges it: to have concluded it is no decision elsewhere."""
    concluded = Decision.objects.filter(evaluation=evaluation, verb=Verb.CONCLUDE).order_by("pk").last()
    then = copy(evaluation)
    then.stage = Stage.CONCLUSION
    then.step = concluded.step if concluded else 0
    return then


def differs(kept: ResultUse, required: RequiredUse) -> bool:
    """Whether anything would change; to confirm a use under another word of the table does."""
    return (kept.chosen, kept.by_table, kept.rectification, kept.reason) != (
        required.chosen,
        required.named,
        required.rectification,
        required.reason,
    )


def tell_changed(evaluation: Evaluation, kept: ResultUse, event: int) -> None:
    """Tell the unit what its result is used for now."""
    announce(
        message=messages.USE_CHANGED,
        values={"project": evaluation.project.name, "percent": shown_percent(kept.percent)},
        stage=UseOfResult(kept.use).label,
        path=f"/evaluations/{evaluation.pk}/",
        source=f"use:{event}",
        right=Right.VIEW_EVALUATIONS.value,
        organization_id=evaluation.unit_id,
    )
