from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.entering import enter
from approvals.actions.moving import pass_on
from approvals.actions.seating import require_no_conflict
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, Verb
from audit_log.errors import InvalidInput
from evaluations.actions import give_scores
from evaluations.models import Evaluation, ScoreSource


@transaction.atomic
def score(
    *,
    evaluation: Evaluation,
    actor: User,
    scores: Mapping[int, tuple[Decimal, str]],
    opinion: str = "",
    is_illustrative: bool = False,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """A seated expert scores every indicator; the last one's scores end the stage.

    While a seat that was given up waits for its replacement, nobody is the last.
    Raises WrongStage, NotAllowed without a seat, ConflictOfInterest (also for a conflict of
    interest declared since being seated),
    AlreadyHandled for a second time in one round, and InvalidInput when an
    indicator has no score or one out of range.
    """
    entry = enter(evaluation, actor, Verb.SCORE, capacity)
    require_no_conflict(entry.evaluation, actor)
    require_all(entry.evaluation, scores)
    give_scores(
        evaluation=entry.evaluation,
        actor=actor,
        source=ScoreSource.EXPERT,
        scores=scores,
        is_illustrative=is_illustrative,
    )
    return pass_on(
        entry,
        actor,
        Verb.SCORE,
        opinion=opinion,
        total=sum((points for points, _reason in scores.values()), Decimal(0)),
        is_demonstration=is_demonstration,
    )


def require_all(evaluation: Evaluation, scores: Mapping[int, tuple[Decimal, str]]) -> None:
    """Raises InvalidInput at each indicator that has no score."""
    missing = {
        f"score-{indicator.pk}": [_("Give a score for “%(name)s”.") % {"name": indicator.name}]
        for indicator in evaluation.indicators.all()
        if indicator.pk not in scores
    }
    if missing:
        raise InvalidInput(_("Every indicator needs a score."), fields=missing)
