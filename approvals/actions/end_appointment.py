from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import remove_perm

from accounts.models import User
from accounts.roles import Right
from approvals.actions.appointments import TAKE_PART
from approvals.actions.shape import locked, require_text, standing_of
from audit_log import clock
from audit_log.errors import WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Appointment
from notices import messages
from notices.jobs import announce


@transaction.atomic
def end_appointment(*, appointment: Appointment, actor: User, reason: str) -> Appointment:
    """End somebody's part in an evaluation: it gives no right from now on, and stays on record.

    Raises WrongStage for one that has ended, NotAllowed, and InvalidInput without a reason.
    """
    evaluation = locked(appointment.evaluation_id)
    appointment = Appointment.objects.select_related("person").get(pk=appointment.pk)
    on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
    if appointment.ended_at is not None:
        raise WrongStage(_("This appointment has ended already."))
    reason = require_text(reason, "reason", _("Say why the appointment ends."))
    appointment.ended_at = clock.now()
    appointment.save_as(actor, "end")
    remove_perm(TAKE_PART, appointment.person, evaluation)
    data = {"person": appointment.person_id, "part": appointment.part, "reason": reason}
    record(
        chain=chain_of(evaluation.pk),
        verb="end_appointment",
        actor=actor,
        object=appointment,
        data=data,
        on_behalf_of=on_behalf_of,
    )
    announce(
        message=messages.YOU_WERE_RECUSED,
        values={"project": evaluation.project.name, "reason": reason[:200]},
        path="/notices/",
        source=f"appointment-ended:{appointment.pk}",
        owner_id=appointment.person_id,
    )
    return appointment
