"""Launching a campaign as a job: paused, killed, lost rights, refused, twice, by two workers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.actions import end_role
from accounts.models import RoleHolding
from accounts.roles import Role
from audit_log.errors import AlreadyHandled, Busy, InvalidInput, NotAllowed
from audit_log.models import AuditEvent, Refusal
from config.preconditions import PROJECT_FOLDER
from evaluations.models import Campaign, Evaluation, Kind, Project
from tests.cast import World, open_self_evaluation, person
from tests.workflow.importing import campaign_of
from tests.workflow.launches import work
from tests.workflow.test_concurrency import at_once, lost
from workflow import integrity, launching
from workflow.launch_models import CampaignLaunch, LaunchedProject
from workflow.launching import jobs
from workflow.launching.campaigns import projects_within_reach
from workflow.launching.reading import counts_of
from workflow.models import OPEN, FlowTask

pytestmark = pytest.mark.django_db(transaction=True)
Status = CampaignLaunch.Status
State = LaunchedProject.State


@pytest.fixture
def campaign(world) -> Campaign:
    return campaign_of(world)


def asked(world: World, campaign: Campaign, number: int = 4, **options: Any) -> CampaignLaunch:
    """A launch of so many projects that waits in the queue; two of them were there before."""
    for _place in range(number - 2):
        world.new_project()
    options = {"actor": world.sun, "projects": projects_within_reach(campaign), **options}
    return launching.request_launch(campaign=campaign, **options)


def stood(launch: CampaignLaunch) -> tuple[str, dict[str, int]]:
    """Its status, and how many projects are in which state."""
    launch.refresh_from_db()
    return launch.status, dict(Counter(launch.projects.values_list("state", flat=True)))


def without_role(who: Any) -> None:
    for holding in RoleHolding.objects.filter(user=who, ended_at=None):
        end_role(actor=None, holding=holding)


# --- the whole of it -----------------------------------------------------------------


def test_a_launch_opens_every_project_in_the_queue_and_ends(world, campaign):
    launch = asked(world, campaign)
    assert stood(launch) == (Status.QUEUED, {State.WAITING: 4})
    assert not Evaluation.objects.exists()
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})
    assert launch.finished_at is not None
    assert set(Evaluation.objects.values_list("campaign", "opened_by")) == {(campaign.pk, world.sun.pk)}
    assert FlowTask.objects.filter(flow_task_type="HUMAN", status__in=OPEN).count() == 4
    assert counts_of(launch).done == counts_of(launch).total == 4


def test_a_job_makes_room_for_others_and_the_next_one_goes_on(world, campaign):
    launch = asked(world, campaign)
    assert jobs.go_on(launch.pk, seconds=0) == Status.RUNNING
    assert stood(launch) == (Status.RUNNING, {State.OPENED: 1, State.WAITING: 3})
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})


def test_the_event_of_a_launch_stands_in_the_campaigns_chain(world, campaign):
    asked(world, campaign)
    event = AuditEvent.objects.get(verb="launch_campaign")
    assert (event.chain, event.actor_id) == (f"campaign:{campaign.pk}", world.sun.pk)
    assert event.data == {"projects": 4, "notice": ""}


def test_a_finance_campaign_gives_its_notice_and_its_framework_to_each(world):
    campaign = campaign_of(world, kind=Kind.FINANCE, name="财政评价")
    with pytest.raises(InvalidInput) as refusal:
        asked(world, campaign)
    assert list(refusal.value.fields) == ["notice"]
    asked(world, campaign, 2, notice="请提供立项、资金和验收材料。")
    work()
    notices = set(Evaluation.objects.values_list("notice", flat=True))
    assert (Evaluation.objects.count(), notices) == (4, {"请提供立项、资金和验收材料。"})


def test_only_projects_within_reach_are_launched(world, campaign):
    far = world.new_project()
    far.fiscal_year = 2024
    far.save_as(world.sun)
    launch = asked(world, campaign, 2, projects=[world.project, far])
    assert [row.project for row in launch.projects.all()] == [world.project]


# --- twice is once -------------------------------------------------------------------


def test_a_second_launch_waits_until_the_first_has_ended(world, campaign):
    launch = asked(world, campaign)
    with pytest.raises(AlreadyHandled):
        asked(world, campaign, 2)
    work()
    world.new_project()
    again = asked(world, campaign, 2)
    work()
    assert (stood(launch)[1], stood(again)[1]) == ({State.OPENED: 4}, {State.OPENED: 1})


def test_the_database_itself_allows_one_launch_under_way(world, campaign):
    asked(world, campaign)
    second = CampaignLaunch(campaign=campaign, actor=world.sun, status=Status.PAUSED)
    with pytest.raises(IntegrityError, match="one_launch_of_a_campaign_at_a_time"), transaction.atomic():
        second.save()


def test_two_people_who_launch_at_once_make_one_launch(world, campaign):
    launching_it = partial(
        launching.request_launch, campaign=campaign, projects=projects_within_reach(campaign)
    )
    results = at_once(partial(launching_it, actor=world.sun), partial(launching_it, actor=world.sun))
    assert {type(result) for result in results} == {AlreadyHandled, CampaignLaunch}
    assert CampaignLaunch.objects.count() == 1


def test_a_job_that_runs_again_changes_nothing(world, campaign):
    launch = asked(world, campaign)
    work()
    finished_at = CampaignLaunch.objects.get().finished_at
    assert jobs.go_on(launch.pk) == Status.DONE
    assert Evaluation.objects.count() == 4
    assert CampaignLaunch.objects.get().finished_at == finished_at


# --- pausing and going on --------------------------------------------------------------


def test_pausing_stops_after_the_project_at_hand_and_going_on_does_the_rest(world, campaign):
    launch = asked(world, campaign)

    def pause_at_the_second(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """As somebody's click does, in the middle of opening the second project."""
        if sql.startswith('INSERT INTO "evaluations_evaluation"') and Evaluation.objects.count() == 1:
            CampaignLaunch.objects.update(status=Status.PAUSED)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(pause_at_the_second):
        assert jobs.go_on(launch.pk) == Status.PAUSED
    work()
    assert stood(launch) == (Status.PAUSED, {State.OPENED: 2, State.WAITING: 2})
    launching.resume_launch(launch=launch, actor=world.sun)
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})


