"""Campaigns: preparing one, choosing its projects, launching."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit_log.errors import InvalidInput, NotAllowed
from evaluations.actions import (
    change_framework,
    draft_framework,
    draft_scheme,
    publish_framework,
    publish_scheme,
    retire_scheme,
)
from evaluations.models import Campaign, Evaluation, Framework, Kind, Scheme, Stage
from tests.cast import open_self_evaluation
from workflow import launching, services
from workflow.forms.campaigns import CampaignForm
from workflow.launch_models import CampaignLaunch
from workflow.launching import jobs

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
    jobs.run_launch(launch_id=CampaignLaunch.objects.get().pk)
    evaluation = Evaluation.objects.get(campaign=campaign)
    assert evaluation.project == world.project
    assert evaluation.stage == Stage.SELF_ASSESSMENT


def test_its_evaluations_take_over_days_and_unit_approval(world):
    campaign = prepared(world)
    (launched,) = launching.launch(campaign=campaign, actor=world.sun, projects=[world.project])
    evaluation = launched.evaluation
    assert (evaluation.days_to_fill, evaluation.days_to_review, evaluation.unit_approval) == (20, 7, False)


@pytest.fixture
def own_schemes(world):
    """A draft, a published and a retired scheme of the bureau's."""
    made = {}
    for code in ("drafted", "published", "retired"):
        made[code] = draft_scheme(actor=world.sun, source=world.scheme, bureau=world.bureau, code=code)
        if code != "drafted":
            made[code] = publish_scheme(actor=world.sun, scheme=made[code])
    made["retired"] = retire_scheme(actor=world.sun, scheme=made["retired"], reason="由新版替代")
    return made


def test_only_published_schemes_are_offered(world, own_schemes):
    form = CampaignForm(user=world.sun)
    codes = set(form.fields["scheme"].queryset.values_list("code", flat=True))
    assert "published" in codes
    assert not codes & {"drafted", "retired"}


@pytest.mark.parametrize("code", ["drafted", "retired"])
def test_a_campaign_of_a_draft_or_a_retired_scheme_is_refused(world, own_schemes, code):
    with pytest.raises(InvalidInput) as refusal:
        prepared(world, scheme=own_schemes[code])
    assert list(refusal.value.fields) == ["scheme"]
    with pytest.raises(InvalidInput):
        open_self_evaluation(world, project=world.project, scheme=own_schemes[code])


def test_a_campaign_goes_on_by_its_scheme_when_that_is_retired(world, own_schemes):
    campaign = prepared(world, scheme=own_schemes["published"])
    retire_scheme(actor=world.sun, scheme=own_schemes["published"], reason="由新版替代")
    campaign.refresh_from_db()
    (launched,) = launching.launch(campaign=campaign, actor=world.sun, projects=[world.project])
    assert launched.evaluation.scheme == own_schemes["published"]


def test_a_finance_evaluation_starts_with_the_common_framework_unless_another_is_chosen(world):
    common = Framework.objects.get(code="common")
    own = draft_framework(actor=world.sun, source=common, bureau=world.bureau, code="own")
    items = own.content["items"][11:]
    document = {**own.content, "items": items, "level_weights": {"产出": "50", "效益": "50"}}
    own = publish_framework(
        actor=world.sun, framework=change_framework(actor=world.sun, framework=own, document=document)
    )
    options = {"kind": Kind.FINANCE, "scheme": world.scheme, "notice": "请提供材料。"}
    first = services.open_evaluation(actor=world.sun, project=world.project, **options)
    second = services.open_evaluation(actor=world.sun, project=world.new_project(), framework=own, **options)
    assert (first.framework, first.indicators.count()) == (common, 17)
    assert (second.framework, second.indicators.count()) == (own, 6)
    assert sum(row.weight for row in second.indicators.all()) == 100


def test_launching_twice_opens_once(world):
    campaign = prepared(world)
    projects = [world.project, world.other_project]
    first = launching.launch(campaign=campaign, actor=world.sun, projects=projects)
    with pytest.raises(InvalidInput) as refusal:
        launching.launch(campaign=campaign, actor=world.sun, projects=projects)
    assert list(refusal.value.fields) == ["projects"]
    assert [row.evaluation.project for row in first] == projects
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


def offered_first(user):
    return CampaignForm(user=user)["scheme"].value()


def test_the_scheme_of_the_last_campaign_is_proposed_and_before_it_the_ministrys(world, own_schemes):
    assert offered_first(world.sun) == Scheme.objects.get(code="ministry-2020").pk
    prepared(world, scheme=own_schemes["published"])
    assert offered_first(world.sun) == own_schemes["published"].pk
    retire_scheme(actor=world.sun, scheme=own_schemes["published"], reason="由新版替代")
    assert offered_first(world.sun) == Scheme.objects.get(code="ministry-2020").pk


def test_the_common_framework_is_offered_once(world):
    choices = CampaignForm(user=world.sun)["framework"].field.choices
    assert [value for value, _words in choices] == [""]
