"""Projects opened by a launch against plain calls that open as many, one of each in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations.models import Campaign, Project
from tests.cast import World, make_world
from tests.workflow.importing import campaign_of
from workflow import launching, services
from workflow.launch_models import CampaignLaunch
from workflow.launching import jobs
from workflow.launching.taking import WaitingProjects

WARM_UP = 5


@dataclass
class Found:
    """Median seconds for a project, by round, and the statements that one takes."""

    plain_rounds: list[float] = field(default_factory=list)
    launched_rounds: list[float] = field(default_factory=list)
    asking_rounds: list[float] = field(default_factory=list)
    statements: dict[str, int] = field(default_factory=dict)

    @property
    def plain(self) -> float:
        return statistics.median(self.plain_rounds)

    @property
    def launched(self) -> float:
        return statistics.median(self.launched_rounds)

    @property
    def asking(self) -> float:
        return statistics.median(self.asking_rounds)

    @property
    def ratios(self) -> list[float]:
        """The launch's rate as a share of the plain calls', round by round."""
        pairs = zip(self.plain_rounds, self.launched_rounds, strict=True)
        return [plain / launched for plain, launched in pairs]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)


def measure(projects: int, rounds: int) -> Found:
    """So many rounds on the present database."""
    world = make_world()
    campaign = campaign_of(world)
    found = Found()
    one_round(world, campaign, WARM_UP, Found())
    for _round in range(rounds):
        one_round(world, campaign, projects, found)
    found.statements = statements_of(world, campaign)
    return found


def one_round(world: World, campaign: Campaign, projects: int, found: Found) -> None:
    """The two take turns project by project, so that a slow moment of the machine hits both."""
    plainly, chosen = fresh(world, projects), fresh(world, projects)
    found.asking_rounds.append(seconds_of(lambda: ask(world, campaign, chosen)) / projects)
    waiting = WaitingProjects(under_way(campaign))
    plain, launched = [], []

    def open_one(project: Project) -> None:
        plain.append(seconds_of(lambda: open_plainly(world, campaign, project)))

    def launch_one() -> None:
        launched.append(seconds_of(lambda: jobs.open_next(waiting)))

    for place, project in enumerate(plainly):
        if place % 2:
            launch_one()
        open_one(project)
        if not place % 2:
            launch_one()
    jobs.go_on(waiting.launch.pk)
    found.plain_rounds.append(statistics.median(plain))
    found.launched_rounds.append(statistics.median(launched))


def fresh(world: World, number: int) -> list[Project]:
    """New projects, read as the campaign's page reads them."""
    made = [new_project(world).pk for _place in range(number)]
    return list(Project.objects.filter(pk__in=made).select_related("unit", "lead"))


def new_project(world: World) -> Project:
    place = Project.objects.count() + 1
    project = Project(
        code=f"CS-{place:06}", name=f"测算项目{place}", fiscal_year=2025, unit=world.unit, lead=world.lin
    )
    project.save_as(world.sun)
    return project


def open_plainly(world: World, campaign: Campaign, project: Project) -> None:
    """Nothing is kept of how far it is."""
    services.open_evaluation(
        actor=world.sun, project=project, kind=campaign.kind, scheme=campaign.scheme, campaign=campaign
    )


def ask(world: World, campaign: Campaign, projects: list[Project]) -> None:
    launching.request_launch(campaign=campaign, actor=world.sun, projects=projects)


def under_way(campaign: Campaign) -> CampaignLaunch:
    """The launch that was asked for last, as the job finds it once it has begun."""
    CampaignLaunch.objects.filter(campaign=campaign, status="queued").update(status="running")
    return campaign.launches.select_related("actor", "campaign__scheme").latest("pk")


def statements_of(world: World, campaign: Campaign) -> dict[str, int]:
    """The SQL of one more project; what a launch needs as a whole is left out."""

    def launched(number: int) -> int:
        ask(world, campaign, fresh(world, number))
        return counted(lambda: jobs.go_on(campaign.launches.latest("pk").pk))

    (alone,) = fresh(world, 1)
    return {
        "plain calls": counted(lambda: open_plainly(world, campaign, alone)),
        "launched": launched(2) - launched(1),
    }


def counted(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