def test_pausing_and_going_on_can_be_clicked_twice(world, campaign):
    launch = asked(world, campaign)
    for _click in range(2):
        assert launching.pause_launch(launch=launch, actor=world.sun).status == Status.PAUSED
    for _click in range(2):
        assert launching.resume_launch(launch=launch, actor=world.sun).status == Status.QUEUED
    verbs = AuditEvent.objects.filter(chain=f"campaign:{campaign.pk}").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == [
        "create_campaign",
        "launch_campaign",
        "pause_launch",
        "resume_launch",
    ]
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})


@pytest.mark.parametrize("verb", [launching.pause_launch, launching.resume_launch])
def test_what_has_ended_is_neither_paused_nor_gone_on_with(verb, world, campaign):
    launch = asked(world, campaign, 2)
    work()
    with pytest.raises(AlreadyHandled):
        verb(launch=launch, actor=world.sun)
    assert stood(launch)[0] == Status.DONE
    assert Refusal.objects.get().object_id == launch.pk


def test_pausing_and_going_on_at_once_leave_a_launch_that_can_be_gone_on_with(world, campaign):
    launch = asked(world, campaign)
    results = at_once(
        partial(jobs.go_on, launch.pk),
        partial(launching.pause_launch, launch=launch, actor=world.sun),
        partial(launching.resume_launch, launch=launch, actor=world.sun),
    )
    assert all(isinstance(error, AlreadyHandled) for error in lost(results))
    launch.refresh_from_db()
    if launch.under_way:
        launching.resume_launch(launch=launch, actor=world.sun)
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})


# --- killed, and two at once -------------------------------------------------------------


def test_a_worker_killed_in_the_middle_of_a_project_leaves_all_of_it_or_nothing(world, campaign):
    launch = asked(world, campaign)
    database = connection.settings_dict
    environment = {**os.environ, "LAUNCH_DATABASE": database["NAME"], "LAUNCH": str(launch.pk)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.workflow.launch_to_be_killed"],
        cwd=PROJECT_FOLDER,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "in the middle of the third project\n"
        worker.kill()
    assert stood(launch) == (Status.RUNNING, {State.OPENED: 2, State.WAITING: 2})
    assert Evaluation.objects.count() == 2
    assert integrity.faults() == []
    # As the queue does when it misses the worker's heartbeat.
    assert jobs.go_on(launch.pk) == Status.DONE
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})
    assert Evaluation.objects.count() == Project.objects.count() == 4


def test_two_workers_on_one_launch_share_the_projects_out(world, campaign):
    launch = asked(world, campaign, 12)
    results = at_once(*[partial(jobs.go_on, launch.pk)] * 2)
    assert Status.DONE in results
    assert set(results) <= {Status.DONE, Status.RUNNING}
    assert stood(launch) == (Status.DONE, {State.OPENED: 12})
    assert Evaluation.objects.count() == 12
    assert not Refusal.objects.exists()


# --- rights, refusals --------------------------------------------------------------------


def test_whoever_runs_no_evaluations_launches_nothing(world, campaign):
    with pytest.raises(NotAllowed):
        asked(world, campaign, 2, actor=world.zhou)
    assert not CampaignLaunch.objects.exists()


