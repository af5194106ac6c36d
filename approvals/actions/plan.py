from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.item_shape import enter_item, leave_item
from approvals.actions.voices import OWN, Capacity
from approvals.models import Decision, ItemStage, Measure, RectificationItem, Verb
from audit_log import clock
from audit_log.errors import InvalidInput
from evaluations.calendar import end_of_deadline

LONGEST_NAME = 60


@dataclass(frozen=True)
class PlannedMeasure:
    """What is done, by whom, by when."""

    text: str
    who: str
    by_when: date | None


@transaction.atomic
def plan(
    *,
    item: RectificationItem,
    actor: User,
    measures: Sequence[PlannedMeasure],
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """The responsible unit plans its measures; whoever raised the item then accepts them or not.

    Raises WrongStage, NotAllowed, and InvalidInput without measures, or for one that does not say
    what, who and until when, or that would come after the item's due date (a rest day: the working
    day after it) while that can be kept.
    """
    entry = enter_item(item, actor, Verb.PLAN, capacity)
    require_whole(measures, end_of_deadline(entry.item.due))
    entry.item.measures = "\n".join(in_words(measure) for measure in measures)
    decision = leave_item(
        entry,
        actor,
        Verb.PLAN,
        ItemStage.PLAN_REVIEW,
        opinion=entry.item.measures,
        is_demonstration=is_demonstration,
    )
    Measure.objects.bulk_create(
        Measure(
            decision=decision,
            item=entry.item,
            round=decision.round,
            place=place,
            text=measure.text.strip(),
            who=measure.who.strip(),
            by_when=measure.by_when,  # type: ignore[misc]  # required above
        )
        for place, measure in enumerate(measures, start=1)
    )
    return decision


def in_words(measure: PlannedMeasure) -> str:
    """A measure in one line."""
    return f"{measure.text.strip()}（{measure.who.strip()}，{measure.by_when}）"


def require_whole(measures: Sequence[PlannedMeasure], last: date) -> None:
    """Every measure says what, who and until when, not after the ``last`` day. Raises InvalidInput at each.

    A due date that has passed can neither be kept nor be extended: any later day will do then.
    """
    if not measures:
        raise InvalidInput.at("measures", _("Write which measures you will take."))
    faults: dict[str, list[Any]] = {}
    today = clock.today()
    for place, measure in enumerate(measures):
        if not measure.text.strip():
            faults[f"measure-{place}-text"] = [_("Write what will be done.")]
        if not measure.who.strip():
            faults[f"measure-{place}-who"] = [_("Write who carries it out.")]
        elif len(measure.who.strip()) > LONGEST_NAME:
            faults[f"measure-{place}-who"] = [_("At most %(number)s characters.") % {"number": LONGEST_NAME}]
        if measure.by_when is None:
            faults[f"measure-{place}-by_when"] = [_("Set the day by which it is done.")]
        elif measure.by_when > last >= today:
            faults[f"measure-{place}-by_when"] = [
                _("The item is due on %(due)s: set an earlier day, or ask for an extension first.")
                % {"due": last}
            ]
    if faults:
        raise InvalidInput(_("A measure says what is done, by whom and by when."), fields=faults)
