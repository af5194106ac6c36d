from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.seating import candidates_of, enter_seating, hold_profiles, obstacles, take_seat
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.drawing import drawn, new_seed
from evaluations.models import Draw, Evaluation, Seat


@transaction.atomic
def draw_experts(
    *, evaluation: Evaluation, actor: User, number: int, expertise: Sequence[str] = ()
) -> list[Seat]:
    """Draw experts by lot out of the bureau's register and seat them, before scoring begins.

    ``expertise`` narrows the register to those with at least one of these fields. Who is
    suspended, seated, recused, of the unit or its department, or in conflict is no
    candidate. The seed is made here; draw, candidates and outcome stay on record. Raises
    WrongStage, NotAllowed, and InvalidInput when there are too few candidates.
    """
    evaluation, on_behalf_of = enter_seating(evaluation, actor)
    draw = draw_lots(evaluation, actor, number, expertise, on_behalf_of)
    return [
        take_seat(evaluation, actor, expert, on_behalf_of=on_behalf_of, draw=draw)
        for expert in winners_of(draw)
    ]


def draw_lots(
    evaluation: Evaluation,
    actor: User,
    number: int,
    expertise: Sequence[str],
    on_behalf_of: int | None = None,
) -> Draw:
    """Draw, and keep the draw on record with its event; the caller holds the evaluation's lock."""
    considered = candidates_of(evaluation, expertise)
    hold_profiles(evaluation, considered)
    excluded = obstacles(evaluation, considered)
    candidates = [person for person in considered if person not in excluded]
    if number < 1:
        raise InvalidInput.at("number", _("Draw at least one expert."))
    if number > len(candidates):
        message = _("Only %(found)s experts can be drawn, %(number)s are wanted.")
        values = {"found": len(candidates), "number": number}
        raise InvalidInput.at("number", message % values, found=len(candidates), expected=number)
    seed = new_seed()
    content = {
        "expertise": sorted(expertise),
        "number": number,
        "seed": seed,
        "candidates": candidates,
        "excluded": {str(person): reason for person, reason in sorted(excluded.items())},
        "chosen": drawn(candidates, number, seed),
    }
    draw = Draw(evaluation=evaluation, drawn_by=actor, **content)
    draw.save(force_insert=True)
    record(
        chain=chain_of(evaluation.pk),
        verb="draw_experts",
        actor=actor,
        object=draw,
        data=content,
        on_behalf_of=on_behalf_of,
    )
    return draw


def winners_of(draw: Draw) -> list[User]:
    """The people drawn, in the order in which they came out."""
    people = User.objects.in_bulk(draw.chosen)
    return [people[chosen] for chosen in draw.chosen]
