from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.moving import leave
from approvals.actions.shape import Entry, locked
from approvals.course import Onward
from approvals.models import Decision, Verb
from approvals.procedure import Step, step_at
from audit_log.errors import AlreadyHandled, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from audit_log.record import chain_of
from evaluations.models import Evaluation

WITHDRAWN = (
    Verb.SUBMIT,
    Verb.SUPPLY,
    Verb.APPROVE,
    Verb.ACCEPT,
    Verb.RECHECK,
    Verb.DRAFT,
    Verb.CONSIDER,
    Verb.CONCLUDE,
    Verb.SIGN,
)
# What others may do without having acted on the matter.
HARMLESS = ("comment", "withdraw_comment", "remind", "request_document", "delegate", "revoke_delegation")


@transaction.atomic
def withdraw(
    *, evaluation: Evaluation, actor: User, opinion: str = "", is_demonstration: bool = False
) -> Decision:
    """Take one's own last decision back, before anybody has acted on it.

    The dossier is at the step again where it was decided, in a new round, and in the
    hands of whoever withdrew. Raises WrongStage when nothing can be withdrawn,
    NotAllowed for somebody else's decision, AlreadyHandled when somebody has acted.
    """
    evaluation = locked(evaluation.pk)
    step, last = step_at(evaluation), last_decision(evaluation)
    if step is None or last is None or last.verb not in WITHDRAWN or not last.moves:
        raise WrongStage(_("There is nothing to withdraw at this point."), found=evaluation.stage)
    if actor.pk not in (last.actor_id, last.on_behalf_of_id):
        raise NotAllowed(_("Only whoever decided can withdraw it."))
    event = require_untouched(evaluation, last)
    straight_way = event.data.get("straight_way")
    detours = [*evaluation.detours, straight_way] if straight_way else evaluation.detours
    return leave(
        back_at(evaluation, step, last),
        actor,
        Verb.WITHDRAW,
        Onward((last.stage, last.step), person_id=actor.pk, detours=tuple(detours)),
        new_round=True,
        opinion=opinion,
        is_demonstration=is_demonstration,
        data={"withdrawn": last.pk},
    )


def last_decision(evaluation: Evaluation) -> Decision | None:
    """What was decided last on the evaluation itself."""
    return Decision.objects.filter(evaluation=evaluation, item=None).order_by("-pk").first()


def require_untouched(evaluation: Evaluation, decision: Decision) -> AuditEvent:
    """The decision's event, when nothing came after it. Raises AlreadyHandled."""
    events = AuditEvent.objects.filter(chain=chain_of(evaluation.pk))
    event = events.get(object_type="decision", object_id=decision.pk, verb=decision.verb)
    if events.filter(sequence__gt=event.sequence).exclude(verb__in=HARMLESS).exists():
        raise AlreadyHandled(_("Somebody has begun to work on it: ask them to return it."))
    return event


def back_at(evaluation: Evaluation, step: Step, decision: Decision) -> Entry:
    """The place of the withdrawal: the step that waits, in the name of whoever had decided."""
    return Entry(evaluation, step, decision.organization_id, on_behalf_of_id=decision.on_behalf_of_id)
