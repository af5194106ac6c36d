from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.item_shape import locked_item, measures_due_from_today, tell_next_of_item
from approvals.actions.record_use import review_use
from approvals.actions.shape import decide, require_text, standing_of
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from audit_log import clock
from audit_log.errors import InvalidInput, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import CONCLUDED_STAGES, Stage


@transaction.atomic
def reopen(
    *, item: RectificationItem, actor: User, opinion: str, due: date, is_demonstration: bool = False
) -> Decision:
    """Finance reopens a closed item: measures are planned anew, by a new due date.

    A closed evaluation goes back to rectification, and finance verifies at the
    end. Raises WrongStage, NotAllowed, and InvalidInput without a reason or with
    a due date in the past.
    """
    item = locked_item(item.pk)
    if item.stage != ItemStage.CLOSED:
        raise WrongStage(_("Only a closed item can be reopened."), found=item.stage)
    on_behalf_of = standing_of(actor, Right.VERIFY_FINANCE, item.evaluation.bureau_id)
    if item.evaluation.stage not in CONCLUDED_STAGES:
        raise WrongStage(
            _("The evaluation is being re-checked: reopen its item when that is over."),
            found=item.evaluation.stage,
        )
    reason = require_text(opinion, "opinion", _("Say why you reopen it."))
    if due < clock.today():
        raise InvalidInput.at("due", _("Set a due date that has not passed."))
    evaluation = item.evaluation
    if evaluation.stage == Stage.CLOSED:
        evaluation.stage = Stage.RECTIFICATION
        evaluation.closed_at = None
        evaluation.save_as(actor, "item reopened")
        record(chain=chain_of(evaluation.pk), verb="reopen_evaluation", actor=actor, object=evaluation)
    round = item.round
    item.stage = ItemStage.PLANNING
    item.round = round + 1
    item.closed_at = None
    item.due = due
    item.measures_due = measures_due_from_today(evaluation)
    item.settled = Decimal(0)
    item.sampled = True
    item.save_as(actor, "reopen")
    reopened = Decision(
        evaluation=evaluation,
        item=item,
        actor=actor,
        verb=Verb.REOPEN,
        stage=ItemStage.CLOSED,
        next_stage=ItemStage.PLANNING,
        organization_id=evaluation.bureau_id,
        on_behalf_of_id=on_behalf_of,
        round=round,
        opinion=reason,
        is_demonstration=is_demonstration,
    )
    decision = decide(reopened, {"due": due, "measures_due": item.measures_due})
    tell_next_of_item(item, decision)
    review_use(evaluation)
    return decision
