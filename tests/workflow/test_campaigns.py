"""Campaigns: preparing one, choosing its projects, launching."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit_log.errors import NotAllowed
from evaluations.models import Campaign, Evaluation, Kind, Stage
from workflow import launching

pytestmark = pytest.mark.django_db


def details(world, **changes):
    return {
        "name": "2025年度单位自评",
        "fiscal_year": 2025,
        "kind": Kind.SELF,
        "organizer": world.bureau.pk,
        "scheme": world.scheme.pk,
        "days_to_fill": 20,
        "days_to_review": 7,
        **changes,
    }


def prepared(world, **changes):
    values = {
        "name": "2025年度单位自评",
        "fiscal_year": 2025,
        "kind": Kind.SELF,
        "unit_approval": False,
        "days_to_fill": 20,
        "days_to_review": 7,
        "scheme": world.scheme,
        **changes,
    }
    return launching.prepare(actor=world.sun, organizer=world.bureau, **values)


def test_the_officer_prepares_a_campaign_and_launches_it(world, as_):
    officer = as_(world.sun)
    reply = officer.post(reverse("campaigns"), details(world))
    assert reply.status_code == 302
    campaign = Campaign.objects.get()
    assert world.project.name in officer.get(reverse("campaign", args=[campaign.pk])).content.decode()
    officer.post(reverse("campaign", args=[campaign.pk]), {"projects": [world.project.pk]})
    evaluation = Evaluation.objects.get(campaign=campaign)
    assert evaluation.project == world.project
    assert evaluation.stage == Stage.SELF_ASSESSMENT


def test_its_evaluations_take_over_days_and_unit_approval(world):
    campaign = prepared(world)
    (launched,) = launching.launch(campaign=campaign, actor=world.sun, projects=[world.project])
    evaluation = launched.evaluation
    assert (evaluation.days_to_fill, evaluation.days_to_review, evaluation.unit_approval) == (20, 7, False)


def test_launching_twice_opens_once(world):
    campaign = prepared(world)
    projects = [world.project, world.other_project]
    first = launching.launch(campaign=campaign, actor=world.sun, projects=projects)
    second = launching.launch(campaign=campaign, actor=world.sun, projects=projects)
    assert [row.refusal for row in first] == ["", ""]
    assert all(row.evaluation is None and row.refusal for row in second)
    assert Evaluation.objects.count() == 2
    assert not launching.projects_within_reach(campaign).exists()


def test_a_bureau_cannot_run_a_departments_campaign(world, as_):
    reply = as_(world.sun).post(reverse("campaigns"), details(world, kind=Kind.DEPARTMENT))
    assert reply.status_code == 422
    assert reply.context["form"].errors["kind"]
    assert not Campaign.objects.exists()


def test_the_same_name_in_the_same_year_is_refused_at_its_field(world, as_):
    prepared(world)
    reply = as_(world.sun).post(reverse("campaigns"), details(world))
    assert reply.status_code == 422
    assert reply.context["form"].errors


def test_somebody_without_the_right_prepares_nothing(world):
    with pytest.raises(NotAllowed):
        launching.prepare(
            actor=world.zhou,
            organizer=world.bureau,
            name="x",
            fiscal_year=2025,
            kind="self",
            scheme=world.scheme,
        )
    assert not Campaign.objects.exists()


def test_another_offices_campaign_is_not_found(world, as_):
    campaign = prepared(world)
    for person in (world.zhao, world.lin, world.zhou, world.wei):
        assert as_(person).get(reverse("campaign", args=[campaign.pk])).status_code == 404


def test_a_project_of_another_bureau_is_out_of_reach(world, as_):
    campaign = prepared(world, fiscal_year=2024)
    reply = as_(world.sun).post(reverse("campaign", args=[campaign.pk]), {"projects": [world.project.pk]})
    assert reply.status_code == 422
    assert not Evaluation.objects.exists()
