"""The shape that every action has: lock, check, change, record, tell.

An action is called inside the transaction of its caller, or opens its own. It
takes the evaluation's row first, so that two verbs on one dossier queue up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.access import Rights, rights_of
from accounts.models import User
from accounts.roles import Right
from approvals.models import Decision, RectificationItem, TurnKind, Verb
from approvals.procedure import Step, steps_of
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, NotFound, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Evaluation, ScoreSource, Stage
from notices import messages
from notices.jobs import announce

# These put content before somebody else: whoever did them decides on it no more.
HANDING_IN = (Verb.SUBMIT, Verb.SUPPLY)


def locked(evaluation_id: int) -> Evaluation:
    """The evaluation under its row lock. Raises NotFound."""
    try:
        return (
            Evaluation.objects.select_for_update(of=("self",)).select_related("project").get(pk=evaluation_id)
        )
    except Evaluation.DoesNotExist:
        raise NotFound() from None


def require_step(evaluation: Evaluation, verb: Verb) -> Step:
    """The present step, when it offers ``verb``. Raises WrongStage."""
    step = steps_of(evaluation).get(evaluation.stage)
    if step is None or verb not in step.verbs:
        raise WrongStage(
            _("This cannot be done now: the evaluation is at the stage “%(stage)s”.")
            % {"stage": evaluation.get_stage_display()},
            verb=verb.value,
            found=evaluation.stage,
        )
    return step


def require_right(actor: User, right: str, organization_id: int | None) -> Rights:
    """The actor's rights, read afresh. Raises NotAllowed without this one."""
    rights = rights_of(actor)
    if not rights.holds(right, organization_id):
        raise NotAllowed(_("You do not hold the right that this step asks for."), right=right)
    return rights


def require_independence(evaluation: Evaluation, actor: User) -> Course:
    """Nobody decides on what they filled in or submitted, nor at two stages on the same content.

    Returns what was read of the evaluation's course. Raises ConflictOfInterest.
    """
    if evaluation.project.lead_id == actor.pk:
        raise ConflictOfInterest(_("You lead this project: somebody else has to decide."))
    course = course_of(evaluation, actor)
    if course.had_a_hand_in:
        raise ConflictOfInterest(
            _("You submitted this dossier or decided on it earlier: somebody else has to decide now.")
        )
    return course


# Written out: built by the ORM, the same statement takes seven times as long, in every decision.
COURSE = """
SELECT EXISTS (SELECT FROM approvals_decision
               WHERE evaluation_id = %(evaluation)s AND item_id IS NULL AND actor_id = %(actor)s
                 AND (verb = ANY(%(handing_in)s)
                      OR (verb <> %(opening)s AND stage <> %(stage)s
                          AND (round = %(round)s OR content_digest = NULLIF(%(content)s, '')))))
    OR EXISTS (SELECT FROM evaluations_evidence
               WHERE evaluation_id = %(evaluation)s AND uploaded_by_id = %(actor)s)
    OR EXISTS (SELECT FROM evaluations_score s JOIN evaluations_indicator i ON i.id = s.indicator_id
               WHERE i.evaluation_id = %(evaluation)s AND s.given_by_id = %(actor)s
                 AND s.source = %(stated)s),
       EXISTS (SELECT FROM approvals_findingturn t JOIN approvals_recordedfinding f ON f.id = t.finding_id
               WHERE f.evaluation_id = %(evaluation)s AND t.kind = %(question)s AND t.stage = %(stage)s
                 AND NOT EXISTS (SELECT FROM approvals_findingturn a WHERE a.question_id = t.id))
"""


class Course(NamedTuple):
    """What the course of an evaluation means for one person's decision on it.

    ``had_a_hand_in``: the person handed it in, filled it in, or decided at another stage
    of it. ``has_open_question``: a question of the present stage waits for its answer.
    """

    had_a_hand_in: bool
    has_open_question: bool


