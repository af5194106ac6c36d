"""The shape that every action has: lock, check, change, record, tell.

An action is called inside the transaction of its caller, or opens its own. It
takes the evaluation's row first, so that two verbs on one dossier queue up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Rights, lock_delegation, rights_of
from accounts.models import User
from approvals.course import appointments_of
from approvals.models import Ballot, Decision, RectificationItem, TurnKind, Verb
from approvals.procedure import Step, step_at
from audit_log.errors import (
    AlreadyHandled,
    ConflictOfInterest,
    InvalidInput,
    NotAllowed,
    NotFound,
    WrongStage,
)
from audit_log.record import chain_of, record
from evaluations.models import Evaluation, ScoreSource, Stage

# These put content before somebody else: whoever did them decides on it no more.
HANDING_IN = (Verb.SUBMIT, Verb.SUPPLY)
# These move a dossier without judging it.
NO_JUDGEMENT = (Verb.OPEN, Verb.WITHDRAW, Verb.EXCUSE, Verb.DRAW)
# The office that runs an evaluation drafts, weighs the answers and drafts again.
RUNNING = ("draft", "consider")
RUNNING_STAGES = (Stage.DRAFT_CONCLUSION, Stage.EXCHANGE_OF_VIEWS)


def locked(evaluation_id: int) -> Evaluation:
    """The evaluation under its row lock. Raises NotFound."""
    try:
        return (
            Evaluation.objects.select_for_update(of=("self",))
            .select_related("project", "policy")
            .get(pk=evaluation_id)
        )
    except Evaluation.DoesNotExist:
        raise NotFound() from None


def require_step(evaluation: Evaluation, verb: Verb) -> Step:
    """The present step, when it offers ``verb``. Raises WrongStage."""
    step = step_at(evaluation)
    if step is None or verb not in step.verbs:
        raise WrongStage(
            _("This cannot be done now: the evaluation is at the stage “%(stage)s”.")
            % {"stage": evaluation.get_stage_display()},
            verb=verb.value,
            found=evaluation.stage,
        )
    return step


def verb_at(evaluation: Evaluation) -> Verb:
    """The verb that passes the present step. Raises WrongStage where nobody is asked."""
    step = step_at(evaluation)
    if step is None:
        raise WrongStage(_("Nobody is asked at this stage."), found=evaluation.stage)
    return step.verbs[0]


def require_right(actor: User, right: str, organization_id: int | None) -> Rights:
    """The actor's rights, read afresh. Raises NotAllowed without this one."""
    rights = rights_of(actor)
    if not rights.holds(right, organization_id):
        raise NotAllowed(_("You do not hold the right that this step asks for."), right=right)
    return rights


def standing_of(
    actor: User, right: str, organization_id: int | None, on_behalf_of: int | None = None
) -> int | None:
    """For whom the actor acts by this right: None for themself, else the id of whoever delegated it.

    What was delegated is held until the transaction ends: a revocation comes before or after.
    Raises NotAllowed without the right.
    """
    rights = rights_of(actor)
    if on_behalf_of is None and rights.own(right, organization_id):
        return None
    delegators = rights.delegators(right, organization_id)
    chosen = on_behalf_of if on_behalf_of is not None else min(delegators, default=None)
    if chosen is None or chosen not in delegators:
        raise NotAllowed(_("You do not hold the right that this step asks for."), right=right)
    lock_delegation(chosen, actor.pk, right, organization_id)
    return chosen


def require_independence(evaluation: Evaluation, actor: User, on_behalf_of: int | None = None) -> Course:
    """Nobody decides on what they filled in or submitted, nor at two steps on the same content.

    That is asked of the actor and of whoever delegated the role to the actor. Returns what
    was read of the evaluation's course. Raises ConflictOfInterest.
    """
    people = [actor.pk, on_behalf_of] if on_behalf_of else [actor.pk]
    if evaluation.project.lead_id in people:
        raise ConflictOfInterest(_("You lead this project: somebody else has to decide."))
    course = course_of(evaluation, people)
    if course.had_a_hand_in:
        raise ConflictOfInterest(
            _("You submitted this dossier or decided on it earlier: somebody else has to decide now.")
        )
    return course


