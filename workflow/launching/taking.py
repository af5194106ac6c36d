"""Taking the projects of a launch one by one: each by one worker only, and read in passing."""

from __future__ import annotations

from django.db import connection

from workflow.launch_models import CampaignLaunch, LaunchedProject

State = LaunchedProject.State
READ_AHEAD = 50
# Written out: asked for every project, and built by the ORM with all that it joins it would take
# a sixth of the time of an opening.
TAKE = """
SELECT p.id FROM workflow_launchedproject p JOIN workflow_campaignlaunch l ON l.id = p.launch_id
WHERE p.launch_id = %s AND p.state = 'waiting' AND l.status = 'running'
ORDER BY p.id LIMIT 1 FOR UPDATE OF p SKIP LOCKED
"""


class WaitingProjects:
    """The projects of one launch that still wait."""

    def __init__(self, launch: CampaignLaunch) -> None:
        self.launch = launch
        self._read: dict[int, LaunchedProject] = {}

    def take(self) -> LaunchedProject | None:
        """The next row that no other worker holds, under its lock; None unless the launch is running."""
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [self.launch.pk])
            found = cursor.fetchone()
        if found is None:
            return None
        (pk,) = found
        if pk not in self._read:
            self._read = self._rows_from(pk)
        return self._read.pop(pk)

    def _rows_from(self, pk: int) -> dict[int, LaunchedProject]:
        """Some rows at once, with what opening an evaluation reads of a project."""
        related = ("project__unit__parent__parent", "project__lead")
        rows = LaunchedProject.objects.filter(launch=self.launch, state=State.WAITING, pk__gte=pk)
        return {row.pk: row for row in rows.select_related(*related).order_by("pk")[:READ_AHEAD]}
