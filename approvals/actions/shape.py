"""The shape that every action has: lock, check, change, record, tell.

An action is called inside the transaction of its caller, or opens its own. It
takes the evaluation's row first, so that two verbs on one dossier queue up.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.access import Rights, lock_delegation, rights_of
from accounts.models import User
from approvals.models import Decision, RectificationItem, TurnKind, Verb
from approvals.procedure import Step, step_at
from audit_log.errors import (
    ConflictOfInterest,
    InvalidInput,
    NotAllowed,
    NotFound,
    WrongStage,
)
from audit_log.record import chain_of, record
from evaluations.models import Evaluation, ScoreSource

# These put content before somebody else: whoever did them decides on it no more.
HANDING_IN = (Verb.SUBMIT, Verb.SUPPLY)
# These move a dossier without judging it.
NO_JUDGEMENT = (Verb.OPEN, Verb.WITHDRAW, Verb.EXCUSE, Verb.DRAW)
# The office that runs an evaluation drafts, weighs the answers and drafts again.
RUNNING = ("draft", "consider")


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
    actor: User,
    right: str,
    organization_id: int | None,
    on_behalf_of: int | None = None,
    evaluation: Evaluation | None = None,
) -> int | None:
    """For whom the actor acts by this right: None for themself, else the id of whoever delegated it.

    Of several who delegated it the first who may decide on ``evaluation``. What was delegated
    is held until the transaction ends: a revocation comes before or after.
    Raises NotAllowed without the right.
    """
    rights = rights_of(actor)
    if on_behalf_of is None and rights.own(right, organization_id):
        return None
    delegators = rights.delegators(right, organization_id)
    chosen = on_behalf_of if on_behalf_of is not None else first_of(delegators, evaluation)
    if chosen is None or chosen not in delegators:
        raise NotAllowed(_("You do not hold the right that this step asks for."), right=right)
    lock_delegation(chosen, actor.pk, right, organization_id)
    return chosen


def first_of(delegators: Collection[int], evaluation: Evaluation | None) -> int | None:
    """The first of the delegators, of several the first who had no hand in the evaluation."""
    if len(delegators) < 2 or evaluation is None:
        return min(delegators, default=None)
    free = (
        person
        for person in sorted(delegators)
        if person != evaluation.project.lead_id and not course_of(evaluation, [person]).had_a_hand_in
    )
    return next(free, min(delegators))


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


# What was decided stands until the steps are passed anew: since the last return that did not ask for the
# straight way, or on the same content. Written out: built by the ORM, the same statement takes seven
# times as long, in every decision.
COURSE = """
SELECT EXISTS (SELECT FROM approvals_decision
               WHERE evaluation_id = %(evaluation)s AND item_id IS NULL
                 AND (actor_id = ANY(%(people)s) OR on_behalf_of_id = ANY(%(people)s))
                 AND (verb = ANY(%(handing_in)s)
                      OR (verb <> ALL(%(no_judgement)s) AND (stage, step) <> (%(stage)s, %(step)s)
                          AND NOT (%(runs)s AND (verb = ANY(%(running)s) OR verb = %(return)s
                                   AND (stage, step) IN (('draft_conclusion', 0), ('exchange_of_views', 1))))
                          AND (content_digest = NULLIF(%(content)s, '') OR round > COALESCE((
                               SELECT max(r.round) FROM approvals_decision r
                               WHERE r.evaluation_id = %(evaluation)s AND r.item_id IS NULL
                                 AND r.verb = ANY(%(sending_back)s) AND NOT r.straight_back
                                 AND (r.stage, r.step) <> (r.next_stage, r.next_step)), 0)))))
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
        "runs": runs,
        "running": [Verb.DRAFT.value, Verb.CONSIDER.value],
        "return": Verb.RETURN.value,
        "sending_back": [Verb.RETURN.value, Verb.OBJECT.value],
        "stage": str(evaluation.stage),
        "step": evaluation.step,
        "content": evaluation.content_digest,
        "stated": ScoreSource.STATED.value,
        "question": TurnKind.QUESTION.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(COURSE, values)
        return Course(*cursor.fetchone())


def require_text(text: str, field: str, message: Any, *, most: int | None = None) -> str:
    """The text without surrounding space. Raises InvalidInput without any, and above ``most`` characters."""
    text = text.strip()
    if not text:
        raise InvalidInput.at(field, message)
    if most is not None and len(text) > most:
        raise InvalidInput.at(field, _("At most %(number)s characters.") % {"number": most})
    return text


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
