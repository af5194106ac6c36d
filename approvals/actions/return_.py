from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.exchange import require_no_short_cut
from approvals.actions.moving import go_back, settle, stay
from approvals.actions.shape import OWN, Capacity, Entry, enter, require_text
from approvals.course import completed
from approvals.models import Decision, Verb
from approvals.procedure import Position, place_key
from audit_log.errors import InvalidInput
from evaluations.models import Evaluation


@transaction.atomic
def return_(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str,
    to: str = "",
    straight_back: bool = False,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Return the dossier with a reason, to any step that was completed.

    Opens a new round and keeps the old one. ``to`` is a stage, with ":1" for its second
    step; without it the dossier goes to the unit. With ``straight_back`` it comes back to
    whoever returned it when that step is done, else the steps between are passed again.
    Raises WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput without a reason
    or with a step that cannot be returned to.
    """
    entry = enter(evaluation, actor, Verb.RETURN, capacity)
    reason = require_reason(opinion)
    position = target(entry, to)
    require_no_short_cut(entry.evaluation, position, straight_back)
    return go_back(
        entry,
        actor,
        Verb.RETURN,
        position=position,
        straight_back=straight_back,
        opinion=reason,
        is_demonstration=is_demonstration,
    )


@transaction.atomic
def object_(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str,
    to: str = "",
    straight_back: bool = False,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Vote against at a step that asks several; ``to`` is where the dossier should go.

    With a veto it goes there at once; otherwise when everybody was heard and too few
    agreed. Raises what ``return_`` raises, and AlreadyHandled for a second vote.
    """
    entry = enter(evaluation, actor, Verb.OBJECT, capacity)
    reason = require_reason(opinion)
    stage, step = target(entry, to)
    require_no_short_cut(entry.evaluation, (stage, step), straight_back)
    assert entry.ballot is not None
    entry.ballot.wish = {"stage": stage, "step": step, "straight_back": straight_back}
    failed = settle(entry, agrees=False)
    if failed is None:
        return stay(entry, actor, Verb.OBJECT, opinion=reason, is_demonstration=is_demonstration)
    return go_back(entry, actor, Verb.OBJECT, **failed, opinion=reason, is_demonstration=is_demonstration)


def require_reason(opinion: str) -> str:
    """The reason. Raises InvalidInput without one."""
    return require_text(
        opinion, "opinion", _("Say why you return it: the reader has to know what to change.")
    )


def target(entry: Entry, to: str) -> Position:
    """The completed step that ``to`` names, else the unit's. Raises InvalidInput for any other."""
    keys = {place_key(*step.position): step.position for step in completed(entry.evaluation)}
    if not to and keys:
        return next(iter(keys.values()))
    if to not in keys:
        raise InvalidInput.at(
            "to", _("The dossier cannot be returned to this step."), expected=list(keys), found=to
        )
    return keys[to]
