"""Pages in Chinese show nothing that was left in English."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import override

from approvals.models import ItemStage, Verb
from evaluations.models import Stage
from notices.messages import CLOSED
from notices.models import Channel, Delivery, Notice, State
from tests.cast import bring, bring_item, open_task, propose, soon, walk_commissioned, walk_self
from tests.notice_scenes import webhook_of
from tests.rectifying import leader_of
from workflow import rectifying
from workflow.views.evaluations import TABS

# Names that stay as they are in every language.
NAMES = ["English", "AGPL-3.0-or-later", "验收报告.pdf", "Excel", "Word", "JSON"]
SHOWN_ATTRIBUTES = {"title", "aria-label", "placeholder", "alt", "data-label"}
UNSEEN_ELEMENTS = {"script", "style"}

PAGES = [
    "inbox",
    "notices",
    "notice_choices",
    "evaluation_list",
    "campaigns",
    "ledger",
    "calendar",
    "ledger_figures",
    "next_year",
    "on_hold",
    "open_evaluation",
    "delegations",
]
ERRORS = ["400", "403", "403_csrf", "404", "500"]
SELF_STAGES = {
    Stage.SELF_ASSESSMENT: "lin",
    Stage.UNIT_APPROVAL: "wang",
    Stage.DEPARTMENT_REVIEW: "zhao",
    Stage.FINANCE_REVIEW: "sun",
    Stage.CONCLUSION: "zhou",
}
COMMISSIONED_STAGES = {
    Stage.MATERIAL: "lin",
    Stage.EXPERT_SCORING: "wu",
    Stage.DRAFT_CONCLUSION: "sun",
    Stage.EXCHANGE_OF_VIEWS: "lin",
    Stage.CONCLUSION: "zhou",
}
ITEM_STAGES = {
    ItemStage.ISSUED: "lin",
    ItemStage.OBJECTION: "sun",
    ItemStage.PLANNING: "lin",
    ItemStage.PLAN_REVIEW: "sun",
    ItemStage.CARRYING_OUT: "lin",
    ItemStage.DEPARTMENT_VERIFICATION: "zhao",
    ItemStage.FINANCE_VERIFICATION: "sun",
}


class ShownText(HTMLParser):
    """Collects what a page shows or has read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.element = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.element = tag
        self.texts += [value for name, value in attrs if value and name in SHOWN_ATTRIBUTES]

    def handle_data(self, data: str) -> None:
        if self.element not in UNSEEN_ELEMENTS:
            self.texts.append(data)


def english_words(html: str, names: list[str] = NAMES) -> list[str]:
    """Words with two or more small letters that a page shows, each with the text around it."""
    shown = ShownText()
    shown.feed(html)
    found = []
    for text in shown.texts:
        for name in names:
            text = text.replace(name, "")
        # What stands behind an @ is what somebody signs in with.
        words = re.findall(r"[A-Za-z]*[a-z]{2,}", re.sub(r"@[\w-]+", "", text))
        found += [f"{word} in “{' '.join(text.split())[:80]}”" for word in words]
    return found


def shown_in_english(page, names: list[str] = NAMES) -> list[str]:
    """What a page that was answered in order shows in English."""
    assert page.status_code == 200
    return english_words(page.content.decode(), names)


def task_page(client, subject, person):
    task = open_task(subject, person)
    return client.get(reverse("task", args=[task.process_id, task.pk]))


def test_english_words_are_found_in_texts_and_in_names_for_the_ear():
    html = '<p class="lead">待办 Inbox</p><a href="/inbox/" aria-label="Close">×</a><script>var word</script>'
    assert english_words(html) == ["Inbox in “待办 Inbox”", "Close in “Close”"]


@pytest.mark.django_db
def test_the_login_page_shows_no_english(client):
    assert shown_in_english(client.get(reverse("login"))) == []


def test_no_page_of_the_menu_shows_english(world, as_, self_evaluation, commissioned_evaluation):
    self_evaluation(Stage.RECTIFICATION)
    commissioned_evaluation()
    names = [*NAMES, *world.people]
    found = {page: shown_in_english(as_(world.sun).get(reverse(page)), names) for page in PAGES}
    found["people"] = shown_in_english(as_(world.zhou).get(reverse("people")), names)
    assert not any(found.values()), found


