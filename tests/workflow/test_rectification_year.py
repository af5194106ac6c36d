"""A year of deadlines, holidays, extensions, returns and escalations, day by day, against a plain count."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial

import pytest
from django.utils import timezone

from approvals.models import ItemStage, LadderRung, RaisedBy, RectificationItem, Severity, Verb
from audit_log.models import AuditEvent
from notices import messages
from notices.models import Notice
from tests.cast import do, planned, report_done
from tests.ladder_oracle import Ladder, days_between, in_2026, working_days
from tests.workflow.reminding import ITEM_MESSAGES, at_the_unit, on, run_on
from workflow import rectifying, services

pytestmark = pytest.mark.django_db

START = date(2026, 1, 5)

LADDERS = {
    "serious": {"asked": [-10, -5, -3, -1, 0, 1, 3, 5, 10], "head": [1], "chief": [5]},
    "general": {"asked": [-5, -1, 0, 1, 5, 10], "head": [5], "chief": [15]},
    "minor": {"asked": [-3, 0, 1, 10], "head": [10]},
}
WORKED = working_days(in_2026)
AT_THE_UNIT = (ItemStage.ISSUED, ItemStage.PLANNING, ItemStage.CARRYING_OUT)


class Expected:
    """What everybody should be told, by the plain count."""

    def __init__(self, world):
        self.world = world
        self.ladders = {severity: Ladder(WORKED, groups) for severity, groups in LADDERS.items()}
        self.receipts = Ladder(WORKED, {"asked": list(range(5, 400, 5))})
        self.told = Counter()

    def note(self, today):
        """What this day should tell, by where the items stand in the morning."""
        for item in RectificationItem.objects.exclude(stage__in=("draft", "closed", "cancelled")):
            due, key = self.deadline(item)
            for group in self.ladders[item.severity].told(key, due, today):
                self.add(today, item, group, self.words(group, due, today))
            if item.stage == ItemStage.ISSUED:
                issued = timezone.localtime(item.assigned_at).date()
                if self.receipts.told(item.pk, issued, today):
                    for person in (self.world.lin, self.world.wang):
                        self.told[today, item.pk, messages.RECEIPT_WAITING, person.pk] += 1

    def deadline(self, item):
        if item.stage in ("planning", "plan_review") and item.measures_due < item.due:
            return item.measures_due, (item.pk, "measures", item.measures_due, item.round)
        return item.due, (item.pk, "completion", item.due, item.round)

    def words(self, group, due, today):
        ends = min(day for day in WORKED if day >= due)
        if group != "asked":
            return messages.ITEM_ESCALATED
        if today == ends:
            return messages.ITEM_DUE_TODAY
        return messages.ITEM_DUE_SOON if today < ends else messages.ITEM_OVERDUE

    def add(self, today, item, group, message):
        for person in self.people(item, group):
            self.told[today, item.pk, message, person.pk] += 1

    def people(self, item, group):
        world = self.world
        if group != "asked":
            return [world.qian] if group == "head" else [world.zhou]
        if item.stage in AT_THE_UNIT:
            return at_the_unit(world, item)
        own = item.raised_by == RaisedBy.FINANCE and item.stage != ItemStage.DEPARTMENT_VERIFICATION
        return [world.sun, world.zhou] if own else [world.zhao, world.qian]


def told_in_the_year():
    """What everybody was told, in the same form."""
    found = Counter()
    for notice in Notice.objects.filter(message__in=[*ITEM_MESSAGES, messages.RECEIPT_WAITING]):
        day = timezone.localtime(notice.created_at).date()
        item = int(notice.path.split("/")[2])
        found[day, item, notice.message, notice.recipient_id] += 1
    return found


def course_of_the_serious(world, item):
    """Signed late, planned late, sent back, extended, sent back again, closed, reopened and left alone."""
    yield date(2026, 1, 26), partial(do, Verb.RECEIVE, item, world.lin)
    yield date(2026, 3, 3), lambda: do(Verb.PLAN, item, world.lin, measures=planned(item))
    yield date(2026, 3, 6), partial(do, Verb.SEND_BACK, item, world.sun, opinion="措施不具体。")
    yield date(2026, 3, 10), lambda: do(Verb.PLAN, item, world.lin, measures=planned(item))
    yield date(2026, 3, 12), partial(do, Verb.ACCEPT_PLAN, item, world.sun)
    yield (
        date(2026, 4, 20),
        lambda: rectifying.ask_extension(
            item=item, actor=world.lin, due=date(2026, 6, 20), reason="设备到货推迟。"
        ),
    )
    yield (
        date(2026, 4, 24),
        lambda: rectifying.answer_extension(extension=item.extensions.get(), actor=world.sun, granted=True),
    )
    yield date(2026, 7, 1), partial(report_done, item, world.lin)
    yield date(2026, 7, 6), partial(do, Verb.SEND_BACK, item, world.zhao, opinion="缺少验收单。")
    yield date(2026, 7, 20), partial(report_done, item, world.lin)
    yield date(2026, 7, 29), partial(do, Verb.VERIFY, item, world.zhao, opinion="已核实。")
    yield date(2026, 8, 3), partial(do, Verb.VERIFY, item, world.sun, opinion="属实。")
    yield (
        date(2026, 9, 1),
        lambda: services.reopen(item=item, actor=world.sun, opinion="复发", due=date(2026, 10, 4)),
    )


def course_of_the_general(world, item):
    """The department's own: objected to, and the answer comes late."""
    yield date(2026, 1, 6), partial(do, Verb.RECEIVE, item, world.lin)
    yield date(2026, 1, 16), partial(do, Verb.DISPUTE, item, world.lin, opinion="合同已变更。")
    yield (
        date(2026, 2, 26),
        partial(do, Verb.ANSWER_DISPUTE, item, world.zhao, adopted=False, opinion="维持原要求。"),
    )
    yield date(2026, 4, 2), lambda: do(Verb.PLAN, item, world.lin, measures=planned(item))
    yield date(2026, 4, 3), partial(do, Verb.ACCEPT_PLAN, item, world.zhao)
    yield date(2026, 5, 8), partial(report_done, item, world.lin)
    yield date(2026, 5, 14), partial(do, Verb.VERIFY, item, world.zhao, opinion="已核实。")


