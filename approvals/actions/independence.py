"""Who had a hand in an evaluation: nobody decides on their own content, nor at two steps on the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_of
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

VERBS: dict[str, Any] = {
    "handing_in": [verb.value for verb in HANDING_IN],
    "no_judgement": [verb.value for verb in NO_JUDGEMENT],
    "running": [Verb.DRAFT.value, Verb.CONSIDER.value],
    "return": Verb.RETURN.value,
    "sending_back": [Verb.RETURN.value, Verb.OBJECT.value],
    "stated": ScoreSource.STATED.value,
}

# What was decided stands until the steps are passed anew: since the last return that did not ask for the
# straight way, or on the same content. Written out: built by the ORM, the same statement takes seven
# times as long, in every decision. ``{whom}`` is whose hand is looked for; where the evaluation is and
# what it holds is named as well, for one evaluation or for each row of many.
HAND_IN = """
       EXISTS (SELECT FROM approvals_decision
               WHERE evaluation_id = {evaluation} AND item_id IS NULL
                 AND (actor_id {whom} OR on_behalf_of_id {whom})
                 AND (verb = ANY(%(handing_in)s)
                      OR (verb <> ALL(%(no_judgement)s) AND (stage, step) <> ({stage}, {step})
                          AND NOT ({runs} AND (verb = ANY(%(running)s) OR verb = %(return)s
                                   AND (stage, step) IN (('draft_conclusion', 0), ('exchange_of_views', 1))))
                          AND (content_digest = NULLIF({content}, '') OR round > COALESCE((
                               SELECT max(r.round) FROM approvals_decision r
                               WHERE r.evaluation_id = {evaluation} AND r.item_id IS NULL
                                 AND r.verb = ANY(%(sending_back)s) AND NOT r.straight_back
                                 AND (r.stage, r.step) <> (r.next_stage, r.next_step)), 0)))))
    OR EXISTS (SELECT FROM evaluations_evidence
               WHERE evaluation_id = {evaluation} AND uploaded_by_id {whom})
    OR EXISTS (SELECT FROM evaluations_score s JOIN evaluations_indicator i ON i.id = s.indicator_id
               WHERE i.evaluation_id = {evaluation} AND s.given_by_id {whom} AND s.source = %(stated)s)
"""
OPEN_QUESTION = """
       EXISTS (SELECT FROM approvals_findingturn t JOIN approvals_recordedfinding f ON f.id = t.finding_id
               WHERE f.evaluation_id = %(evaluation)s AND t.kind = %(question)s AND t.stage = %(stage)s
                 AND NOT EXISTS (SELECT FROM approvals_findingturn a WHERE a.question_id = t.id))
"""
PLACE = ("evaluation", "stage", "step", "runs", "content")
ONE_PLACE = {name: f"%({name})s" for name in PLACE}
OF_ANY = HAND_IN.strip().format(whom="= ANY(%(people)s)", **ONE_PLACE)
OF_EACH = HAND_IN.strip().format(whom="= p.id", **ONE_PLACE)
OF_ROWS = HAND_IN.strip().format(whom="= q.person", **{name: f"q.{name}" for name in PLACE})
COURSE = f"SELECT {OF_ANY}, {OPEN_QUESTION.strip()}"
INVOLVED = f"SELECT p.id FROM unnest(%(people)s::bigint[]) AS p(id) WHERE {OF_EACH}"  # noqa: S608

INVOLVED_IN = f"""
SELECT q.evaluation, q.person
FROM unnest(%(people)s::bigint[], %(evaluation)s::bigint[], %(stage)s::text[], %(step)s::integer[],
            %(runs)s::boolean[], %(content)s::text[]) AS q(person, evaluation, stage, step, runs, content)
WHERE {OF_ROWS}
"""  # noqa: S608


class Course(NamedTuple):
    """What the course of an evaluation means for somebody's decision on it.

    ``had_a_hand_in``: one of them handed it in, filled it in, or decided at another step
    of it. ``has_open_question``: a question of the present stage waits for its answer.
    """

    had_a_hand_in: bool
    has_open_question: bool


def require_independence(evaluation: Evaluation, actor: User, on_behalf_of: int | None = None) -> Course:
    """Nobody decides on what they filled in or submitted, nor at two steps on the same content.

    That is asked of the actor and of whoever delegated the role to the actor; whoever stands in above
    the unit is not of the unit either. Returns what was read of the evaluation's course. Raises
    ConflictOfInterest.
    """
    people = [actor.pk, on_behalf_of] if on_behalf_of else [actor.pk]
    if evaluation.project.lead_id in people:
        raise ConflictOfInterest(_("You lead this project: somebody else has to decide."))
    course = course_of(evaluation, people)
    if course.had_a_hand_in:
        raise ConflictOfInterest(
            _("You submitted this dossier or decided on it earlier: somebody else has to decide now.")
        )
    if on_behalf_of:
        require_from_elsewhere(actor, unit_below(evaluation))
    return course


def unit_below(evaluation: Evaluation) -> frozenset[int]:
    """The organizations whose own people do not stand in at the present step; none at the unit's own.

    At a step of the bureau's a unit that is its department itself counts as the whole department.
    """
    step = step_at(evaluation)
    if step is None or step.held_at == "unit":
        return frozenset()
    if evaluation.unit.is_own_level and step.organization_id(evaluation) == evaluation.bureau_id:
        return frozenset({evaluation.unit_id, evaluation.department_id})
    return frozenset({evaluation.unit_id})


def require_from_elsewhere(actor: User, organizations: frozenset[int]) -> None:
    """Raises ConflictOfInterest for somebody who holds a right of their own at one of these."""
    if organizations and any(held & organizations for held in rights_of(actor).held.values()):
        raise ConflictOfInterest(
            _("You belong to the evaluated unit: nobody of it acts for those who decide on it.")
        )


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


def involved_in(pairs: Iterable[tuple[Evaluation, int]]) -> set[tuple[int, int]]:
    """Of these pairs of an evaluation and a person, as ids, those of people who may not decide on it.

    One statement, however many pairs; none without any.
    """
    asked = list(pairs)
    if not asked:
        return set()
    places = [place_of(evaluation) for evaluation, _person in asked]
    columns = {name: [place[name] for place in places] for name in PLACE}
    with connection.cursor() as cursor:
        cursor.execute(INVOLVED_IN, {**columns, "people": [person for _evaluation, person in asked], **VERBS})
        found = set(cursor.fetchall())
    return found | {(row.pk, person) for row, person in asked if row.project.lead_id == person}


def asked_for(evaluation: Evaluation, people: Collection[int]) -> dict[str, Any]:
    """The values that the statements on one evaluation ask for."""
    return {
        **place_of(evaluation),
        **VERBS,
        "people": list(people),
        "question": TurnKind.QUESTION.value,
    }


def place_of(evaluation: Evaluation) -> dict[str, Any]:
    """Where the evaluation is, whether that step runs it, and what stands for its content."""
    step = step_at(evaluation)
    return {
        "evaluation": evaluation.pk,
        "stage": str(evaluation.stage),
        "step": evaluation.step,
        "runs": step is not None and step.policy is not None and step.policy.work in RUNNING,
        "content": evaluation.content_digest,
    }
