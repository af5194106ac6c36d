"""Every kind of page, on a desk and on a phone: WCAG 2.1 AA without a violation, no sideways scrolling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.actions import delegate
from accounts.models import User
from approvals.models import GeneratedDocument, ItemStage, Verb
from audit_log import clock
from evaluations.actions import draft_policy, draft_scheme
from evaluations.actions.calendar import set_calendar_day
from evaluations.actions.library import add_library_indicator
from evaluations.models import Kind, ReviewPolicy, Scheme, Stage
from notices.messages import CLOSED
from notices.models import Channel, Delivery, Notice, State
from tests.browsing.person import Person
from tests.cast import do, open_self_evaluation, open_task, propose, soon
from tests.notice_scenes import webhook_of
from tests.template_scenes import ENTRY, draft_of
from tests.workflow.importing import archive, campaign_of, chens, content_of, lins
from tests.workflow.several import asked
from tests.workflow.test_on_hold import next_application
from workflow import launching
from workflow.importing import verbs
from workflow.importing.jobs import read_import
from workflow.launching.jobs import run_launch
from workflow.views.evaluations import TABS

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RUN_AXE = """
async (standards) => {
  const found = await axe.run(document, { runOnly: standards });
  return found.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" | ")}`);
}
"""
SCREENS = {"desk": {"width": 1366, "height": 900}, "phone": {"width": 390, "height": 844}}
Visit = tuple[User | None, str]
"""Who looks at which address."""


@pytest.fixture(params=SCREENS)
def screen(request) -> dict[str, int]:
    return SCREENS[request.param]


@pytest.fixture
def faults_of_pages(live_browser, live_server, screen):
    """Visit each page and collect what axe and the browser find fault with, by address."""

    def visit_all(visits: list[Visit]) -> dict[str, list[str]]:
        found = {}
        for user in dict.fromkeys(user for user, _address in visits):
            context = live_browser(viewport=screen)
            if user:
                context.add_cookies([signed_in(user, live_server.url)])
            for address in [address for person, address in visits if person == user]:
                if faults := list(faults_of(context, address, screen["width"])):
                    found[address] = faults
        return found

    return visit_all


def signed_in(user: User, server: str) -> Any:
    """The session cookie of somebody who has signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}


def faults_of(context: Any, address: str, width: int) -> Iterator[str]:
    page = context.new_page()
    person = Person(page)
    page.goto(address)
    if not page.url.endswith(address):
        yield f"leads to {page.url}"
    for summary in page.locator("main details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    page.evaluate(AXE.read_text())
    yield from page.evaluate(RUN_AXE, STANDARDS)
    reach = page.evaluate("document.documentElement.scrollWidth")
    if reach > width:
        yield f"reaches to {reach} of {width} pixels"
    yield from person.complaints
    page.close()


def task_address(subject: Any, actor: User | None = None) -> str:
    task = open_task(subject, actor)
    return reverse("task", args=[task.process_id, task.pk])


@pytest.mark.django_db(transaction=True)
def test_the_common_pages(world, faults_of_pages, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    campaign = launching.prepare(
        actor=world.sun,
        organizer=world.bureau,
        name="2025年度单位自评",
        fiscal_year=2025,
        kind=Kind.SELF,
        scheme=world.scheme,
    )
    document = GeneratedDocument.objects.create(evaluation=item.evaluation, requested_by=world.sun)
    for giver, stand_in in ((world.zhou, world.sun), (world.lin, world.wang)):
        delegate(actor=giver, delegate=stand_in, starts=clock.today(), ends=soon(), reason="出差")
    officer = [
        *(reverse(name) for name in ("inbox", "notices", "evaluation_list", "ledger", "ledger_figures")),
        *(f"{reverse('inbox')}?tab={tab}" for tab in ("done", "started")),
        *(reverse(name) for name in ("campaigns", "open_evaluation")),
        reverse("campaign", args=[campaign.pk]),
        reverse("item", args=[item.pk]),
        reverse("document_status", args=[document.pk]),
    ]
    visits = [
        (None, reverse("login")),
        (world.zhao, reverse("inbox")),
        (world.zhou, reverse("people")),
        (world.zhou, reverse("delegations")),
        *((world.sun, address) for address in officer),
    ]
    assert faults_of_pages(visits) == {}


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_notices_and_webhooks(world, faults_of_pages, settings):
    settings.WEBHOOK_HOSTS = ["oapi.dingtalk.com"]
    hook = webhook_of(world.department)
    notice = Notice.objects.create(
        recipient=world.zhao, kind="task", message=CLOSED, values={"project": "项目"}, path="/", source="test"
    )
    failed = {"state": State.DEAD, "attempts": 14, "last_error": "HTTP 500: " + "hooks.example " * 10}
    Delivery.objects.create(notice=notice, channel=Channel.MAIL, **failed)
    Delivery.objects.create(notice=notice, channel=Channel.WEBHOOK, endpoint=hook, **failed)
    visits = [
        (world.zhao, f"{reverse('notices')}?kind=task"),
        (world.zhao, reverse("notice_choices")),
        *((world.qian, reverse(name)) for name in ("notices", "endpoints", "add_endpoint", "failed_notices")),
        (world.qian, reverse("edit_endpoint", args=[hook.pk])),
    ]
    assert faults_of_pages(visits) == {}


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_schemes_frameworks_and_the_library(world, faults_of_pages, self_evaluation):
    evaluation = self_evaluation()
    scheme, framework = (draft_of(world, kind) for kind in ("scheme", "framework"))
    core = Scheme.objects.get(code="core-2021")
    entry = add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY)
    moved_to = f"{reverse('change_basis', args=[evaluation.pk])}?scheme={core.pk}"
    officer = [
        *(reverse(name) for name in ("schemes", "frameworks", "library", "add_entry")),
        *(reverse(name, args=[scheme.pk]) for name in ("scheme", "edit_scheme", "copy_scheme")),
        *(reverse(name, args=[framework.pk]) for name in ("framework", "edit_framework")),
        f"{reverse('compare_schemes', args=[scheme.pk])}?with={core.pk}",
        f"{reverse('try_scheme', args=[core.pk])}?evaluation={evaluation.number}",
        reverse("edit_entry", args=[entry.pk]),
        reverse("edit_scheme", args=[copy_of_core(world, core).pk]),
        moved_to,
    ]
    task = open_task(evaluation)
    visits = [
        (world.lin, reverse("pick_indicators", args=[task.process_id, task.pk])),
        *((world.sun, address) for address in officer),
    ]
    assert faults_of_pages(visits) == {}


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_review_policies(world, faults_of_pages, self_evaluation, commissioned_evaluation):
    large = ReviewPolicy.objects.get(code="self-large")
    signed = ReviewPolicy.objects.get(code="finance-signed")
    draft = draft_policy(actor=world.sun, source=large, bureau=world.bureau, code="own-large")
    of_self = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=large)
    of_finance = commissioned_evaluation(Stage.EXPERT_SCORING, policy=signed)
    officer = [
        reverse("policies"),
        *(reverse("policy", args=[version.pk]) for version in (large, signed, draft)),
        *(reverse(name, args=[draft.pk]) for name in ("edit_policy", "copy_policy")),
        f"{reverse('compare_policies', args=[draft.pk])}?with={large.pk}",
        f"{reverse('try_policy', args=[draft.pk])}?evaluation={of_self.number}",
        f"{reverse('try_policy', args=[signed.pk])}?evaluation={of_finance.number}",
        *(reverse("dossier_tab", args=[found.pk, "process"]) for found in (of_self, of_finance)),
    ]
    assert faults_of_pages([(world.sun, address) for address in officer]) == {}


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_the_calendar(world, faults_of_pages):
    set_calendar_day(actor=world.sun, day=date(2026, 3, 3), works=False, name="停办", source="市政府通知")
    pages = [
        reverse("calendar_year", args=[2026]),
        f"{reverse('calendar_day')}?day=2026-03-03",
        reverse("enter_notice"),
    ]
    assert faults_of_pages([(world.sun, page) for page in pages]) == {}


def copy_of_core(world, core):
    """A draft with bands, thresholds and rules in its tables."""
    return draft_scheme(actor=world.sun, source=core, bureau=world.bureau, code="own-core")


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_an_import(world, faults_of_pages):
    campaign, evaluation = campaign_of(world), open_self_evaluation(world)
    task = open_task(evaluation)
    two_files = archive(a=content_of(lins(world)), b=b"{", c=content_of(chens(world)))
    many = verbs.hand_in_file(actor=world.sun, file=ContentFile(two_files), name="all.zip", campaign=campaign)
    own = verbs.hand_in_file(
        actor=world.lin, file=ContentFile(content_of(lins(world))), name="own.json", evaluation=evaluation
    )
    waiting = reverse("import", args=[own.pk])
    read_import(import_id=many.pk)
    officer = [
        reverse("import_into_campaign", args=[campaign.pk]),
        reverse("import", args=[many.pk]),
        *(reverse("imported_dossier", args=[many.pk, place]) for place in (0, 1)),
    ]
    visits = [
        (world.lin, reverse("import_into_task", args=[task.process_id, task.pk])),
        (world.lin, waiting),
        *((world.sun, address) for address in officer),
    ]
    assert faults_of_pages(visits) == {}
    read_import(import_id=own.pk)
    assert faults_of_pages([(world.lin, waiting)]) == {}


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_launch(world, faults_of_pages):
    campaign = campaign_of(world)
    of_campaign = (world.sun, reverse("campaign", args=[campaign.pk]))
    launch = launching.request_launch(
        campaign=campaign, actor=world.sun, projects=[world.project, world.other_project]
    )
    of_launch = (world.sun, reverse("launch", args=[launch.pk]))
    assert faults_of_pages([of_campaign, of_launch]) == {}
    open_self_evaluation(world, project=world.project)
    run_launch(launch_id=launch.pk)
    assert faults_of_pages([of_campaign, of_launch]) == {}


@pytest.mark.django_db(transaction=True)
def test_the_login_page_of_the_demonstration(world, faults_of_pages, settings):
    settings.DEMO_MODE = True
    assert faults_of_pages([(None, reverse("login"))]) == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [Kind.SELF, Kind.FINANCE])
def test_the_dossier_with_each_of_its_tabs(
    kind, world, faults_of_pages, self_evaluation, commissioned_evaluation
):
    make = self_evaluation if kind == Kind.SELF else commissioned_evaluation
    evaluation = make(Stage.RECTIFICATION)
    visits = [(world.sun, reverse("dossier_tab", args=[evaluation.pk, tab])) for tab in TABS]
    assert faults_of_pages(visits) == {}


@pytest.mark.django_db(transaction=True)
def test_the_steps_of_a_self_evaluation(world, faults_of_pages, self_evaluation):
    people = {
        Stage.SELF_ASSESSMENT: world.lin,
        Stage.UNIT_APPROVAL: world.wang,
        Stage.DEPARTMENT_REVIEW: world.zhao,
        Stage.FINANCE_REVIEW: world.sun,
        Stage.CONCLUSION: world.zhou,
    }
    visits = []
    for stage, person in people.items():
        evaluation = self_evaluation(stage)
        if stage == Stage.FINANCE_REVIEW:
            propose(world, evaluation, person)
        visits.append((person, task_address(evaluation)))
    assert faults_of_pages(visits) == {}


@pytest.mark.django_db(transaction=True)
def test_the_steps_of_a_commissioned_evaluation(world, faults_of_pages, commissioned_evaluation):
    people = {
        Stage.MATERIAL: world.lin,
        Stage.EXPERT_SCORING: world.wu,
        Stage.DRAFT_CONCLUSION: world.sun,
        Stage.EXCHANGE_OF_VIEWS: world.lin,
        Stage.CONCLUSION: world.zhou,
    }
    visits = [
        (person, task_address(commissioned_evaluation(stage), person)) for stage, person in people.items()
    ]
    assert faults_of_pages(visits) == {}


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_approving_several(world, faults_of_pages, self_evaluation):
    at_department = [self_evaluation(Stage.DEPARTMENT_REVIEW) for _place in range(3)]
    asked(at_department[2], world.qian)
    tasks = "&".join(f"task={open_task(evaluation).pk}" for evaluation in at_department)
    filtered = f"{reverse('inbox')}?stage={Stage.DEPARTMENT_REVIEW}"
    visits = [
        *((world.zhao, address) for address in (reverse("inbox"), filtered)),
        (world.zhao, f"{reverse('look_over_several')}?{tasks}"),
    ]
    assert faults_of_pages(visits) == {}


@pytest.mark.django_db(transaction=True)
def test_the_steps_of_a_rectification_item(world, faults_of_pages, item_at):
    people = {
        ItemStage.ISSUED: world.lin,
        ItemStage.PLANNING: world.lin,
        ItemStage.OBJECTION: world.sun,
        ItemStage.PLAN_REVIEW: world.sun,
        ItemStage.CARRYING_OUT: world.lin,
        ItemStage.DEPARTMENT_VERIFICATION: world.zhao,
        ItemStage.FINANCE_VERIFICATION: world.sun,
    }
    visits = [(person, task_address(item_at(stage))) for stage, person in people.items()]
    assert faults_of_pages(visits) == {}


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_what_results_are_used_for(world, faults_of_pages, self_evaluation):
    closed = self_evaluation(Stage.CLOSED)
    visits = [reverse("next_year"), *(reverse(name, args=[closed.pk]) for name in ("change_use", "dossier"))]
    assert faults_of_pages([(world.zhou, address) for address in visits]) == {}


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_applications_on_hold_and_of_a_policys_terms(world, faults_of_pages, self_evaluation):
    poor, draft = self_evaluation(Stage.CONCLUSION), draft_of(world, "policy")
    propose(world, poor, world.zhou)
    do(Verb.CONCLUDE, poor, world.zhou, total=Decimal(40), conclusion="目标未实现。")
    entered = self_evaluation(Stage.SELF_ASSESSMENT, project=next_application(world, poor))
    visits = [reverse("on_hold"), reverse("dossier", args=[entered.pk])]
    visits += [reverse(name, args=[draft.pk]) for name in ("policy", "edit_policy")]
    assert faults_of_pages([(world.sun, address) for address in visits]) == {}


@pytest.mark.django_db(transaction=True)
def test_a_violation_would_be_found(live_browser):
    page = live_browser().new_page()
    page.set_content("<html><body><img src='data:,'><input></body></html>")
    page.evaluate(AXE.read_text())
    found = " ".join(page.evaluate(RUN_AXE, STANDARDS))
    assert all(fault in found for fault in ("image-alt", "label", "html-has-lang"))
