from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
from accounts.models import User
from accounts.roles import Right
from approvals.actions.entering import Entry
from approvals.actions.moving import count, go_back, pass_on, stay
from approvals.actions.shape import locked, require_text, standing_of
from approvals.actions.voices import ballots_now
from approvals.models import Ballot, Decision, Verb
from approvals.procedure import Step, step_at
from audit_log import clock
from audit_log.errors import AlreadyHandled, InvalidInput, WrongStage
from evaluations.models import Evaluation


@transaction.atomic
def excuse(*, evaluation: Evaluation, actor: User, ballot: int, reason: str, is_overdue: bool) -> Decision:
    """Go on without a voice that was asked for, with a reason: nobody votes by letting time pass.

    The office that runs the evaluation does it, once the days to act are over
    (``is_overdue``, as the task says) or the person may not act any more. As many voices
    have to be left as must agree, at least one, except where views on a draft are asked
    for. Raises WrongStage, NotAllowed, AlreadyHandled, InvalidInput.
    """
    evaluation = locked(evaluation.pk)
    step = step_at(evaluation)
    if step is None or not step.is_joint:
        raise WrongStage(_("Only where several are asked can one be gone without."), found=evaluation.stage)
    on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
    ballots = ballots_now(evaluation)
    chosen = next((each for each in ballots if each.pk == ballot), None)
    if chosen is None or not chosen.is_open:
        raise AlreadyHandled(_("This voice was given or excused in the meantime."))
    if not is_overdue and can_still_vote(chosen):
        raise WrongStage(_("There is still time to act, and somebody who can."))
    text = require_text(reason, "reason", _("Say why the procedure goes on without this voice."))
    require_enough_left(step, [each for each in ballots if each.pk != chosen.pk])
    chosen.excused_at, chosen.excuse = clock.now(), text
    chosen.save_as(actor, Verb.EXCUSE.value)
    entry = Entry(
        evaluation, step, evaluation.evaluator_id, ballots=tuple(ballots), on_behalf_of_id=on_behalf_of
    )
    data = {"ballot": chosen.pk, "name": str(chosen.person or chosen.organization or "")}
    counted = count(evaluation, step, ballots)
    if counted is None:
        return stay(entry, actor, Verb.EXCUSE, opinion=text, data=data)
    if counted:
        return go_back(entry, actor, Verb.EXCUSE, **counted, opinion=text, data=data)
    return pass_on(entry, actor, Verb.EXCUSE, opinion=text, data=data)


def require_enough_left(step: Step, others: Sequence[Ballot]) -> None:
    """Raises InvalidInput when too few voices would be left: a quorum does not shrink."""
    assert step.policy is not None
    if step.policy.work == "answer":
        return  # everybody who was asked for views on a draft may stay silent; that agrees to nothing
    least = step.policy.needed or 1
    left = sum(each.excused_at is None for each in others)
    if left >= least:
        return
    if least == 1:
        raise InvalidInput.at("reason", _("This is the last voice: somebody has to give it."))
    words = _("%(needed)s have to agree here: have this vote handed over to another holder of the role.")
    raise InvalidInput.at("reason", words % {"needed": least})


def can_still_vote(ballot: Ballot) -> bool:
    """Whether whoever is asked may act: a role that waits for a holder cannot."""
    if ballot.person is None:
        return True
    if not ballot.person.is_active:
        return False
    return not ballot.right or rights_of(ballot.person).holds(ballot.right, ballot.organization_id)
