"""The reminders of a thousand items, killed again and again: each is told once, and none is forgotten."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, time

import pytest
from django.db import connection
from django.utils import timezone

from approvals.models import ItemStage, LadderRung, RectificationItem
from audit_log import clock
from audit_log.models import AuditEvent
from config.preconditions import PROJECT_FOLDER
from notices.models import Notice
from tests.cast import open_task
from workflow.models import FlowTask

pytestmark = pytest.mark.django_db(transaction=True)

THOUSAND = 1000
MOST_KILLS = 12
ISSUED = timezone.make_aware(datetime.combine(date(2026, 8, 3), time(9)))
DUE = date(2026, 9, 11)
# Five working days overdue: the unit and the department's head are told.
MOMENT = timezone.make_aware(datetime.combine(date(2026, 9, 18), time(7, 15)))


def a_thousand_like(item):
    """Items beside this one, each with a process and an open task of its own."""
    task = open_task(item)
    items = [another(item, number=f"{item.number}-{place}") for place in range(THOUSAND - 1)]
    RectificationItem.objects.bulk_create(items)
    processes = [another(task.process, item=each) for each in items]
    type(processes[0]).objects.bulk_create(processes)
    FlowTask.objects.bulk_create(
        another(task, item=each, process=process) for each, process in zip(items, processes, strict=True)
    )


def another(row, **changes):
    """A row like this one, with some fields changed, that is not stored yet."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    copied = {field.attname: getattr(row, field.attname) for field in fields if field.name not in changes}
    return type(row)(**copied, **changes)


def worker_to_be_killed():
    return subprocess.Popen(
        [sys.executable, "-m", "tests.workflow.reminders_to_be_killed"],
        cwd=PROJECT_FOLDER,
        env={
            **os.environ,
            "REMINDERS_DATABASE": connection.settings_dict["NAME"],
            "REMINDERS_MOMENT": MOMENT.isoformat(),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )


def run_for(worker, seconds):
    """Let it remind for so long, then kill it where it is; what it ended with."""
    worker.stdin.write(b"\n")
    process = int(worker.stdout.readline())
    ended, _writable, _failed = select.select([worker.stdout], [], [], seconds)
    if not ended:
        os.kill(process, signal.SIGKILL)
    return int(worker.stdout.readline())


def killed_until_done():
    """How often it was killed before it came to its end, and how far it had come each time."""
    chosen = random.Random(20261121)
    stages = []
    with worker_to_be_killed() as worker:
        while run_for(worker, chosen.uniform(0.1, 1.5) if len(stages) < MOST_KILLS else 60):
            stages.append(LadderRung.objects.exclude(source="").count())
        worker.stdin.close()
    return stages


def test_reminders_killed_at_any_point_tell_of_each_item_once(world, item_at):
    with clock.at(ISSUED):
        item = item_at(ItemStage.CARRYING_OUT, due=DUE)
    a_thousand_like(item)
    before = Notice.objects.count()
    stages = killed_until_done()
    assert len(stages) >= 3
    assert any(0 < stage < 2 * THOUSAND for stage in stages), stages

    paths = {f"/rectification/{pk}/" for pk in RectificationItem.objects.values_list("pk", flat=True)}
    reminders = Notice.objects.filter(source__startswith="ladder:").values_list("path", "recipient")
    told = Counter(reminders)
    unit = [open_task(item).owner_id] if open_task(item).owner_id else [world.lin.pk, world.wang.pk]
    assert set(told) == {(path, person) for path in paths for person in [*unit, world.qian.pk]}
    assert set(told.values()) == {1}
    assert Notice.objects.count() - before == THOUSAND * (len(unit) + 1)
    assert AuditEvent.objects.filter(verb="escalate").count() == THOUSAND
    assert LadderRung.objects.exclude(source="").count() == 2 * THOUSAND
