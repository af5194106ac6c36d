"""Opening an evaluation, entering its project, seating its experts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from audit_log.models import AuditEvent, Refusal
from evaluations.models import Campaign, Evaluation, EvaluationUserPermission, Kind, Project, Stage
from tests.cast import open_task
from tests.workflow.page_forms import read_form

URL = "/evaluations/new/"
NOTICE = "请提供立项、资金和验收材料。"


@pytest.fixture
def sun(world, as_):
    return as_(world.sun)


@pytest.fixture
def form(sun):
    """The opening form as it first appears, with some fields changed."""

    def filled(client=sun, **changes):
        fields = read_form(client.get(URL), "opening-form").fields
        return {**fields, **{name: str(value) for name, value in changes.items()}}

    return filled


def new_project(world, **changes):
    return {
        "project": "",
        "code": "XM-2026-001",
        "name": "政务服务平台升级",
        "fiscal_year": "2026",
        "unit": world.unit.pk,
        "lead": world.lin.pk,
        **changes,
    }


def test_an_existing_project_is_evaluated(world, sun, form):
    page = sun.post(URL, form(project=world.project.pk, kind=Kind.SELF, days_to_fill=15))
    evaluation = Evaluation.objects.get()
    assert page.status_code == 302
    assert page.url == f"/evaluations/{evaluation.pk}/"
    assert (evaluation.stage, evaluation.days_to_fill) == (Stage.SELF_ASSESSMENT, 15)
    assert open_task(evaluation).owner == world.lin


def test_a_new_project_is_entered_with_its_evaluation(world, sun, form):
    assert sun.post(URL, form(kind=Kind.SELF, **new_project(world))).status_code == 302
    project = Project.objects.get(code="XM-2026-001")
    assert (project.unit, project.lead) == (world.unit, world.lin)
    assert project.evaluations.count() == 1
    assert AuditEvent.objects.filter(chain=f"project:{project.pk}", verb="create_project").count() == 1


def test_unit_approval_can_be_switched_off(world, sun, form):
    fields = form(project=world.project.pk, kind=Kind.SELF)
    del fields["unit_approval"]
    sun.post(URL, fields)
    assert Evaluation.objects.get().unit_approval is False


def test_a_finance_evaluation_starts_with_notice_and_framework(world, sun, form):
    sun.post(URL, form(project=world.project.pk, kind=Kind.FINANCE, notice=NOTICE))
    evaluation = Evaluation.objects.get()
    assert (evaluation.stage, evaluation.notice) == (Stage.MATERIAL, NOTICE)
    assert evaluation.indicators.exists()


def test_a_department_opens_its_own_evaluation(world, as_, form):
    client = as_(world.zhao)
    client.post(URL, form(client, project=world.project.pk, kind=Kind.DEPARTMENT, notice=NOTICE))
    assert Evaluation.objects.get().kind == Kind.DEPARTMENT


def test_a_department_cannot_open_the_bureaus(world, as_, form):
    client = as_(world.zhao)
    page = client.post(URL, form(client, project=world.project.pk, kind=Kind.FINANCE, notice=NOTICE))
    assert page.status_code == 403
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("name", ["lin", "wang", "qian", "zhou", "feng", "wu", "wei"])
def test_whoever_runs_no_evaluations_has_no_such_page(name, world, as_):
    client = as_(getattr(world, name))
    assert client.get(URL).status_code == 404
    assert client.post(URL, {}).status_code == 404


FAULTS = {
    "kind": {"kind": "magic"},
    "scheme": {"scheme": "999999"},
    "days_to_fill": {"days_to_fill": "0"},
    "days_to_review": {"days_to_review": "many"},
    "notice": {"kind": Kind.FINANCE, "notice": " "},
    "campaign": {"campaign": "999999"},
}


@pytest.mark.parametrize(("field", "fault"), FAULTS.items())
def test_a_faulty_field_is_named_and_nothing_is_opened(field, fault, world, sun, form):
    page = sun.post(URL, form(**{"kind": Kind.SELF, **new_project(world), **fault}))
    answer = read_form(page, "opening-form")
    assert page.status_code == 422
    assert field in answer.errors
    assert answer.fields["name"] == "政务服务平台升级"
    assert not Project.objects.filter(code="XM-2026-001").exists()
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("field", ["code", "name", "fiscal_year", "unit", "lead"])
def test_a_new_project_needs_everything(field, world, sun, form):
    page = sun.post(URL, form(kind=Kind.SELF, **new_project(world, **{field: ""})))
    assert page.status_code == 422
    assert field in read_form(page, "opening-form").errors


def test_a_code_that_is_taken_is_refused_at_its_field(world, sun, form):
    page = sun.post(URL, form(kind=Kind.SELF, **new_project(world, code=world.project.code)))
    assert page.status_code == 422
    assert "code" in read_form(page, "opening-form").errors
    assert not Evaluation.objects.exists()


def test_the_lead_belongs_to_the_unit(world, sun, form):
    page = sun.post(URL, form(kind=Kind.SELF, **new_project(world, lead=world.chen.pk)))
    assert page.status_code == 422
    assert "lead" in read_form(page, "opening-form").errors
    assert Refusal.objects.filter(verb="open").count() == 1


def test_a_project_is_evaluated_once_for_each_kind(world, sun, form):
    sun.post(URL, form(project=world.project.pk, kind=Kind.SELF))
    page = sun.post(URL, form(project=world.project.pk, kind=Kind.SELF))
    assert page.status_code == 422
    assert "project" in read_form(page, "opening-form").errors


def test_another_departments_units_are_not_offered(world, as_, form):
    client = as_(world.chu)
    page = client.post(URL, form(client, kind=Kind.SELF, **new_project(world)))
    assert page.status_code == 422
    assert "unit" in read_form(page, "opening-form").errors


def test_a_campaign_of_another_kind_is_refused_at_its_field(world, sun, form):
    campaign = Campaign(
        name="2025年度自评",
        fiscal_year=2025,
        kind=Kind.SELF,
        organizer=world.bureau,
        scheme=world.scheme,
    )
    campaign.save_as(world.sun)
    fields = form(project=world.project.pk, kind=Kind.FINANCE, notice=NOTICE, campaign=campaign.pk)
    page = sun.post(URL, fields)
    assert page.status_code == 422
    assert "campaign" in read_form(page, "opening-form").errors


# --- seats ---------------------------------------------------------------------------


@pytest.fixture
def commissioned(commissioned_evaluation):
    return commissioned_evaluation(Stage.MATERIAL, experts=())


def seat(client, evaluation, who: User):
    return client.post(f"/evaluations/{evaluation.pk}/seats/add/", {"expert": who.pk})


def test_an_expert_of_the_register_is_seated(world, sun, commissioned):
    assert seat(sun, commissioned, world.wu).status_code == 302
    assert commissioned.seats.get().expert == world.wu
    assert EvaluationUserPermission.objects.filter(user=world.wu, content_object=commissioned).exists()


@pytest.mark.parametrize("name", ["lin", "zhao", "feng"])
def test_somebody_outside_of_the_register_is_refused_at_the_field(name, world, sun, commissioned):
    page = seat(sun, commissioned, getattr(world, name))
    assert page.status_code == 422
    assert 'id="id_expert_error"' in page.content.decode()
    assert not commissioned.seats.exists()


def test_an_expert_is_seated_once(world, sun, commissioned):
    seat(sun, commissioned, world.wu)
    assert seat(sun, commissioned, world.wu).status_code == 422
    assert commissioned.seats.count() == 1


@pytest.mark.parametrize(("name", "status"), [("lin", 404), ("zhou", 404), ("chu", 404), ("wu", 404)])
def test_only_the_evaluator_seats_experts(name, status, world, as_, commissioned):
    assert seat(as_(getattr(world, name)), commissioned, world.wu).status_code == status
    assert not commissioned.seats.exists()


def test_nobody_is_seated_once_scoring_has_begun(world, sun, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    assert seat(sun, evaluation, world.zheng).status_code == 409
    assert evaluation.seats.count() == 1


def test_the_evaluator_seats_experts_on_the_dossier_while_material_is_awaited(
    world, as_, commissioned_evaluation
):
    evaluation = commissioned_evaluation(experts=())
    address = reverse("dossier", args=[evaluation.pk])
    seat = reverse("seat_expert", args=[evaluation.pk])
    assert seat in as_(world.sun).get(address).content.decode()
    assert seat not in as_(world.lin).get(address).content.decode()
    as_(world.sun).post(seat, {"expert": world.wu.pk})
    assert world.wu.display_name in as_(world.lin).get(address).content.decode()
