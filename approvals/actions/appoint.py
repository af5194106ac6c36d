from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.roles import Right
from approvals.actions.appointments import TAKE_PART, require_outsider
from approvals.actions.shape import locked, require_text, standing_of
from approvals.course import appointed_to, appointments_of, rank
from audit_log.errors import InvalidInput, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import CONCLUDED_STAGES, Appointment, Evaluation, Part, Stage
from evaluations.policies.grammar import AGENCY_PARTS
from notices import messages
from notices.jobs import announce


@transaction.atomic
def appoint(*, evaluation: Evaluation, actor: User, person: User, part: str, agency: str = "") -> Appointment:
    """Appoint somebody to a part in a department or finance evaluation, until it is concluded.

    The person may see the evaluation from then on. ``agency`` is the name of the agency,
    for the agency's parts. Raises WrongStage, NotAllowed, ConflictOfInterest for
    somebody of the unit or its department, seated on it or who has decided on it, and InvalidInput
    for a part that somebody has, a person who has one, or an agency's part without its name.
    """
    evaluation = locked(evaluation.pk)
    if evaluation.is_self or evaluation.stage in CONCLUDED_STAGES:
        raise WrongStage(_("Nobody is appointed to this evaluation now."), found=evaluation.stage)
    on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
    require_free(evaluation, person, part)
    require_outsider(evaluation, person, part)
    if part in AGENCY_PARTS:
        require_before_the_draft(evaluation)
        agency = require_text(agency, "agency", _("Enter the name of the agency."))
    appointment = Appointment(
        evaluation=evaluation,
        part=part,
        person=person,
        agency=agency if part in AGENCY_PARTS else "",
        appointed_by=actor,
    )
    appointment.save_as(actor, "appoint")
    assign_perm(TAKE_PART, person, evaluation)
    data = {"person": person.pk, "part": part, "agency": appointment.agency}
    record(
        chain=chain_of(evaluation.pk),
        verb="appoint",
        actor=actor,
        object=appointment,
        data=data,
        on_behalf_of=on_behalf_of,
    )
    announce(
        message=messages.APPOINTED,
        values={"project": evaluation.project.name},
        path=f"/evaluations/{evaluation.pk}/",
        source=f"appointment:{appointment.pk}",
        owner_id=person.pk,
    )
    return appointment


def require_before_the_draft(evaluation: Evaluation) -> None:
    """An agency comes in before the draft, which it reviews itself; later only its people change.

    Raises WrongStage.
    """
    drafted = rank(evaluation, (evaluation.stage, evaluation.step)) > rank(
        evaluation, (Stage.DRAFT_CONCLUSION, 0)
    )
    known = Appointment.objects.filter(evaluation=evaluation, part__in=AGENCY_PARTS)
    if drafted and not known.exists():
        raise WrongStage(
            _("An agency is appointed before the draft: return the dossier to the draft first."),
            found=evaluation.stage,
        )


def require_free(evaluation: Evaluation, person: User, part: str) -> None:
    """Raises InvalidInput unless the part is free and the person able to take it: one part for one person."""
    if part not in Part.values:
        raise InvalidInput.at("part", _("There is no such part."), found=part)
    if appointed_to(evaluation, part) is not None:
        raise InvalidInput.at("part", _("Somebody has this part already: end that appointment first."))
    if not person.is_active:
        raise InvalidInput.at("person", _("This person's account is closed."))
    if appointments_of(evaluation).filter(person=person).exists():
        raise InvalidInput.at("person", _("This person has a part in this evaluation already."))