def test_no_tab_of_a_self_evaluation_shows_english(world, as_, self_evaluation):
    evaluation, client = self_evaluation(Stage.RECTIFICATION), as_(world.sun)
    addresses = {tab: reverse("dossier_tab", args=[evaluation.pk, tab]) for tab in TABS}
    found = {tab: shown_in_english(client.get(address)) for tab, address in addresses.items()}
    assert not any(found.values()), found


def test_no_change_of_a_field_is_told_in_english(world, as_, self_evaluation):
    evaluation, client = self_evaluation(Stage.CONCLUSION), as_(world.sun)
    address = reverse("dossier_tab", args=[evaluation.pk, "history"])
    pages = [client.get(address, {"show": "changes", "page": page}) for page in (1, 2)]
    assert [shown_in_english(page) for page in pages] == [[], []]


def test_no_tab_of_a_finance_evaluation_shows_english(world, as_, commissioned_evaluation):
    evaluation, client = commissioned_evaluation(Stage.RECTIFICATION), as_(world.sun)
    addresses = {tab: reverse("dossier_tab", args=[evaluation.pk, tab]) for tab in TABS}
    found = {tab: shown_in_english(client.get(address)) for tab, address in addresses.items()}
    assert not any(found.values()), found


def test_no_step_of_a_self_evaluation_shows_english(world, as_, self_evaluation):
    evaluation, found = self_evaluation(), {}
    for stage, name in SELF_STAGES.items():
        person = getattr(world, name)
        bring(evaluation, stage, walk_self(world))
        found[stage] = shown_in_english(task_page(as_(person), evaluation, person))
    assert not any(found.values()), found


def test_no_step_of_a_finance_evaluation_shows_english(world, as_, commissioned_evaluation):
    evaluation, found = commissioned_evaluation(), {}
    for stage, name in COMMISSIONED_STAGES.items():
        person = getattr(world, name)
        bring(evaluation, stage, walk_commissioned(world))
        found[stage] = shown_in_english(task_page(as_(person), evaluation, person))
    assert not any(found.values()), found


def test_no_step_of_an_item_shows_english(world, as_, item_at):
    item, found = item_at(ItemStage.ISSUED), {}
    for stage, name in ITEM_STAGES.items():
        person = getattr(world, name)
        bring_item(world, item, stage)
        found[stage] = shown_in_english(task_page(as_(person), item, person))
        found[stage] += shown_in_english(as_(person).get(reverse("item", args=[item.pk])))
    assert not any(found.values()), found


def test_nothing_beside_an_items_steps_is_told_in_english(world, as_, item_at):
    item, found = item_at(ItemStage.CARRYING_OUT, amount=Decimal("12.5")), {}
    step = open_task(item)
    progress = {"percent": 40, "day": None, "text": "一个模块已上线。"}
    rectifying.note_progress(process_id=step.process_id, task_id=step.pk, actor=world.lin, **progress)
    asked = rectifying.ask_extension(item=item, actor=world.lin, due=soon(60), reason="承建方延期供货。")
    address = reverse("item", args=[item.pk])
    people = {"lin": world.lin, "sun": world.sun, "leader": leader_of(world)}
    for name, person in people.items():
        found[name] = shown_in_english(as_(person).get(address))
    rectifying.answer_extension(extension=asked, actor=world.sun, granted=True, due=soon(45))
    found["answered"] = shown_in_english(as_(world.lin).get(address))
    rectifying.cancel(item=item, actor=people["leader"], opinion="系统已整体下线。")
    found["ended"] = shown_in_english(as_(world.sun).get(address))
    found["closed"] = shown_in_english(
        as_(world.sun).get(reverse("item", args=[item_at(ItemStage.CLOSED).pk]))
    )
    assert not any(found.values()), found


