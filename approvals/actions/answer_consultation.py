from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.shape import locked, require_text
from approvals.audiences import require_may_write
from approvals.models import Consultation
from audit_log import clock
from audit_log.errors import NotAllowed, WrongStage
from audit_log.record import chain_of, record
from notices import messages
from notices.jobs import announce

LONGEST = 5000


@transaction.atomic
def answer_consultation(*, consultation: Consultation, actor: User, answer: str) -> Consultation:
    """Give the opinion that a colleague asked for, once; it decides nothing.

    It is no decision in the sense of separation of duties: whoever gave an opinion
    may still be asked to decide at another step. Raises NotFound, NotAllowed for
    anybody but the person asked, WrongStage when nobody waits for it any more, and
    InvalidInput.
    """
    consultation = locked_consultation(consultation)
    if consultation.colleague_id != actor.pk:
        raise NotAllowed(_("Somebody else was asked for this opinion."))
    require_may_write(actor, consultation.evaluation)
    require_waiting(consultation)
    if consultation.has_moved_on:
        raise WrongStage(_("The step was decided in the meantime: nobody waits for this opinion any more."))
    answer = require_text(answer, "answer", _("Write your opinion."), most=LONGEST)
    consultation.answer, consultation.answered_at = answer, clock.now()
    consultation.save(update_fields=["answer", "answered_at"])
    record(
        chain=chain_of(consultation.evaluation_id),
        verb="answer_consultation",
        actor=actor,
        object=consultation,
        data={"stage": consultation.stage, "item": consultation.item_id, "answer": answer},
    )
    announce(
        message=messages.OPINION_GIVEN,
        values={"person": str(actor), "project": consultation.evaluation.project.name},
        path=f"/consultations/{consultation.pk}/",
        source=f"consultation:{consultation.pk}:answer",
        owner_id=consultation.asked_by_id,
    )
    return consultation


def locked_consultation(consultation: Consultation) -> Consultation:
    """The consultation as it stands now, under the lock of its evaluation."""
    evaluation = locked(consultation.evaluation_id)
    found = Consultation.objects.select_related("item").get(pk=consultation.pk)
    found.evaluation = evaluation
    return found


def require_waiting(consultation: Consultation) -> None:
    """Raises WrongStage for what was answered or withdrawn."""
    if consultation.answered_at:
        raise WrongStage(_("This question was answered already."))
    if consultation.withdrawn_at:
        raise WrongStage(_("This question was withdrawn: nobody waits for the opinion any more."))
