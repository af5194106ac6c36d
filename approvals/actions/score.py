from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.shape import enter, leave
from approvals.models import Decision, Verb
from approvals.procedure import stage_after
from audit_log.errors import AlreadyHandled, InvalidInput, NotAllowed
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
) -> Decision:
    """A seated expert scores every indicator; the last one's scores end the stage.

    Raises WrongStage, NotAllowed without a seat, ConflictOfInterest,
    AlreadyHandled for a second time in one round, and InvalidInput when an
    indicator has no score or one out of range.
    """
    entry = enter(evaluation, actor, Verb.SCORE)
    evaluation = entry.evaluation
    seated = set(evaluation.seats.values_list("expert_id", flat=True))
    if actor.pk not in seated:
        raise NotAllowed(_("You have no seat on this evaluation."))
    done = experts_done(evaluation)
    if actor.pk in done:
        raise AlreadyHandled(_("You have scored this evaluation already."))
    require_all(evaluation, scores)
    give_scores(
        evaluation=evaluation,
        actor=actor,
        source=ScoreSource.EXPERT,
        scores=scores,
        is_illustrative=is_illustrative,
    )
    last = seated == done | {actor.pk}
    return leave(
        entry,
        actor,
        Verb.SCORE,
        stage_after(evaluation) if last else evaluation.stage,
        opinion=opinion,
        total=sum((points for points, _reason in scores.values()), Decimal(0)),
        is_demonstration=is_demonstration,
    )


def experts_done(evaluation: Evaluation) -> set[int]:
    """The experts who have scored in the present round."""
    done = Decision.objects.filter(evaluation=evaluation, verb=Verb.SCORE, round=evaluation.round)
    return set(done.values_list("actor_id", flat=True))


def require_all(evaluation: Evaluation, scores: Mapping[int, tuple[Decimal, str]]) -> None:
    """Raises InvalidInput at each indicator that has no score."""
    missing = {
        f"score-{indicator.pk}": [_("Give a score for “%(name)s”.") % {"name": indicator.name}]
        for indicator in evaluation.indicators.all()
        if indicator.pk not in scores
    }
    if missing:
        raise InvalidInput(_("Every indicator needs a score."), fields=missing)