def test_no_page_on_which_items_are_proposed_and_issued_shows_english(world, as_, item_at, self_evaluation):
    evaluation, client = item_at(ItemStage.PLANNING).evaluation, as_(world.sun)
    names = ("rectification_notices", "raise_item", "raise_items")
    found = {name: shown_in_english(client.get(reverse(name, args=[evaluation.pk]))) for name in names}
    propose(world, evaluation, world.sun, due=soon(800))
    found["proposed"] = shown_in_english(client.get(reverse("rectification_notices", args=[evaluation.pk])))
    waiting = self_evaluation(Stage.FINANCE_REVIEW)
    propose(world, waiting, world.sun, due=soon(800))
    found["review"] = shown_in_english(task_page(client, waiting, world.sun))
    assert not any(found.values()), found


def test_what_is_done_with_the_ledger_is_told_in_chinese(world, as_, item_at):
    items = [item_at(stage) for stage in (ItemStage.PLANNING, ItemStage.FINANCE_VERIFICATION)]
    client = as_(world.sun)
    ticked = {"item": [item.pk for item in items], "query": "status=open"}
    found = {
        "reminded": shown_in_english(client.post(reverse("remind_several"), ticked)),
        "again": shown_in_english(client.post(reverse("remind_several"), ticked)),
        "filtered": shown_in_english(client.get(reverse("ledger"), {"status": "open", "age": "30"})),
    }
    client.post(reverse("save_ledger_view"), {"name": "未销号", "query": "status=open"})
    found["view"] = shown_in_english(client.get(reverse("ledger"), {"status": "open"}))
    refused = client.post(reverse("save_ledger_view"), {"name": "", "query": ""})
    found["refused"] = english_words(refused.content.decode())
    assert not any(found.values()), found


def test_no_page_of_the_calendar_shows_english(world, as_):
    client, names = as_(world.sun), [*NAMES, "csv", "xlsx", "txt"]
    found = {
        "missing": shown_in_english(client.get(reverse("calendar_year", args=[2098]))),
        "year": shown_in_english(client.get(reverse("calendar_year", args=[2026]))),
        "day": shown_in_english(client.get(reverse("calendar_day"), {"day": "2026-05-04"})),
        "notice": shown_in_english(client.get(reverse("enter_notice")), names),
        "preview": shown_in_english(
            client.post(
                reverse("enter_notice"),
                {"text": "2098-01-01 休 元旦", "number": "测试〔2097〕1号", "published_on": "2097-11-02"},
            )
        ),
    }
    assert not any(found.values()), found


def test_no_page_of_webhooks_and_of_what_failed_shows_english(world, as_, settings):
    settings.WEBHOOK_HOSTS = ["hooks.example"]
    hook, client, names = (
        webhook_of(world.department),
        as_(world.qian),
        [*NAMES, "Webhook", "hooks.example", "https"],
    )
    notice = Notice.objects.create(
        recipient=world.zhao, kind="task", message=CLOSED, values={"project": "项目"}, path="/", source="test"
    )
    failed = {"state": State.DEAD, "last_error": "HTTP 500"}
    Delivery.objects.create(notice=notice, channel=Channel.MAIL, **failed)
    Delivery.objects.create(notice=notice, channel=Channel.WEBHOOK, endpoint=hook, **failed)
    pages = {name: reverse(name) for name in ("endpoints", "add_endpoint", "failed_notices")}
    pages["edit_endpoint"] = reverse("edit_endpoint", args=[hook.pk])
    found = {name: shown_in_english(client.get(address), names) for name, address in pages.items()}
    secret = client.post(reverse("renew_secret", args=[hook.pk]))
    hook.refresh_from_db()
    found["secret"] = shown_in_english(secret, [*names, hook.secret])
    assert not any(found.values()), found


def test_faults_in_a_form_are_told_in_chinese(world, as_, self_evaluation):
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    address = reverse("task", args=[task.process_id, task.pk])
    page = as_(world.zhao).post(address, {"verb": Verb.RETURN, "opinion": ""})
    assert page.status_code == 422
    assert english_words(page.content.decode()) == []


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_shows_no_english(name):
    with override("zh-hans"):
        assert english_words(get_template(f"{name}.html").render()) == []
