from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import remove_perm

from accounts.models import User
from accounts.roles import Right
from approvals.actions.seating import SCORE, experts_done
from approvals.actions.shape import locked, require_text, standing_of
from approvals.models import Ballot
from audit_log import clock
from audit_log.errors import NotAllowed, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import PANEL_STAGES, Evaluation, Seat, Stage
from notices import messages
from notices.jobs import announce


@transaction.atomic
def recuse(*, seat: Seat, actor: User, reason: str) -> Seat:
    """An expert leaves the panel (回避): by their own word, or by the evaluator's.

    It is possible until the expert has scored in the present round. The seat stays on record and
    gives no right any more; given up during the scoring, it waits for a replacement.
    Raises WrongStage, NotAllowed, InvalidInput without a reason.
    """
    evaluation = locked(seat.evaluation_id)
    seat = Seat.objects.select_related("expert").get(pk=seat.pk)
    if evaluation.stage not in PANEL_STAGES:
        raise WrongStage(_("An expert is recused before scoring, not afterwards."), found=evaluation.stage)
    if seat.is_recused:
        raise WrongStage(_("This expert is recused already."))
    on_behalf_of = standing_at(evaluation, seat, actor)
    if seat.expert_id in experts_done(evaluation):
        raise WrongStage(_("This expert has scored in this round already."))
    seat.recused_at, seat.recused_by = clock.now(), actor
    seat.recused_reason = require_text(reason, "reason", _("Say why the expert does not take part."))
    seat.needs_replacement = evaluation.stage == Stage.EXPERT_SCORING
    seat.save_as(actor, "recuse")
    remove_perm(SCORE, seat.expert, evaluation)
    excuse_ballots(seat, actor)
    data = {"expert": seat.expert_id, "stage": evaluation.stage, "reason": seat.recused_reason}
    record(
        chain=chain_of(evaluation.pk),
        verb="recuse",
        actor=actor,
        object=seat,
        data=data,
        on_behalf_of=on_behalf_of,
    )
    tell_recused(evaluation, seat, actor)
    return seat


def standing_at(evaluation: Evaluation, seat: Seat, actor: User) -> int | None:
    """For whom the evaluator's office ends the part; None for the expert. Raises NotAllowed."""
    if actor.pk != seat.expert_id:
        return standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
    if not actor.has_perm(SCORE, evaluation):
        raise NotAllowed(_("You have no seat on this evaluation."))
    return None


def excuse_ballots(seat: Seat, actor: User) -> None:
    """The seat's voice is waited for no more."""
    for ballot in Ballot.objects.filter(seat=seat, decision=None, excused_at=None):
        ballot.excused_at, ballot.excuse = seat.recused_at, seat.recused_reason
        ballot.save_as(actor, "recuse")


def tell_recused(evaluation: Evaluation, seat: Seat, actor: User) -> None:
    """Tell the evaluator's office of an expert who goes, or the expert whom the office lets go."""
    values = {"project": evaluation.project.name, "reason": seat.recused_reason[:200]}
    if actor.pk == seat.expert_id:
        announce(
            message=messages.RECUSED,
            values={**values, "person": str(seat.expert)},
            path=f"/evaluations/{evaluation.pk}/figures/#seats",
            source=f"recused:{seat.pk}",
            right=Right.RUN_EVALUATION.value,
            organization_id=evaluation.evaluator_id,
        )
    else:
        announce(
            message=messages.YOU_WERE_RECUSED,
            values=values,
            path="/notices/",
            source=f"recused:{seat.pk}",
            owner_id=seat.expert_id,
        )