def test_a_launch_of_somebody_who_lost_the_right_breaks_off_with_words(world, campaign):
    launch = asked(world, campaign)
    without_role(world.sun)
    work()
    assert stood(launch) == (Status.FAILED, {State.WAITING: 4})
    with translation.override("en"):
        assert launch.reason == jobs.LOST_RIGHT
    assert not Evaluation.objects.exists()


def test_a_right_that_is_lost_in_the_middle_ends_the_launch_there_and_another_goes_on(world, campaign):
    launch = asked(world, campaign)

    def lose_it_after_the_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith('UPDATE "workflow_launchedproject"') and Evaluation.objects.count() == 1:
            without_role(world.sun)
        return result

    with connection.execute_wrapper(lose_it_after_the_first):
        assert jobs.go_on(launch.pk) == Status.FAILED
    assert stood(launch) == (Status.FAILED, {State.OPENED: 1, State.WAITING: 3})
    heir = person("heir", "小沈", Role.FINANCE_OFFICER, world.bureau)
    launching.retry_launch(launch=launch, actor=heir)
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})
    assert dict(Counter(Evaluation.objects.values_list("opened_by", flat=True))) == {
        world.sun.pk: 1,
        heir.pk: 3,
    }


def test_a_refused_project_says_why_in_its_readers_language_and_stops_no_other(world, campaign):
    launch = asked(world, campaign)
    open_self_evaluation(world, project=world.project)
    work()
    assert stood(launch) == (Status.DONE, {State.REFUSED: 1, State.OPENED: 3})
    row = launch.projects.get(state=State.REFUSED)
    assert row.project == world.project
    with translation.override("en"):
        assert row.reason == "This project has an evaluation of this kind already."
    with translation.override("zh-hans"):
        assert row.reason == "该项目已有同类绩效评价。"


def test_an_unforeseen_error_is_said_at_its_project_logged_and_can_be_tried_again(world, campaign, caplog):
    launch = asked(world, campaign)

    def failing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "evaluations_evaluation"') and world.project.name in params:
            raise RuntimeError("the disk is on fire")
        return result

    with connection.execute_wrapper(failing):
        jobs.go_on(launch.pk)
    assert stood(launch) == (Status.DONE, {State.REFUSED: 1, State.OPENED: 3})
    assert launch.projects.get(state=State.REFUSED).refusal == jobs.UNFORESEEN
    assert "the disk is on fire" in caplog.text
    launching.retry_launch(launch=launch, actor=world.sun)
    launching.retry_launch(launch=launch, actor=world.sun)
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})


def test_a_lost_connection_refuses_no_project(world, campaign):
    launch = asked(world, campaign)

    def cut(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "evaluations_evaluation"'):
            connection.connection.close()
        return result

    with connection.execute_wrapper(cut), pytest.raises(Exception, match="closed"):
        jobs.go_on(launch.pk)
    connection.close()
    assert stood(launch) == (Status.RUNNING, {State.WAITING: 4})
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})


def test_a_project_that_somebody_holds_too_long_is_not_refused_and_has_its_turn_later(world, campaign):
    launch = asked(world, campaign)

    def without_patience() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        return jobs.go_on(launch.pk)

    with transaction.atomic():
        Project.objects.select_for_update().get(pk=launch.projects.order_by("pk")[2].project_id)
        (waited,) = at_once(without_patience)
    assert isinstance(waited, Busy)
    assert stood(launch) == (Status.RUNNING, {State.OPENED: 2, State.WAITING: 2})
    assert not Refusal.objects.exists()
    work()
    assert stood(launch) == (Status.DONE, {State.OPENED: 4})


def test_a_project_that_got_its_evaluation_elsewhere_is_not_tried_again(world, campaign):
    launch = asked(world, campaign)
    open_self_evaluation(world, project=world.project)
    work()
    with pytest.raises(InvalidInput):
        launching.retry_launch(launch=launch, actor=world.sun)
    assert stood(launch)[0] == Status.DONE


def test_nothing_is_tried_again_while_another_launch_is_under_way(world, campaign):
    launch = asked(world, campaign)
    open_self_evaluation(world, project=world.project)
    work()
    world.new_project()
    asked(world, campaign, 2)
    with pytest.raises(AlreadyHandled):
        launching.retry_launch(launch=launch, actor=world.sun)


# --- what it costs -------------------------------------------------------------------------


def test_a_launch_adds_four_statements_at_most_to_each_opening(world, campaign):
    """Row taken, row marked, and the savepoint within which a refusal is rolled back."""
    alone = world.new_project()
    with CaptureQueriesContext(connection) as opening:
        open_self_evaluation(world, project=Project.objects.get(pk=alone.pk), campaign=campaign)

    def statements(launch: CampaignLaunch) -> int:
        with CaptureQueriesContext(connection) as queries:
            jobs.go_on(launch.pk)
        return len(queries)

    few = statements(asked(world, campaign, 2))
    many = statements(asked(world, campaign, 12))
    assert (many - few) / 8 <= len(opening) + 4
