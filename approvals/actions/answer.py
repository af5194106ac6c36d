from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.gate import require_all
from approvals.actions.moving import pass_on
from approvals.actions.shape import OWN, Capacity, enter, require_text
from approvals.actions.turn_finding import keep_answers, require_answers
from approvals.models import Decision, Verb
from evaluations.actions import seal_content
from evaluations.models import Evaluation


@transaction.atomic
def answer(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str,
    answers: Mapping[int, str] | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """The unit answers the draft conclusion: it agrees, or says what it sees differently.

    ``answers`` are those to reviewers' questions about findings, by the question's id.
    Raises WrongStage, NotAllowed, and InvalidInput without an answer, to the draft or
    to a question.
    """
    entry = enter(evaluation, actor, Verb.ANSWER, capacity)
    require_all(
        lambda: require_text(opinion, "opinion", _("Write the unit's answer to the draft conclusion.")),
        lambda: require_answers(entry.evaluation, answers or {}),
    )
    answered = require_answers(entry.evaluation, answers or {})
    entry.evaluation.content_digest = seal_content(entry.evaluation)
    decision = pass_on(
        entry,
        actor,
        Verb.ANSWER,
        opinion=opinion,
        is_demonstration=is_demonstration,
    )
    keep_answers(decision, answered, actor)
    return decision