# Written out: built by the ORM, the same statement takes seven times as long, in every decision.
COURSE = """
SELECT EXISTS (SELECT FROM approvals_decision
               WHERE evaluation_id = %(evaluation)s AND item_id IS NULL
                 AND (actor_id = ANY(%(people)s) OR on_behalf_of_id = ANY(%(people)s))
                 AND (verb = ANY(%(handing_in)s)
                      OR (verb <> ALL(%(no_judgement)s) AND (stage, step) <> (%(stage)s, %(step)s)
                          AND NOT (stage = ANY(%(running)s) AND verb <> %(answer)s)
                          AND (round = %(round)s OR content_digest = NULLIF(%(content)s, '')))))
    OR EXISTS (SELECT FROM evaluations_evidence
               WHERE evaluation_id = %(evaluation)s AND uploaded_by_id = ANY(%(people)s))
    OR EXISTS (SELECT FROM evaluations_score s JOIN evaluations_indicator i ON i.id = s.indicator_id
               WHERE i.evaluation_id = %(evaluation)s AND s.given_by_id = ANY(%(people)s)
                 AND s.source = %(stated)s),
       EXISTS (SELECT FROM approvals_findingturn t JOIN approvals_recordedfinding f ON f.id = t.finding_id
               WHERE f.evaluation_id = %(evaluation)s AND t.kind = %(question)s AND t.stage = %(stage)s
                 AND NOT EXISTS (SELECT FROM approvals_findingturn a WHERE a.question_id = t.id))
"""


class Course(NamedTuple):
    """What the course of an evaluation means for somebody's decision on it.

    ``had_a_hand_in``: one of them handed it in, filled it in, or decided at another step
    of it. ``has_open_question``: a question of the present stage waits for its answer.
    """

    had_a_hand_in: bool
    has_open_question: bool


