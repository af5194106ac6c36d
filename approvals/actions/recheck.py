from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.moving import pass_on
from approvals.actions.question import require_no_open_question
from approvals.actions.shape import OWN, Capacity, enter, require_text
from approvals.actions.turn_finding import note_adjustments
from approvals.models import Decision, Verb
from audit_log.errors import InvalidInput
from evaluations.actions import give_scores
from evaluations.models import Evaluation, ScoreSource


@transaction.atomic
def recheck(
    *,
    evaluation: Evaluation,
    actor: User,
    scores: Mapping[int, tuple[Decimal, str]],
    opinion: str,
    adjusted: Mapping[int, int] | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Finance re-checks with its own scores, which stand beside the stated ones (抽查复核).

    ``adjusted`` maps a finding's id to the indicator whose score it led to. Raises
    WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput for a
    score out of range, without its reason, no score at all, an empty opinion, or a question
    that waits for its answer.
    """
    entry = enter(evaluation, actor, Verb.RECHECK, capacity)
    require_no_open_question(entry)
    text = require_text(opinion, "opinion", _("Say what the re-check found."))
    if not scores:
        raise InvalidInput(_("A re-check gives at least one score."))
    total = give_scores(evaluation=entry.evaluation, actor=actor, source=ScoreSource.FINANCE, scores=scores)
    if adjusted:
        note_adjustments(
            entry.evaluation, actor, ScoreSource.FINANCE, adjusted, is_demonstration=is_demonstration
        )
    return pass_on(
        entry,
        actor,
        Verb.RECHECK,
        opinion=text,
        total=total,
        is_demonstration=is_demonstration,
    )
