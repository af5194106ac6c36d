"""The ballots of a step that asks several: whose turn it is, and who may give which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
from accounts.models import User
from approvals.models import Ballot
from approvals.procedure import Step
from audit_log.errors import AlreadyHandled, ConflictOfInterest, NotAllowed
from evaluations.models import Evaluation


@dataclass(frozen=True)
class Capacity:
    """In which capacity somebody acts: on which ballot, and on whose behalf (an id each)."""

    ballot: int | None = None
    on_behalf_of: int | None = None


OWN = Capacity()


def ballots_now(evaluation: Evaluation) -> list[Ballot]:
    """The ballots of the present step in this round, in their order."""
    return list(
        Ballot.objects.filter(
            evaluation=evaluation, stage=evaluation.stage, step=evaluation.step, round=evaluation.round
        ).select_related("decision")
    )


def in_turn(step: Step, ballots: Sequence[Ballot]) -> list[Ballot]:
    """The open ballots whose turn it is: all of them, or the first where one votes after the other."""
    waiting = [ballot for ballot in ballots if ballot.is_open]
    one_by_one = step.policy is not None and step.policy.who == "sequence"
    return waiting[:1] if one_by_one else waiting


def ballot_at(ballots: Sequence[Ballot], step: Step, actor: User, capacity: Capacity) -> Ballot:
    """Of these the ballot that the actor votes on. Raises NotAllowed, AlreadyHandled for a given one."""
    people = {actor.pk} | ({capacity.on_behalf_of} if capacity.on_behalf_of else set())
    waiting = in_turn(step, ballots)
    if capacity.ballot is not None:
        waiting = [ballot for ballot in waiting if ballot.pk == capacity.ballot]
    own = [ballot for ballot in waiting if ballot.person_id in people]
    rights = rights_of(actor) if any(ballot.person_id is None for ballot in waiting) else None
    of_a_role = [
        ballot
        for ballot in waiting
        if ballot.person_id is None and rights and rights.holds(ballot.right, ballot.organization_id)
    ]
    if found := own or of_a_role:
        return found[0]
    if any(ballot.person_id in people and ballot.decision_id for ballot in ballots):
        raise AlreadyHandled(_("You have voted at this step already."))
    raise NotAllowed(_("You are not asked at this step."))


def require_one_voice(
    ballot: Ballot, ballots: Sequence[Ballot], actor: User, on_behalf_of: int | None = None
) -> None:
    """Nobody votes twice at one step: not for somebody else either, nor by somebody else.

    Raises ConflictOfInterest.
    """
    people = {actor.pk} | ({on_behalf_of} if on_behalf_of else set())
    if people & voices_besides(ballot, ballots):
        raise ConflictOfInterest(_("You have a voice at this step already: somebody else has to act here."))


def voices_besides(ballot: Ballot, ballots: Sequence[Ballot]) -> set[int | None]:
    """Ids of all who are asked by another of these ballots, or who gave one, for themself or for somebody."""
    others = [each for each in ballots if each.pk != ballot.pk and each.excused_at is None]
    given = [each.decision for each in others if each.decision is not None]
    asked = {each.person_id for each in others}
    return asked | {each.actor_id for each in given} | {each.on_behalf_of_id for each in given}
