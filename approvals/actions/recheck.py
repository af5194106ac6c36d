from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions import comparing
from approvals.actions.entering import Entry, enter
from approvals.actions.moving import leave, pass_on
from approvals.actions.question import require_no_open_question
from approvals.actions.shape import require_text
from approvals.actions.turn_finding import note_adjustments
from approvals.actions.voices import OWN, Capacity
from approvals.course import Onward
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

    ``adjusted`` maps a finding's id to the indicator whose score it led to. Of a
    self-assessment that was drawn the total is compared with the stated one: a difference
    above the policy's threshold becomes a finding and goes on to the conclusion, else the
    evaluation is closed again. Raises WrongStage, NotAllowed, ConflictOfInterest, and
    InvalidInput for a score out of range, without its reason, no score at all, an empty
    opinion, or a question that waits for its answer.
    """
    entry = enter(evaluation, actor, Verb.RECHECK, capacity)
    require_no_open_question(entry)
    text = require_text(opinion, "opinion", _("Say what the re-check found."))
    if not scores:
        raise InvalidInput(_("A re-check gives at least one score."))
    total = give_scores(evaluation=entry.evaluation, actor=actor, source=ScoreSource.FINANCE, scores=scores)
    if adjusted:
        note_adjustments(
            entry.evaluation,
            actor,
            ScoreSource.FINANCE,
            adjusted,
            on_behalf_of=entry.on_behalf_of_id,
            is_demonstration=is_demonstration,
        )
    details: dict[str, Any] = {"opinion": text, "total": total, "is_demonstration": is_demonstration}
    if entry.evaluation.drawn_at is not None:
        return compare(entry, actor, **details)
    return pass_on(entry, actor, Verb.RECHECK, **details)


def compare(entry: Entry, actor: User, *, total: Decimal | None, **details: Any) -> Decision:
    """Hold the total of a drawn re-check against the stated one, and go where that leads."""
    result = comparing.compared(entry.evaluation, total)
    finding = comparing.finding_of(result)
    details |= {"total": total, "data": comparing.for_the_event(result, finding)}
    if comparing.ends_with(entry.evaluation, result):
        decision = leave(entry, actor, Verb.RECHECK, Onward(None), **details)
    else:
        decision = pass_on(entry, actor, Verb.RECHECK, **details)
    comparing.keep(result, finding, decision)
    return decision
