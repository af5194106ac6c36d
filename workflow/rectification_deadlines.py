"""The ladder of reminders for rectification items: who is told on which day, and that it was told.

The job reads in sets which items have come to a rung, then tells each in a transaction of its own
under its evaluation's lock: the rungs are rows that commit with their notices. So it may be stopped
anywhere, run twice or at the same time in two places: what was not told is told the next time.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from approvals.actions.item_shape import locked_item
from approvals.ladder import PLANNING, Reached, Standing, horizon, newly_reached
from approvals.models import NOT_RUNNING, ItemStage, LadderRung, RectificationItem
from audit_log import clock
from evaluations.calendar import Calendar, calendar_as_stored
from evaluations.models import Evaluation, ReviewPolicy
from evaluations.policies.chosen import content_of, policy_of
from evaluations.policies.shipped import default_policy
from evaluations.policies.terms import SEVERITIES, ItemSeverity, Ladder
from workflow.door import is_lock_conflict
from workflow.ladder_notices import tell_rungs

logger = logging.getLogger(__name__)

AT_A_TIME = 500
# Five working days are never fewer days of the calendar: a younger notice need not be looked at.
YOUNGEST_RECEIPT = timedelta(days=4)

PolicyKey = tuple[int | None, str]
Written = Collection[tuple[str, str]]


@dataclass(frozen=True)
class Day:
    """The day of a run, with the calendar as it was stored when the run began."""

    today: date
    calendar: Calendar


@app.periodic(cron="15 7-18 * * *")
@app.task(queue="upkeep", queueing_lock="rectification_deadlines")
def remind_of_items(timestamp: int) -> int:
    """Tell of every rung that was reached and nobody was told of. Again on the same day tells nothing.

    It is asked for each hour, so that a worker that was down in the morning tells on the same
    day. Returns how many items were told of.
    """
    day = Day(clock.today(), calendar_as_stored())
    return sum(remind_alone(item_id, day) for item_id in items_at_a_rung(day))


def remind_alone(item_id: int, day: Day) -> bool:
    """Tell of one item in its own transaction; what fails there is logged, and holds up no other.

    A lost connection is raised: it would fail at every other item, too.
    """
    try:
        with transaction.atomic():
            return remind(item_id, day)
    except Exception as error:
        if is_lock_conflict(error):
            return False  # somebody acts on it at this moment: within the hour it is asked again
        if isinstance(error, (InterfaceError, OperationalError)):
            raise
        logger.exception("Nobody could be reminded of rectification item %s.", item_id)
        return False


def remind(item_id: int, day: Day) -> bool:
    """Write down the rungs that the item has come to, and tell; whether anything was new.

    Under the evaluation's lock it is looked at afresh: somebody may have acted on it, or told.
    """
    item = locked_item(item_id)
    written = set(LadderRung.objects.filter(item=item).values_list("arming", "rung"))
    ladder = policy_of(item.evaluation).rectification.ladder
    found = rungs_now(standing_of_item(item), item.severity, ladder, day, written)
    if found:
        told = tell_rungs(item, [each for each in found if each.is_told], day.calendar, day.today)
        LadderRung.objects.bulk_create(
            LadderRung(
                item=item,
                arming=each.arming.key,
                rung=each.rung.key,
                source=told[each].source if each.is_told else "",
                people=told[each].people if each.is_told else 0,
                written_at=clock.now(),
            )
            for each in found
        )
    return bool(found)


def rungs_now(standing: Standing, severity: str, ladder: Ladder, day: Day, written: Written) -> list[Reached]:
    """The rungs that an item has come to on this day and that are not written down."""
    known: ItemSeverity = next(each for each in SEVERITIES if each == severity)
    return newly_reached(standing, ladder.of(known), day.calendar, day.today, written)


def standing_of_item(item: RectificationItem) -> Standing:
    """What of an item its reminders depend on."""
    return standing(item.stage, item.round, item.due, item.measures_due, item.assigned_at)


def standing(
    stage: str, round: int, due: date, measures_due: date | None, assigned_at: datetime | None
) -> Standing:
    """The same of what was read without the row."""
    issued_on = timezone.localtime(assigned_at).date() if assigned_at else None
    return Standing(stage, round, due, measures_due, issued_on)


# --- which items ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A running item whose deadline is near enough for a rung."""

    pk: int
    policy: PolicyKey
    severity: str
    standing: Standing


def items_at_a_rung(day: Day) -> Iterator[int]:
    """The running items that have come to a rung which is not written down, by evaluation.

    A few statements for the whole, and one for each five hundred items that are near a deadline.
    """
    ladders = ladders_in_use()
    if not ladders:
        return
    found = list(candidates(day, ladders.values()))
    for start in range(0, len(found), AT_A_TIME):
        batch = found[start : start + AT_A_TIME]
        written = written_of(batch)
        for item in batch:
            ladder = ladders.get(item.policy)
            # An evaluation that began since the ladders were read is looked at under its lock.
            if ladder is None or rungs_now(
                item.standing, item.severity, ladder, day, written.get(item.pk, ())
            ):
                yield item.pk


def ladders_in_use() -> dict[PolicyKey, Ladder]:
    """The ladder of each policy that binds a running item; without a policy, the usual one of the kind."""
    running = Evaluation.objects.filter(
        pk__in=RectificationItem.objects.exclude(stage__in=NOT_RUNNING).values("evaluation")
    )
    keys = list(running.order_by().values_list("policy_id", "kind").distinct())
    policies = ReviewPolicy.objects.in_bulk({policy_id for policy_id, _kind in keys if policy_id})
    return {
        (policy_id, kind): (
            content_of(policies[policy_id]) if policy_id else default_policy(kind)
        ).rectification.ladder
        for policy_id, kind in keys
    }


def candidates(day: Day, ladders: Collection[Ladder]) -> Iterator[Candidate]:
    """Items whose deadline lies within the longest ladder, or whose receipt is old enough."""
    longest = max(max(ladder.of(severity).before, default=0) for ladder in ladders for severity in SEVERITIES)
    until = horizon(longest, day.calendar, day.today)
    near = (
        Q(due__lte=until)
        | Q(stage__in=PLANNING, measures_due__lte=until)
        | Q(stage=ItemStage.ISSUED, assigned_at__lte=clock.now() - YOUNGEST_RECEIPT)
    )
    rows = RectificationItem.objects.filter(near).exclude(stage__in=NOT_RUNNING)
    fields = ("stage", "round", "due", "measures_due", "assigned_at")
    named = ("pk", "evaluation__policy_id", "evaluation__kind", "severity")
    for pk, policy_id, kind, severity, *rest in rows.order_by("evaluation", "pk").values_list(
        *named, *fields
    ):
        yield Candidate(pk, (policy_id, kind), severity, standing(*rest))


def written_of(batch: Sequence[Candidate]) -> Mapping[int, Written]:
    """The rungs on record of these items."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = LadderRung.objects.filter(item__in=[item.pk for item in batch]).order_by()
    for item_id, arming, rung in rows.values_list("item", "arming", "rung"):
        found[item_id].add((arming, rung))
    return found
