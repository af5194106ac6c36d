"""A reminder and an escalation against another entry in the same record, with real threads on PostgreSQL."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest
from django.db import connection, transaction

from approvals.models import Audience
from audit_log.models import AuditEvent
from evaluations.models import Stage
from tests import votes
from tests.cast import open_task
from tests.workflow.test_concurrency import SECONDS, at_once
from workflow import handing_over, talk
from workflow.deadlines import chase_overdue
from workflow.integrity import faults
from workflow.models import FlowTask
from workflow.working_days import last_overdue

pytestmark = pytest.mark.django_db(transaction=True)

SOMEBODY_WAITS = """
SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))
"""


def until_somebody_waits_for_this_transaction():
    end = time.monotonic() + SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(SOMEBODY_WAITS)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits.")


def while_a_comment_is_being_written(evaluation, author, verb):
    """The verb's result; the comment is written before it, and committed when the verb waits."""
    written = threading.Event()

    def comment():
        with transaction.atomic():
            talk.add_comment(evaluation=evaluation, actor=author, audience=Audience.UNIT, text="请留意。")
            written.set()
            until_somebody_waits_for_this_transaction()

    def afterwards():
        assert written.wait(SECONDS)
        return verb()

    commented, result = at_once(comment, afterwards)
    assert commented is None
    return result


def verbs_of(evaluation):
    chain = AuditEvent.objects.filter(chain=f"evaluation:{evaluation.pk}").order_by("sequence")
    return list(chain.values_list("verb", flat=True))[-2:]


def test_a_reminder_comes_after_a_comment_that_is_just_being_written(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    task = open_task(evaluation)
    remind = partial(handing_over.remind, process_id=task.process_id, task_id=task.pk, actor=world.wang)
    result = while_a_comment_is_being_written(evaluation, world.zhao, remind)
    assert isinstance(result, FlowTask)
    assert verbs_of(evaluation) == ["comment", "remind"]
    assert faults() == []


def test_an_escalation_comes_after_a_comment_that_is_just_being_written(world, self_evaluation):
    rule = {"on_timeout": "escalate", "escalate_to": "finance_chief"}
    policy = votes.published(department_review=[votes.department(**rule)])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    FlowTask.objects.filter(pk=open_task(evaluation).pk).update(due=last_overdue())
    result = while_a_comment_is_being_written(evaluation, world.zhao, partial(chase_overdue, 0))
    assert result == 1
    assert verbs_of(evaluation) == ["comment", "escalate"]
    assert faults() == []
