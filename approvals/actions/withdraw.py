from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_for_reading, rights_of
from accounts.models import User
from approvals.actions.entering import Entry, require_appointment
from approvals.actions.moving import leave
from approvals.actions.shape import locked, require_text, standing_of
from approvals.course import Onward
from approvals.models import Decision, Verb
from approvals.procedure import step_at, step_of
from audit_log.errors import AlreadyHandled, JihengError, NotAllowed, WrongStage
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
HARMLESS = (
    "comment",
    "withdraw_comment",
    "remind",
    "escalate",
    "request_document",
    "request_notice_document",
)


@transaction.atomic
def withdraw(
    *, evaluation: Evaluation, actor: User, opinion: str, is_demonstration: bool = False
) -> Decision:
    """Take one's own last decision back, before anybody has acted on it.

    The dossier is at the step again where it was decided, in a new round, and in the
    hands of whoever withdrew. Where several had voted, all of them are asked again. Raises
    WrongStage when nothing can be withdrawn, NotAllowed for somebody else's decision or
    without the right that it was made by, AlreadyHandled when somebody has acted, InvalidInput
    without a reason.
    """
    evaluation = locked(evaluation.pk)
    step, last = step_at(evaluation), last_decision(evaluation)
    if step is None or last is None or last.verb not in WITHDRAWN or not passed_on(evaluation, last):
        raise WrongStage(_("There is nothing to withdraw at this point."), found=evaluation.stage)
    on_behalf_of = standing_as_before(evaluation, last, actor)
    event = require_untouched(evaluation, last)
    reason = require_text(opinion, "opinion", _("Say why you withdraw it."))
    before = step_of(evaluation, last.stage, last.step)
    person_id = None if before and before.is_joint else on_behalf_of or actor.pk
    straight_way = event.data.get("straight_way")
    detours = [*evaluation.detours, straight_way] if straight_way else evaluation.detours
    return leave(
        Entry(evaluation, step, last.organization_id, on_behalf_of_id=on_behalf_of),
        actor,
        Verb.WITHDRAW,
        Onward((last.stage, last.step), person_id=person_id, detours=tuple(detours)),
        new_round=True,
        opinion=reason,
        is_demonstration=is_demonstration,
        data={"withdrawn": last.pk},
    )


def passed_on(evaluation: Evaluation, decision: Decision) -> bool:
    """Whether the decision led onwards: a vote that failed has opened a new round, and stays."""
    return decision.moves and decision.round == evaluation.round


def too_late_or_not_theirs(evaluation: Evaluation, actor: User) -> JihengError:
    """Whoever decided before was overtaken by the next decision; nobody else ever could withdraw."""
    own = Decision.objects.filter(evaluation=evaluation, item=None, actor=actor, verb__in=WITHDRAWN)
    if own.exists():
        return AlreadyHandled(_("Somebody has begun to work on it: ask them to return it."))
    return NotAllowed(_("Only whoever decided can withdraw it."))


def last_decision(evaluation: Evaluation) -> Decision | None:
    """What was decided last on the evaluation itself."""
    return Decision.objects.filter(evaluation=evaluation, item=None).order_by("-pk").first()


def standing_as_before(evaluation: Evaluation, decision: Decision, actor: User) -> int | None:
    """On whose behalf the actor withdraws it: as it was decided. Raises NotAllowed.

    Whoever decided needs the right or the part still; whoever delegated it may withdraw as well.
    """
    if actor.pk not in (decision.actor_id, decision.on_behalf_of_id):
        raise too_late_or_not_theirs(evaluation, actor)
    step = step_of(evaluation, decision.stage, decision.step)
    assert step is not None
    if step.right is None:
        require_appointment(evaluation, step, actor)
        return None
    if decision.on_behalf_of_id not in (None, actor.pk):
        return standing_of(actor, step.right, decision.organization_id, decision.on_behalf_of_id)
    if not rights_of(actor).own(step.right, decision.organization_id):
        raise NotAllowed(_("You do not hold the right that this step asks for."), right=step.right)
    return None


def may_withdraw(evaluation: Evaluation, decision: Decision, reader: User) -> bool:
    """Whether the reader could take this last decision back, for pages: the action checks it again."""
    step = step_of(evaluation, decision.stage, decision.step)
    is_own = reader.pk in (decision.actor_id, decision.on_behalf_of_id)
    if not is_own or step is None or decision.verb not in WITHDRAWN or not passed_on(evaluation, decision):
        return False
    rights = rights_for_reading(reader)
    if step.right is not None and not rights.holds(step.right, decision.organization_id):
        return False
    try:
        require_untouched(evaluation, decision)
    except AlreadyHandled:
        return False
    return True


def require_untouched(evaluation: Evaluation, decision: Decision) -> AuditEvent:
    """The decision's event, when nobody did anything after it. Raises AlreadyHandled."""
    events = AuditEvent.objects.filter(chain=chain_of(evaluation.pk))
    event = events.get(object_type="decision", object_id=decision.pk, verb=decision.verb)
    # The use of the result is put on record with the conclusion itself, answers with what was handed in.
    part_of_it = Q(verb="record_use", data__decision=decision.pk) | Q(
        verb="answer_finding",
        actor_id=decision.actor_id,
        data__stage=decision.stage,
        data__round=decision.round,
    )
    later = events.filter(sequence__gt=event.sequence).exclude(verb__in=HARMLESS)
    if later.exclude(part_of_it).exists():
        raise AlreadyHandled(_("Somebody has begun to work on it: ask them to return it."))
    return event
