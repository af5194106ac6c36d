from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.answer_consultation import locked_consultation, require_waiting
from approvals.models import Consultation
from audit_log import clock
from audit_log.errors import NotAllowed
from audit_log.record import chain_of, record
from notices import messages
from notices.jobs import announce


@transaction.atomic
def withdraw_consultation(*, consultation: Consultation, actor: User) -> Consultation:
    """Ask no longer for an opinion that was not given yet; the question stays on record.

    Raises NotFound, NotAllowed for anybody but the asker, WrongStage for what was
    answered or withdrawn already.
    """
    consultation = locked_consultation(consultation)
    if consultation.asked_by_id != actor.pk:
        raise NotAllowed(_("A question is withdrawn by whoever asked it."))
    require_waiting(consultation)
    consultation.withdrawn_at = clock.now()
    consultation.save(update_fields=["withdrawn_at"])
    record(
        chain=chain_of(consultation.evaluation_id),
        verb="withdraw_consultation",
        actor=actor,
        object=consultation,
        data={"stage": consultation.stage, "item": consultation.item_id},
    )
    announce(
        message=messages.NO_LONGER_ASKED,
        values={"person": str(actor), "project": consultation.evaluation.project.name},
        path=f"/consultations/{consultation.pk}/",
        source=f"consultation:{consultation.pk}:withdrawal",
        owner_id=consultation.colleague_id,
    )
    return consultation
