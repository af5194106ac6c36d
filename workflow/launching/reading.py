"""The gateway of launches, and what a page tells of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, QuerySet, Value, When

from audit_log.errors import NotFound
from workflow.launch_models import CampaignLaunch, LaunchedProject
from workflow.launching.campaigns import campaigns_of

State = LaunchedProject.State


@dataclass(frozen=True)
class Counts:
    """How many projects of a launch wait, were opened, were refused."""

    waiting: int = 0
    opened: int = 0
    refused: int = 0

    @property
    def done(self) -> int:
        return self.opened + self.refused

    @property
    def total(self) -> int:
        return self.done + self.waiting


def launches_of(user: Any) -> QuerySet[CampaignLaunch]:
    """The launches of the campaigns that ``user`` runs, the latest first."""
    return CampaignLaunch.objects.filter(campaign__in=campaigns_of(user).values("pk")).select_related(
        "campaign__organizer", "actor"
    )


def launch_for(user: Any, pk: int) -> CampaignLaunch:
    """The launch, when its campaign is ``user``'s to run. Raises NotFound."""
    found = launches_of(user).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def counts_of(launch: CampaignLaunch) -> Counts:
    """One statement, answered from an index."""
    states = launch.projects.order_by().values_list("state").annotate(number=Count("pk"))
    return Counts(**dict(states))


def result_order(launch: CampaignLaunch, state: str = "") -> QuerySet[LaunchedProject, int]:
    """The keys of its projects, of one state or all: first what somebody has to look at.

    Only keys are sorted: an index holds all that this asks for.
    """
    if state:
        return launch.projects.filter(state=state).order_by("pk").values_list("pk", flat=True)
    place = Case(When(state=State.REFUSED, then=Value(0)), When(state=State.OPENED, then=Value(1)), default=2)
    return launch.projects.order_by(place, "pk").values_list("pk", flat=True)


def results(keys: Iterable[int]) -> list[LaunchedProject]:
    """These projects, in this order, with what became of them."""
    keys = list(keys)
    found = LaunchedProject.objects.select_related("project__unit", "evaluation").in_bulk(keys)
    return [found[key] for key in keys]
