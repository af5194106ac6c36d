from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from approvals.actions.appointments import require_parts_ahead
from approvals.actions.entering import enter
from approvals.actions.exchange import (
    considerations_for_the_event,
    keep_considerations,
    require_considered,
)
from approvals.actions.gate import require_all
from approvals.actions.moving import pass_on
from approvals.actions.voices import OWN, Capacity
from approvals.exchange import exchange_of
from approvals.models import Decision, Verb
from evaluations.models import Evaluation


@transaction.atomic
def consider(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str = "",
    considered: Mapping[int, tuple[bool | None, str]] | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Adopt each objection to the draft or not, with a reason; only then can it be concluded (art. 22).

    ``considered`` says by the view's id whether it is adopted, and why. Raises
    WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput at each objection that is
    left out, or where a coming step asks somebody who has not been appointed.
    """
    entry = enter(evaluation, actor, Verb.CONSIDER, capacity)
    exchange = exchange_of(entry.evaluation)
    require_all(
        lambda: require_considered(exchange, considered or {}),
        lambda: require_parts_ahead(entry.evaluation),
    )
    rows = require_considered(exchange, considered or {})
    decision = pass_on(
        entry,
        actor,
        Verb.CONSIDER,
        opinion=opinion,
        is_demonstration=is_demonstration,
        data={"considered": considerations_for_the_event(rows)},
    )
    keep_considerations(decision, rows)
    return decision
