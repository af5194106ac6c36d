"""When the days run out: whoever is late is reminded once a day, a role is told once; nothing is decided."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from approvals.models import Decision, ItemStage, Verb
from audit_log import clock
from audit_log.models import AuditEvent
from evaluations.models import Stage
from notices import messages
from tests import votes
from tests.approvals.test_telling import told, who
from tests.cast import do, open_task
from tests.refusing_database import WORDS, fails_at_task
from workflow import services
from workflow.deadlines import chase_overdue
from workflow.integrity import faults
from workflow.models import FlowTask
from workflow.working_days import last_overdue

pytestmark = pytest.mark.django_db


def run(days=0):
    """The daily job as it would run that many days from now."""
    with clock.at(clock.now() + timedelta(days=days)):
        return chase_overdue(0)


def causes(message):
    """What was told of, however many people it was told to."""
    return {notice["source"] for notice in told(message)}


@pytest.fixture
def late(self_evaluation):
    """The department's step, whose deadline is over since today; ``late(on_timeout="escalate", …)``."""

    def make(project=None, **rule):
        policy = votes.published(department_review=[votes.department(**rule)])
        more = {"project": project} if project else {}
        evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy, **more)
        FlowTask.objects.filter(pk=open_task(evaluation).pk).update(due=last_overdue())
        return evaluation

    return make


ESCALATES = {"on_timeout": "escalate", "escalate_to": "finance_chief"}


def test_whoever_is_late_is_reminded(world, late):
    evaluation = late()
    assert run() == 1
    assert who(messages.OVERDUE) == {world.zhao.pk, world.qian.pk}
    task = open_task(evaluation)
    assert (task.chased_on, task.escalated_on) == (clock.today(), None)
    assert not AuditEvent.objects.filter(verb="escalate").exists()


def test_a_person_who_has_claimed_it_is_reminded_alone(world, late):
    task = open_task(late())
    services.claim(process_id=task.process_id, task_id=task.pk, actor=world.zhao)
    run()
    assert who(messages.OVERDUE) == {world.zhao.pk}


FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2026, 9, day) for day in range(11, 16))


@pytest.mark.parametrize(
    ("due", "last_day", "late_on"), [(FRIDAY, FRIDAY, SATURDAY), (SATURDAY, MONDAY, TUESDAY)]
)
def test_nobody_is_late_before_the_working_day_is_over_with_which_the_deadline_ends(
    late, due, last_day, late_on
):
    FlowTask.objects.filter(pk=open_task(late()).pk).update(due=due)
    assert [run_on(day) for day in (due, last_day, late_on)] == [0, 0, 1]


def run_on(day):
    with clock.at(timezone.make_aware(datetime.combine(day, time(7, 5)))):
        return chase_overdue(0)


def test_one_task_that_fails_is_logged_and_the_others_are_chased(world, late, caplog):
    failing = open_task(late())
    others = late(project=world.new_project()), late(project=world.new_project())
    fails_at_task(failing.pk)
    assert run() == 2
    assert [open_task(each).chased_on for each in others] == [clock.today()] * 2
    assert WORDS in caplog.text
    failing.refresh_from_db()
    assert failing.chased_on is None
    assert len(causes(messages.OVERDUE)) == 2


def test_twice_a_day_is_once(late):
    late()
    assert [run(), run(), run()] == [1, 0, 0]
    assert len(causes(messages.OVERDUE)) == 1


def test_each_day_reminds_again(late):
    late()
    assert [run(days) for days in range(3)] == [1, 1, 1]
    assert len(causes(messages.OVERDUE)) == 3


def test_a_worker_that_stood_still_for_days_catches_up_once(late):
    late(**ESCALATES)
    assert [run(days=9), run(days=9)] == [1, 0]
    assert len(told(messages.ESCALATED)) == 1
    assert not told(messages.OVERDUE)
    assert AuditEvent.objects.filter(verb="escalate").count() == 1


def test_the_role_that_the_policy_names_is_told_once_and_then_whoever_is_late(world, late):
    evaluation = late(**ESCALATES)
    assert [run(days) for days in range(3)] == [1, 1, 1]
    assert [notice["recipient_id"] for notice in told(messages.ESCALATED)] == [world.zhou.pk]
    assert len(causes(messages.OVERDUE)) == 2
    event = AuditEvent.objects.get(verb="escalate")
    assert (event.actor_id, event.object_type) == (None, "flowtask")
    assert (event.data["stage"], event.data["to"]) == (Stage.DEPARTMENT_REVIEW, "finance_chief")
    assert open_task(evaluation).escalated_on == clock.today()


def test_a_reminder_and_an_escalation_of_one_day_are_two_notices(late):
    late(**ESCALATES)
    run()
    FlowTask.objects.update(chased_on=None)  # as if somebody had asked for the daily job once more
    run()
    (escalated,), (reminded,) = causes(messages.ESCALATED), causes(messages.OVERDUE)
    assert escalated.startswith("overdue:")
    assert escalated != reminded


def test_each_voice_of_a_vote_is_late_by_itself(world, self_evaluation):
    """Zhao and Qian are asked; only one of the two has days that are over."""
    policy = votes.published(department_review=[votes.department(who="all", **ESCALATES)])
    self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    tasks = FlowTask.objects.filter(stage=Stage.DEPARTMENT_REVIEW, ballot__isnull=False)
    assert tasks.count() == 2
    tasks.filter(owner=world.qian).update(due=last_overdue())
    assert run() == 1
    assert tasks.get(escalated_on__isnull=False).owner == world.qian


def test_nothing_is_ever_decided_by_time(late):
    evaluation = late(**ESCALATES)
    before = Decision.objects.count()
    for days in range(0, 400, 40):
        run(days)
    evaluation.refresh_from_db()
    assert (evaluation.stage, evaluation.round) == (Stage.DEPARTMENT_REVIEW, 1)
    assert Decision.objects.count() == before
    assert open_task(evaluation).is_open
    assert faults() == []


def test_an_escalated_step_is_still_decided_by_whoever_was_asked(world, late):
    evaluation = late(**ESCALATES)
    run()
    do(Verb.APPROVE, evaluation, world.zhao, opinion="同意。")
    assert evaluation.stage == Stage.FINANCE_REVIEW
    assert run() == 0


def test_a_step_that_is_asked_again_is_not_late(world, late):
    evaluation = late(**ESCALATES)
    run()
    do(Verb.RETURN, evaluation, world.zhao, opinion="请补充。", straight_back=True)
    do(Verb.SUBMIT, evaluation, world.lin)
    task = open_task(evaluation)
    assert (task.stage, task.escalated_on, task.chased_on) == (Stage.DEPARTMENT_REVIEW, None, None)
    assert run() == 0


def test_rectification_items_have_their_own_dates(world, item_at):
    item = item_at(ItemStage.PLANNING)
    FlowTask.objects.filter(pk=open_task(item).pk).update(due=last_overdue())
    assert run() == 0
