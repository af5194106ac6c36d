from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.entering import Entry, enter
from approvals.actions.exchange import (
    CONSIDERING,
    Views,
    close_straight_ways,
    keep_views,
    require_views,
    views_for_the_event,
)
from approvals.actions.gate import require_all
from approvals.actions.moving import pass_on
from approvals.actions.shape import require_text
from approvals.actions.turn_finding import keep_answers, require_answers
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, Verb
from evaluations.actions import seal_content
from evaluations.models import Evaluation


@transaction.atomic
def answer(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str,
    views: Views | None = None,
    answers: Mapping[int, str] | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """The unit, or the department, answers the draft conclusion point by point.

    ``views`` are what it says to each point; without them it agrees with every point.
    ``answers`` are the unit's to reviewers' questions about findings, by the question's
    id. Raises WrongStage, NotAllowed, and InvalidInput without a general opinion, for a
    point without a view, an objection without words, or a question without an answer.
    """
    entry = enter(evaluation, actor, Verb.ANSWER, capacity)
    asked = is_the_units(entry)
    message = _("Write the unit's answer to the draft conclusion.") if asked else _("Write the answer.")
    require_all(
        lambda: require_text(opinion, "opinion", message),
        lambda: require_views(entry.evaluation, views),
        lambda: require_answers(entry.evaluation, answers or {}) if asked else [],
    )
    given = require_views(entry.evaluation, views)
    answered = require_answers(entry.evaluation, answers or {}) if asked else []
    close_straight_ways(entry.evaluation, CONSIDERING)
    entry.evaluation.content_digest = seal_content(entry.evaluation)
    data: dict[str, Any] = {"views": views_for_the_event(given)}
    decision = pass_on(
        entry, actor, Verb.ANSWER, opinion=opinion, is_demonstration=is_demonstration, data=data
    )
    keep_views(decision, given)
    keep_answers(decision, answered, actor)
    return decision


def is_the_units(entry: Entry) -> bool:
    """Whether it is the unit that answers, not the department."""
    return entry.ballot is None or entry.ballot.right == Right.FILL_SELF_ASSESSMENT