def course_of(evaluation: Evaluation, actor: User) -> Course:
    """Both in one statement."""
    values: dict[str, Any] = {
        "evaluation": evaluation.pk,
        "actor": actor.pk,
        "handing_in": [verb.value for verb in HANDING_IN],
        "opening": Verb.OPEN.value,
        "stage": evaluation.stage,
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
        next_stage=next_stage,
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
            "next_stage": next_stage,
            "round": decision.round,
            "item": item.pk if item else None,
            "opinion": opinion,
            "total": total,
            "content": evaluation.content_digest,
        },
    )
    return decision


@dataclass(frozen=True)
class Entry:
    """A verb that may go on: the locked evaluation, its step, and for whom it is done."""

    evaluation: Evaluation
    step: Step
    organization_id: int | None
    has_open_question: bool = False


def enter(evaluation: Evaluation, actor: User, verb: Verb) -> Entry:
    """Lock the evaluation and check stage, right and separation of duties, in this order.

    Raises NotFound, WrongStage, NotAllowed, ConflictOfInterest.
    """
    evaluation = locked(evaluation.pk)
    step = require_step(evaluation, verb)
    organization_id = step.organization_id(evaluation)
    if step.right is not None:
        require_right(actor, step.right, organization_id)
    if step.fills:
        return Entry(evaluation, step, organization_id)
    course = require_independence(evaluation, actor)
    return Entry(evaluation, step, organization_id, course.has_open_question)


def leave(
    entry: Entry,
    actor: User,
    verb: Verb,
    next_stage: str,
    *,
    opinion: str = "",
    total: Decimal | None = None,
    new_round: bool = False,
    is_demonstration: bool = False,
    data: dict[str, Any] | None = None,
) -> Decision:
    """Move to ``next_stage``, write the decision with its event, and tell whoever is next."""
    evaluation = entry.evaluation
    stage, round = evaluation.stage, evaluation.round
    evaluation.stage = next_stage
    evaluation.round = round + 1 if new_round else round
    evaluation.save_as(actor, verb.value)
    decision = decide(
        evaluation=evaluation,
        actor=actor,
        verb=verb,
        stage=stage,
        next_stage=next_stage,
        organization_id=entry.organization_id,
        round=round,
        opinion=opinion.strip(),
        total=total,
        is_demonstration=is_demonstration,
        data=data,
    )
    tell_next(evaluation, decision)
    return decision


def tell_next(evaluation: Evaluation, decision: Decision, *, owner_id: int | None = None) -> None:
    """Put a notice for whoever the next step asks, or for the unit at the end, into the job queue."""
    step = steps_of(evaluation).get(decision.next_stage)
    if step is None:
        if decision.next_stage == Stage.CLOSED:
            tell_closed(evaluation)
    elif step.right is None:
        for expert_id in evaluation.seats.values_list("expert_id", flat=True):
            tell_step(evaluation, decision, owner_id=expert_id)
    else:
        tell_step(
            evaluation,
            decision,
            owner_id=owner_id or (evaluation.project.lead_id if step.fills else None),
            right=step.right.value,
            organization_id=step.organization_id(evaluation),
        )


def tell_step(evaluation: Evaluation, decision: Decision, **recipients: Any) -> None:
    """One notice that the decision's next stage waits."""
    returned = decision.verb == Verb.RETURN
    announce(
        message=messages.RETURNED if returned else messages.NEW_TASK,
        values={"project": evaluation.project.name, "reason": decision.opinion[:200]},
        stage=Stage(decision.next_stage).label,
        path=f"/evaluations/{evaluation.pk}/",
        source=f"decision:{decision.pk}",
        **recipients,
    )


def tell_closed(evaluation: Evaluation) -> None:
    """Tell the unit, and whoever opened the evaluation, that it is closed."""
    assert evaluation.closed_at is not None
    unit = {"right": Right.VIEW_EVALUATIONS.value, "organization_id": evaluation.unit_id}
    for recipients in (unit, {"owner_id": evaluation.opened_by_id}):
        announce(
            message=messages.CLOSED,
            values={"project": evaluation.project.name},
            path=f"/evaluations/{evaluation.pk}/",
            # It may be reopened and closed again: each time is told.
            source=f"closed:{evaluation.pk}:{evaluation.closed_at.isoformat()}",
            **recipients,
        )
