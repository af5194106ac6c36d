"""Who had a hand in an evaluation: nobody decides on their own content, nor at two steps on the same."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.models import TurnKind, Verb
from approvals.procedure import step_at
from audit_log.errors import ConflictOfInterest
from evaluations.models import Evaluation, ScoreSource

# These put content before somebody else: whoever did them decides on it no more.
HANDING_IN = (Verb.SUBMIT, Verb.SUPPLY)
# These move a dossier without judging it.
NO_JUDGEMENT = (Verb.OPEN, Verb.WITHDRAW, Verb.EXCUSE, Verb.DRAW)
# The office that runs an evaluation drafts, weighs the answers and drafts again.
RUNNING = ("draft", "consider")

# What was decided stands until the steps are passed anew: since the last return that did not ask for the
# straight way, or on the same content. Written out: built by the ORM, the same statement takes seven
# times as long, in every decision. ``{whom}`` is whose hand is looked for.
HAND_IN = """
       EXISTS (SELECT FROM approvals_decision
               WHERE evaluation_id = %(evaluation)s AND item_id IS NULL
                 AND (actor_id {whom} OR on_behalf_of_id {whom})
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
               WHERE evaluation_id = %(evaluation)s AND uploaded_by_id {whom})
    OR EXISTS (SELECT FROM evaluations_score s JOIN evaluations_indicator i ON i.id = s.indicator_id
               WHERE i.evaluation_id = %(evaluation)s AND s.given_by_id {whom} AND s.source = %(stated)s)
"""
OPEN_QUESTION = """
       EXISTS (SELECT FROM approvals_findingturn t JOIN approvals_recordedfinding f ON f.id = t.finding_id
               WHERE f.evaluation_id = %(evaluation)s AND t.kind = %(question)s AND t.stage = %(stage)s
                 AND NOT EXISTS (SELECT FROM approvals_findingturn a WHERE a.question_id = t.id))
"""
OF_ANY = HAND_IN.strip().replace("{whom}", "= ANY(%(people)s)")
OF_EACH = HAND_IN.strip().replace("{whom}", "= p.id")
COURSE = f"SELECT {OF_ANY}, {OPEN_QUESTION.strip()}"
INVOLVED = f"SELECT p.id FROM unnest(%(people)s::bigint[]) AS p(id) WHERE {OF_EACH}"  # noqa: S608


class Course(NamedTuple):
    """What the course of an evaluation means for somebody's decision on it.

    ``had_a_hand_in``: one of them handed it in, filled it in, or decided at another step
    of it. ``has_open_question``: a question of the present stage waits for its answer.
    """

    had_a_hand_in: bool
    has_open_question: bool


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


def course_of(evaluation: Evaluation, people: Collection[int]) -> Course:
    """Whether any of these people had a hand in it, and whether a question is open: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(COURSE, asked_for(evaluation, people))
        return Course(*cursor.fetchone())


def involved(evaluation: Evaluation, people: Collection[int]) -> set[int]:
    """Those of these people who may not decide on it: its project's lead, and whoever had a hand in it."""
    with connection.cursor() as cursor:
        cursor.execute(INVOLVED, asked_for(evaluation, people))
        found = {person for (person,) in cursor.fetchall()}
    return found | {person for person in people if person == evaluation.project.lead_id}


def asked_for(evaluation: Evaluation, people: Collection[int]) -> dict[str, Any]:
    """The values that both statements ask for."""
    step = step_at(evaluation)
    runs = step is not None and step.policy is not None and step.policy.work in RUNNING
    return {
        "evaluation": evaluation.pk,
        "people": list(people),
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
