"""Do the launches of campaigns agree with the evaluations that they opened?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from workflow.integrity.asking import Check
from workflow.launch_models import CampaignLaunch, LaunchedProject


def opened_for_something_else() -> Iterator[str]:
    """The evaluation of a launched project is that project's, and belongs to the campaign."""
    rows = LaunchedProject.objects.exclude(evaluation=None)
    amiss = rows.exclude(
        evaluation__project=F("project"), evaluation__campaign=F("launch__campaign")
    ).select_related("project", "evaluation")
    for row in amiss:
        yield f"launch {row.launch_id}: {row.evaluation} was not opened by it for {row.project}"


def ended_with_projects_that_wait() -> Iterator[str]:
    """A finished launch has dealt with each of its projects."""
    waiting = LaunchedProject.objects.filter(
        launch__status=CampaignLaunch.Status.DONE, state=LaunchedProject.State.WAITING
    )
    for row in waiting.select_related("project"):
        yield f"launch {row.launch_id} is finished, but {row.project} still waits in it"


CHECKS: tuple[Check, ...] = (opened_for_something_else, ended_with_projects_that_wait)