def walk(world, calls):
    """Every day of the year: the job in the morning, then what people do."""
    expected = Expected(world)
    for today in days_between(START, date(2026, 12, 31)):
        expected.note(today)
        run_on(today)
        with on(today):
            for call in [call for day, call in calls if day == today]:
                call()
    return expected


def test_a_year_day_by_day_tells_what_a_plain_count_tells(world, item_at):
    make = partial(item_at, ItemStage.ISSUED)
    with on(START):
        serious = make(severity=Severity.SERIOUS, due=date(2026, 5, 4))
        general = make(severity=Severity.GENERAL, due=date(2026, 4, 10), raised_by=RaisedBy.DEPARTMENT)
        minor = make(severity=Severity.MINOR, due=date(2026, 2, 20))
    calls = [*course_of_the_serious(world, serious), *course_of_the_general(world, general)]
    expected = walk(world, calls)
    assert told_in_the_year() == expected.told
    assert set(expected.told.values()) == {1}
    escalated = LadderRung.objects.filter(rung__regex="^(head|chief):").exclude(source="").count()
    assert AuditEvent.objects.filter(verb="escalate").count() == escalated > 10
    told_of = Counter(item for _day, item, _message, _person in expected.told)
    assert min(told_of[item.pk] for item in (serious, general, minor)) > 10
    # The extension and the reopening have armed it anew.
    armings = set(serious.ladder_rungs.values_list("arming", flat=True))
    assert {"completion:2026-05-04:2", "completion:2026-06-20:2", "completion:2026-10-04:4"} <= armings
