"""The pages of a launch: choosing projects, how far it is, what became of each."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.models import Campaign, Evaluation, Kind, Project
from tests.cast import open_self_evaluation
from tests.workflow.importing import campaign_of
from tests.workflow.launches import work
from workflow import launching
from workflow.launch_models import CampaignLaunch, LaunchedProject
from workflow.launching.campaigns import projects_within_reach
from workflow.views import campaigns, launches

pytestmark = pytest.mark.django_db(transaction=True)
Status = CampaignLaunch.Status
State = LaunchedProject.State
HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(world) -> Campaign:
    return campaign_of(world)


@pytest.fixture
def officer(world, as_) -> Client:
    """Sun's browser, in English."""
    client: Client = as_(world.sun)
    client.cookies["django_language"] = "en"
    return client


def address(campaign: Campaign, asked: str = "") -> str:
    return reverse("campaign", args=[campaign.pk]) + asked


def page_of(client: Client, launch: CampaignLaunch, asked: str = "", **options: Any) -> str:
    answer = client.get(reverse("launch", args=[launch.pk]) + asked, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def begun(world: Any, campaign: Campaign) -> CampaignLaunch:
    return launching.request_launch(
        campaign=campaign, actor=world.sun, projects=projects_within_reach(campaign)
    )


def names(launch: CampaignLaunch) -> list[str]:
    return [row.project.name for row in launch.projects.select_related("project")]


def test_the_ticked_projects_are_launched_and_the_page_of_the_launch_follows(world, campaign, officer):
    answer = officer.post(address(campaign), {"projects": [world.project.pk]})
    launch = CampaignLaunch.objects.get()
    assert answer["Location"] == reverse("launch", args=[launch.pk])
    assert names(launch) == [world.project.name]
    assert not Evaluation.objects.exists()
    work()
    assert Evaluation.objects.get(campaign=campaign).project == world.project


def test_all_within_reach_are_launched_without_naming_each(world, campaign, officer, monkeypatch):
    monkeypatch.setattr(campaigns, "PER_PAGE", 1)
    page = officer.get(address(campaign)).content.decode()
    assert "Open all 2 projects" in page
    assert page.count('name="projects"') == 1
    officer.post(address(campaign), {"everything": "1"})
    assert sorted(names(CampaignLaunch.objects.get())) == sorted(
        [world.project.name, world.other_project.name]
    )


@pytest.mark.parametrize("asked", ["?q=902", "?q=就业服务", "?q=服务平台"])
def test_all_means_all_that_were_searched_for(asked, world, campaign, officer):
    page = officer.get(address(campaign, asked)).content.decode()
    assert world.other_project.name in page
    assert world.project.name not in page
    officer.post(address(campaign, asked), {"everything": "1"})
    assert names(CampaignLaunch.objects.get()) == [world.other_project.name]


def test_projects_can_be_narrowed_down_to_a_department(world, campaign, officer):
    own = world.new_project(unit=world.own_level)
    asked = f"?department={world.other_department.pk}"
    officer.post(address(campaign, asked), {"everything": "1"})
    assert names(CampaignLaunch.objects.get()) == [own.name]


def test_a_department_that_is_not_offered_narrows_nothing_down(world, campaign, officer):
    officer.post(address(campaign, "?department=²"), {"everything": "1"})
    assert len(names(CampaignLaunch.objects.get())) == 2


def test_launching_nothing_is_refused_at_the_form(world, campaign, officer):
    answer = officer.post(address(campaign), {})
    assert answer.status_code == 422
    assert "Choose at least one project." in answer.content.decode()
    assert not CampaignLaunch.objects.exists()


def test_a_finance_campaign_asks_for_its_notice(world, officer):
    campaign = campaign_of(world, kind=Kind.FINANCE, name="财政评价")
    answer = officer.post(address(campaign), {"projects": [world.project.pk]})
    assert answer.status_code == 422
    assert answer.context["form"].errors["notice"]
    officer.post(address(campaign), {"projects": [world.project.pk], "notice": "请提供材料。"})
    assert CampaignLaunch.objects.get().notice == "请提供材料。"


def test_who_clicks_twice_gets_to_the_launch_that_the_first_click_began(world, campaign, officer):
    first = officer.post(address(campaign), {"projects": [world.project.pk]})
    second = officer.post(address(campaign), {"projects": [world.project.pk]})
    assert second["Location"] == first["Location"]
    assert CampaignLaunch.objects.count() == 1


def test_the_campaigns_page_shows_the_launch_instead_of_the_form(world, campaign, officer):
    launch = begun(world, campaign)
    page = officer.get(address(campaign)).content.decode()
    assert f'hx-get="{reverse("launch", args=[launch.pk])}"' in page
    assert 'name="projects"' not in page
    work()
    page = officer.get(address(campaign)).content.decode()
    assert "hx-get" not in page
    assert "2 opened, 0 refused, 0 waiting" in page


def test_the_progress_is_fetched_until_nothing_moves_and_then_the_page_afresh(world, campaign, officer):
    launch = begun(world, campaign)
    part = page_of(officer, launch, headers=HTMX)
    assert part.lstrip().startswith('<div id="launch-progress"')
    assert "0 of 2 projects" in part
    assert "0 of 2 projects" in page_of(officer, launch)
    work()
    answer = officer.get(reverse("launch", args=[launch.pk]), headers=HTMX)
    assert answer["HX-Refresh"] == "true"


def test_it_is_paused_and_gone_on_with_by_buttons_that_bear_two_clicks(world, campaign, officer):
    launch = begun(world, campaign)
    for verb, status, other in (("pause", Status.PAUSED, "resume"), ("resume", Status.QUEUED, "pause")):
        for _click in range(2):
            answer = officer.post(reverse(f"{verb}_launch", args=[launch.pk]))
            assert answer["Location"] == reverse("launch", args=[launch.pk])
        launch.refresh_from_db()
        assert launch.status == status
        page = page_of(officer, launch)
        assert reverse(f"{other}_launch", args=[launch.pk]) in page
        assert reverse(f"{verb}_launch", args=[launch.pk]) not in page


def test_a_button_that_comes_too_late_says_so(world, campaign, officer):
    launch = begun(world, campaign)
    work()
    answer = officer.post(reverse("pause_launch", args=[launch.pk]), follow=True)
    assert "This launch has ended already." in answer.content.decode()


def test_refusals_come_first_with_their_reason_and_can_be_tried_again(world, campaign, officer, monkeypatch):
    last = world.new_project()
    launch = begun(world, campaign)
    evaluation = open_self_evaluation(world, project=last)
    work()
    monkeypatch.setattr(launches, "PER_PAGE", 1)
    first = page_of(officer, launch)
    assert last.name in first
    assert "This project has an evaluation of this kind already." in first
    assert world.project.name not in first
    assert world.project.name in page_of(officer, launch, "?page=2")
    officer.cookies["django_language"] = "zh-hans"
    assert "该项目已有同类绩效评价。" in page_of(officer, launch, "?state=refused")
    assert last.name not in page_of(officer, launch, "?state=opened")
    assert Evaluation.objects.get(project=last) == evaluation
    answer = officer.post(reverse("retry_launch", args=[launch.pk]), follow=True)
    assert launch.projects.filter(state=State.REFUSED).count() == 1
    assert answer.status_code == 200


def test_why_a_launch_broke_off_stands_on_its_page(world, campaign, officer):
    launch = begun(world, campaign)
    CampaignLaunch.objects.update(status=Status.FAILED, error="This could not be done")
    assert "This could not be done" in page_of(officer, launch)


def test_every_later_launch_is_listed_with_the_earlier_ones(world, campaign, officer):
    first = begun(world, campaign)
    work()
    world.new_project()
    second = begun(world, campaign)
    page = officer.get(address(campaign)).content.decode()
    assert {reverse("launch", args=[launch.pk]) in page for launch in (first, second)} == {True}


def test_asking_how_far_it_is_costs_the_same_for_two_projects_and_for_many(world, campaign, officer):
    def statements(launch: CampaignLaunch) -> int:
        page_of(officer, launch, headers=HTMX)
        with CaptureQueriesContext(connection) as queries:
            page_of(officer, launch, headers=HTMX)
        return len(queries)

    few = statements(begun(world, campaign))
    work()
    for _place in range(30):
        world.new_project()
    many = begun(world, campaign)
    assert many.projects.count() == 30
    assert statements(many) == few
    assert Project.objects.count() == 32
