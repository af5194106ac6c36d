from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.entering import Entry, enter
from approvals.actions.exchange import (
    considerations_for_the_event,
    keep_considerations,
    require_considered,
    require_no_short_cut,
)
from approvals.actions.moving import go_back, settle, stay
from approvals.actions.pointing import Pointer, keep_pointers, pointers_for_the_event, require_pointers
from approvals.actions.shape import require_text
from approvals.actions.voices import OWN, Capacity
from approvals.course import completed
from approvals.exchange import exchange_of
from approvals.models import Consideration, Decision, Verb
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
    pointers: Sequence[Pointer] = (),
    considered: Mapping[int, tuple[bool | None, str]] | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Return the dossier with a reason, to any step that was completed.

    Opens a new round and keeps the old one. ``to`` is a stage, with ":1" for its second
    step; without it the dossier goes to the unit. With ``straight_back`` it comes back to
    whoever returned it when that step is done, else the steps between are passed again.
    ``pointers`` name what is to be changed.
    ``considered`` says where views are considered which objections are adopted, by the
    view's id, as far as that is settled. Raises WrongStage, NotAllowed,
    ConflictOfInterest, and InvalidInput without a reason, with a step that cannot be
    returned to, or for an objection that is adopted or not without its reason.
    """
    entry = enter(evaluation, actor, Verb.RETURN, capacity)
    reason = require_reason(opinion)
    position = target(entry, to)
    require_no_short_cut(entry.evaluation, position, straight_back)
    pointed = require_pointers(entry.evaluation, pointers)
    rows = weighed(entry, considered)
    decision = go_back(
        entry,
        actor,
        Verb.RETURN,
        position=position,
        straight_back=straight_back,
        opinion=reason,
        is_demonstration=is_demonstration,
        data={**pointers_for_the_event(pointed), **considered_for_the_event(rows)},
    )
    keep_pointers(decision, pointed)
    keep_considerations(decision, rows)
    return decision


def considered_for_the_event(rows: list[Consideration]) -> dict[str, Any]:
    """How the audit event names what was made of objections; nothing where there is none."""
    return {"considered": considerations_for_the_event(rows)} if rows else {}


def weighed(entry: Entry, considered: Mapping[int, tuple[bool | None, str]] | None) -> list[Consideration]:
    """What was made of the objections so far, where they are considered. Raises InvalidInput."""
    if not considered or entry.step.policy is None or entry.step.policy.work != "consider":
        return []
    return require_considered(exchange_of(entry.evaluation), considered, partly=True)


@transaction.atomic
def object_(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str,
    to: str = "",
    straight_back: bool = False,
    pointers: Sequence[Pointer] = (),
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
    pointed = require_pointers(entry.evaluation, pointers)
    assert entry.ballot is not None
    entry.ballot.wish = {"stage": stage, "step": step, "straight_back": straight_back}
    failed = settle(entry, agrees=False)
    details: dict[str, Any] = {
        "opinion": reason,
        "data": pointers_for_the_event(pointed),
        "is_demonstration": is_demonstration,
    }
    if failed is None:
        decision = stay(entry, actor, Verb.OBJECT, **details)
    else:
        decision = go_back(entry, actor, Verb.OBJECT, **failed, **details)
    keep_pointers(decision, pointed)
    return decision


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
