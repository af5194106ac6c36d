"""Opening the evaluations of a launch in the job queue.

Each project is opened in one transaction with its row: a worker that is killed leaves
both or neither, and whoever takes the job up goes on with the rows that still wait. Two
workers at once share them out, since each skips the row that the other one holds.
"""

from __future__ import annotations

import logging
import time

from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext_noop
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.access import rights_of
from accounts.roles import Right
from audit_log import clock, origin
from audit_log.errors import Busy, JihengError, NotAllowed
from evaluations.models import Kind
from workflow import services
from workflow.launch_models import CampaignLaunch, LaunchedProject
from workflow.launching.taking import WaitingProjects

logger = logging.getLogger(__name__)
Status = CampaignLaunch.Status
State = LaunchedProject.State

# A worker that is told to stop gives a job ten seconds, and other jobs want their turn too.
SECONDS_AT_A_STRETCH = 5.0
LOST_RIGHT = gettext_noop(
    "Whoever launched this no longer runs evaluations for the organizer: somebody else has to go on with it."
)
UNFORESEEN = gettext_noop(
    "The program failed at this project, and nothing of it was opened. "
    "The error is in the log: please tell whoever looks after the system."
)


def put_into_the_queue(launch: CampaignLaunch) -> None:
    """Have a worker go on with the launch when it is free.

    Without the queue's own locks: a job that waits for another of its lock is not woken when
    that one ends, and a stalled one cannot be taken up beside another in the queue. Rows are
    locked instead, so that a second job does no harm.
    """
    run_launch.defer(launch_id=launch.pk)


# Without a limit: only a failing database or a lock held too long gets this far, and neither lasts.
@app.task(queue="launches", retry=RetryStrategy(wait=30))
def run_launch(*, launch_id: int) -> str:
    """Open projects for some seconds; what is left is another job's. Returns the status."""
    return go_on(launch_id, seconds=SECONDS_AT_A_STRETCH)


def go_on(launch_id: int, *, seconds: float | None = None) -> str:
    """Open the projects that wait, for so many seconds, or all of them. Returns the status."""
    CampaignLaunch.objects.filter(pk=launch_id, status=Status.QUEUED).update(status=Status.RUNNING)
    related = ("actor", "campaign__scheme", "campaign__framework")
    launch = CampaignLaunch.objects.select_related(*related).get(pk=launch_id)
    with translation.override(launch.language), origin.coming_from(f"launch {launch.pk}"):
        if not is_still_allowed(launch):
            ended(launch, Status.FAILED, LOST_RIGHT)
        elif open_waiting(launch, seconds):
            put_into_the_queue(launch)
    launch.refresh_from_db(fields=["status"])
    return launch.status


def open_waiting(launch: CampaignLaunch, seconds: float | None) -> bool:
    """Open one project after the other. Returns whether the time was over before the projects were."""
    start = time.monotonic()
    waiting = WaitingProjects(launch)
    while open_next(waiting):
        if seconds is not None and time.monotonic() - start >= seconds:
            return True
    with transaction.atomic():
        # A row that another worker holds still waits: that worker ends the launch.
        if not LaunchedProject.objects.filter(launch=launch, state=State.WAITING).exists():
            ended(launch, Status.DONE)
    return False


def open_next(waiting: WaitingProjects) -> bool:
    """Deal with one project; False when none waits, or the launch was paused or has ended.

    What nobody foresaw is logged, said in the row, and stops no other project. A lost
    connection is raised, and so is a lock that somebody holds too long: they say nothing
    about the project, which waits for the job to be tried again.
    """
    row = None
    try:
        with transaction.atomic():
            row = waiting.take()
            if row is not None:
                open_or_refuse(row, waiting.launch)
    except (Busy, InterfaceError, OperationalError):
        raise
    except Exception:
        if row is None:
            raise
        logger.exception("Project %s of launch %s could not be opened.", row.project_id, row.launch_id)
        LaunchedProject.objects.filter(pk=row.pk, state=State.WAITING).update(
            state=State.REFUSED, refusal=UNFORESEEN
        )
    return row is not None


def open_or_refuse(row: LaunchedProject, launch: CampaignLaunch) -> None:
    """The evaluation and its row, in the caller's transaction; a refusal is rolled back alone and said.

    Raises Busy: a lock that could not be had refuses nothing.
    """
    campaign = launch.campaign
    try:
        row.evaluation = services.open_evaluation(
            actor=launch.actor,
            project=row.project,
            kind=campaign.kind,
            scheme=campaign.scheme,
            framework=campaign.framework if campaign.kind != Kind.SELF else None,
            campaign=campaign,
            notice=launch.notice,
        )
        row.state = State.OPENED
    except Busy:
        raise
    except JihengError as error:
        if isinstance(error, NotAllowed) and not is_still_allowed(launch):
            ended(launch, Status.FAILED, LOST_RIGHT)
            return
        row.state, row.refusal = State.REFUSED, source_text(error)
    row.save(update_fields=["state", "evaluation", "refusal"])


def is_still_allowed(launch: CampaignLaunch) -> bool:
    """Whether the person in whose name it is done runs evaluations for the organizer today."""
    return rights_of(launch.actor).holds(Right.RUN_EVALUATION, launch.campaign.organizer_id)


def source_text(error: JihengError) -> str:
    """The refusal as it stands in the program, to be translated for each reader.

    Words that were put together from parts stay in the language of whoever launched.
    """
    with translation.override(None):
        return str(error)


def ended(launch: CampaignLaunch, status: str, error: str = "") -> None:
    """Write how it ended, unless it was paused or ended meanwhile."""
    CampaignLaunch.objects.filter(pk=launch.pk, status=Status.RUNNING).update(
        status=status, error=error, finished_at=clock.now()
    )
