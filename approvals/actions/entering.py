"""Entering a step: lock, stage, right, ballot and separation of duties, in this order."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.independence import require_independence
from approvals.actions.shape import locked, require_step, standing_of
from approvals.actions.voices import OWN, Capacity, ballot_at, ballots_now, require_one_voice
from approvals.course import appointments_of
from approvals.models import Ballot, Verb
from approvals.procedure import Step
from audit_log.errors import NotAllowed
from evaluations.models import Evaluation


@dataclass(frozen=True)
class Entry:
    """A verb that may go on: the locked evaluation, its step, and for whom it is done."""

    evaluation: Evaluation
    step: Step
    organization_id: int | None
    has_open_question: bool = False
    ballot: Ballot | None = None
    ballots: tuple[Ballot, ...] = ()
    """Those of the step in this round, where it asks several: ``ballot`` is the one that is given."""
    on_behalf_of_id: int | None = None


def enter(evaluation: Evaluation, actor: User, verb: Verb, capacity: Capacity = OWN) -> Entry:
    """Lock the evaluation and check stage, right and separation of duties, in this order.

    Raises NotFound, WrongStage, NotAllowed, ConflictOfInterest, and AlreadyHandled for a
    ballot that was given.
    """
    evaluation = locked(evaluation.pk)
    return enter_step(evaluation, require_step(evaluation, verb), actor, capacity)


def enter_step(evaluation: Evaluation, step: Step, actor: User, capacity: Capacity = OWN) -> Entry:
    """The same for the present step of an evaluation that is locked already."""
    ballots = ballots_now(evaluation) if step.is_joint else []
    ballot = ballot_at(ballots, step, actor, capacity) if step.is_joint else None
    right, organization_id = asked_of(evaluation, step, ballot)
    on_behalf_of = None
    if right:
        on_behalf_of = standing_of(
            actor, right, organization_id, for_whom(capacity, ballot, actor), evaluation
        )
    elif ballot is None:
        require_appointment(evaluation, step, actor)
    elif ballot.person_id != actor.pk:
        raise NotAllowed(_("A seat is personal: nobody acts for its expert."))
    if ballot is not None:
        require_one_voice(ballot, ballots, actor, on_behalf_of)
    asks_the_unit = False
    if not step.fills:
        asks_the_unit = require_independence(evaluation, actor, on_behalf_of).has_open_question
    return Entry(evaluation, step, organization_id, asks_the_unit, ballot, tuple(ballots), on_behalf_of)


def for_whom(capacity: Capacity, ballot: Ballot | None, actor: User) -> int | None:
    """Whose work the actor does, where it is somebody's by name."""
    named = capacity.on_behalf_of or (ballot.person_id if ballot else None)
    return named if named != actor.pk else None


def asked_of(evaluation: Evaluation, step: Step, ballot: Ballot | None) -> tuple[str, int | None]:
    """The right that the actor needs, and where: the ballot's own, else the step's."""
    if ballot is not None:
        return ballot.right, ballot.organization_id or step.organization_id(evaluation)
    return step.right or "", step.organization_id(evaluation)


def require_appointment(evaluation: Evaluation, step: Step, actor: User) -> None:
    """Raises NotAllowed unless the actor has the part that the step asks for."""
    if not appointments_of(evaluation).filter(part=step.part, person=actor).exists():
        raise NotAllowed(_("You have not been appointed to this part of the evaluation."), part=step.part)
