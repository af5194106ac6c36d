from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from approvals.actions.draw_experts import draw_lots, winners_of
from approvals.actions.seating import enter_seating, require_no_obstacle, take_seat
from evaluations.models import Seat


@transaction.atomic
def replace_expert(
    *, seat: Seat, actor: User, expert: User | None = None, expertise: Sequence[str] = ()
) -> Seat:
    """Seat somebody in a recused expert's place: ``expert``, or one drawn by lot out of these fields.

    Also while the others score already. Raises what seating and drawing raise, and
    WrongStage for a seat that is in force or was taken by somebody else.
    """
    evaluation, on_behalf_of = enter_seating(seat.evaluation, actor, replaces=seat)
    if expert is not None:
        require_no_obstacle(evaluation, expert)
        return take_seat(evaluation, actor, expert, on_behalf_of=on_behalf_of, replaces=seat)
    draw = draw_lots(evaluation, actor, 1, expertise, on_behalf_of)
    (drawn,) = winners_of(draw)
    return take_seat(evaluation, actor, drawn, on_behalf_of=on_behalf_of, draw=draw, replaces=seat)