def course_of(evaluation: Evaluation, people: list[int]) -> Course:
    """Both in one statement."""
    step = step_at(evaluation)
    runs = step is not None and step.policy is not None and step.policy.work in RUNNING
    values: dict[str, Any] = {
        "evaluation": evaluation.pk,
        "people": people,
        "handing_in": [verb.value for verb in HANDING_IN],
        "no_judgement": [verb.value for verb in NO_JUDGEMENT],
        "running": [stage.value for stage in RUNNING_STAGES] if runs else [],
        "answer": Verb.ANSWER.value,
        "stage": str(evaluation.stage),
        "step": evaluation.step,
        "round": evaluation.round,
        "content": evaluation.content_digest,
        "stated": ScoreSource.STATED.value,
        "question": TurnKind.QUESTION.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(COURSE, values)
        return Course(*cursor.fetchone())


def require_text(text: str, field: str, message: Any) -> str:
    """The text without surrounding space. Raises InvalidInput without any."""
    if not text.strip():
        raise InvalidInput.at(field, message)
    return text.strip()


def decide(
    *,
    evaluation: Evaluation,
    actor: User,
    verb: Verb,
    stage: str,
    next_stage: str,
    organization_id: int | None,
    step: int = 0,
    next_step: int = 0,
    next_person_id: int | None = None,
    straight_back: bool = False,
    on_behalf_of_id: int | None = None,
    item: RectificationItem | None = None,
    round: int | None = None,
    opinion: str = "",
    total: Decimal | None = None,
    is_demonstration: bool = False,
    data: dict[str, Any] | None = None,
) -> Decision:
    """Write the decision and its audit event."""
    decision = Decision(
        evaluation=evaluation,
        item=item,
        verb=verb,
        stage=stage,
        step=step,
        next_stage=next_stage,
        next_step=next_step,
        next_person_id=next_person_id,
        straight_back=straight_back,
        on_behalf_of_id=on_behalf_of_id,
        round=round or (item.round if item else evaluation.round),
        opinion=opinion,
        total=total,
        actor=actor,
        organization_id=organization_id,
        content_digest=evaluation.content_digest,
        is_demonstration=is_demonstration,
    )
    decision.save(force_insert=True)
    record(
        chain=chain_of(evaluation.pk),
        verb=verb.value,
        actor=actor,
        object=decision,
        data={
            **(data or {}),
            "stage": stage,
            "step": step,
            "next_stage": next_stage,
            "next_step": next_step,
            "next_person": next_person_id,
            "straight_back": straight_back,
            "on_behalf_of": on_behalf_of_id,
            "round": decision.round,
            "item": item.pk if item else None,
            "opinion": opinion,
            "total": total,
            "content": evaluation.content_digest,
        },
    )
    return decision


def require_appointment(evaluation: Evaluation, step: Step, actor: User) -> None:
    """Raises NotAllowed unless the actor has the part that the step asks for."""
    if not appointments_of(evaluation).filter(part=step.part, person=actor).exists():
        raise NotAllowed(_("You have not been appointed to this part of the evaluation."), part=step.part)


def ballots_now(evaluation: Evaluation) -> list[Ballot]:
    """The ballots of the present step in this round, in their order."""
    return list(
        Ballot.objects.filter(
            evaluation=evaluation, stage=evaluation.stage, step=evaluation.step, round=evaluation.round
        )
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
    others = [each for each in ballots if each.pk != ballot.pk and each.excused_at is None]
    asked_too = any(each.person_id in people for each in others)
    by_them = Q(actor__in=people) | Q(on_behalf_of__in=people)
    if asked_too or Decision.objects.filter(by_them, ballot__in=others).exists():
        raise ConflictOfInterest(_("You have a voice at this step already: somebody else has to act here."))


@dataclass(frozen=True)
class Capacity:
    """In which capacity somebody acts: on which ballot, and on whose behalf (an id each)."""

    ballot: int | None = None
    on_behalf_of: int | None = None


OWN = Capacity()


@dataclass(frozen=True)
class Entry:
    """A verb that may go on: the locked evaluation, its step, and for whom it is done."""

    evaluation: Evaluation
    step: Step
    organization_id: int | None
    has_open_question: bool = False
    ballot: Ballot | None = None
    on_behalf_of_id: int | None = None


def enter(evaluation: Evaluation, actor: User, verb: Verb, capacity: Capacity = OWN) -> Entry:
    """Lock the evaluation and check stage, right and separation of duties, in this order.

    Raises NotFound, WrongStage, NotAllowed, ConflictOfInterest, and AlreadyHandled for a
    ballot that was given.
    """
    evaluation = locked(evaluation.pk)
    step = require_step(evaluation, verb)
    ballots = ballots_now(evaluation) if step.is_joint else []
    ballot = ballot_at(ballots, step, actor, capacity) if step.is_joint else None
    right, organization_id = asked_of(evaluation, step, ballot)
    on_behalf_of = None
    if right:
        on_behalf_of = standing_of(actor, right, organization_id, for_whom(capacity, ballot, actor))
    elif not step.is_joint:
        require_appointment(evaluation, step, actor)
    if ballot is not None:
        require_one_voice(ballot, ballots, actor, on_behalf_of)
    if step.fills:
        return Entry(evaluation, step, organization_id, False, ballot, on_behalf_of)
    course = require_independence(evaluation, actor, on_behalf_of)
    return Entry(evaluation, step, organization_id, course.has_open_question, ballot, on_behalf_of)


def for_whom(capacity: Capacity, ballot: Ballot | None, actor: User) -> int | None:
    """Whose work the actor does, where it is somebody's by name."""
    named = capacity.on_behalf_of or (ballot.person_id if ballot else None)
    return named if named != actor.pk else None


def asked_of(evaluation: Evaluation, step: Step, ballot: Ballot | None) -> tuple[str, int | None]:
    """The right that the actor needs, and where: the ballot's own, else the step's."""
    if ballot is not None:
        return ballot.right, ballot.organization_id or step.organization_id(evaluation)
    return step.right or "", step.organization_id(evaluation)
