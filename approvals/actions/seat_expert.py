from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Rights, rights_of
from accounts.models import User
from accounts.roles import Right
from approvals.actions.shape import locked, require_right
from approvals.models import Decision
from audit_log.errors import ConflictOfInterest, InvalidInput, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Evaluation, EvaluationUserPermission, Seat, Stage


@transaction.atomic
def seat_expert(*, evaluation: Evaluation, actor: User, expert: User) -> Seat:
    """Seat an expert on a department or finance evaluation, before scoring begins.

    Raises WrongStage, NotAllowed, ConflictOfInterest for somebody of the unit or
    its department, the project's lead, or somebody who has decided on it, and
    InvalidInput for somebody who is no expert of the evaluator's or is seated already.
    """
    evaluation = locked(evaluation.pk)
    if evaluation.is_self or evaluation.stage != Stage.MATERIAL:
        raise WrongStage(_("Experts are seated before the scoring begins."), found=evaluation.stage)
    require_right(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
    rights = rights_of(expert)
    if not rights.holds(Right.BE_SEATED, evaluation.bureau_id):
        raise InvalidInput.at("expert", _("This person is not in the bureau's register of experts."))
    require_outsider(evaluation, expert, rights)
    if evaluation.seats.filter(expert=expert).exists():
        raise InvalidInput.at("expert", _("This expert is seated already."))
    seat = Seat(evaluation=evaluation, expert=expert, seated_by=actor)
    seat.save_as(actor)
    EvaluationUserPermission.objects.create(
        user=expert,
        permission=Permission.objects.get(content_type__app_label="evaluations", codename="score_evaluation"),
        content_object=evaluation,
    )
    record(
        chain=chain_of(evaluation.pk),
        verb="seat_expert",
        actor=actor,
        object=seat,
        data={"expert": expert.pk},
    )
    return seat


def require_outsider(evaluation: Evaluation, expert: User, rights: Rights) -> None:
    """Raises ConflictOfInterest for somebody of the unit or its department, or who decided on it."""
    inside = rights.at(Right.VIEW_EVALUATIONS) & {evaluation.unit_id, evaluation.department_id}
    if inside or evaluation.project.lead_id == expert.pk:
        raise ConflictOfInterest(_("This person belongs to the evaluated unit or its department."))
    if Decision.objects.filter(evaluation=evaluation, actor=expert).exists():
        raise ConflictOfInterest(_("This person has decided on this evaluation already."))
