"""What a reader may do on an item's page beside its steps: progress, extensions, the end of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from accounts.roles import Role
from approvals.models import ExtensionAnswer, ItemStage, RaisedBy, Verb
from audit_log import clock
from tests.cast import bring_item, do, person, soon
from tests.dossier_content import PDF
from workflow import rectifying
from workflow.presentation.item_course import objection_of

OFFERS = ("progress", "extend", "cancel", "sample", "reopen")


def page(client, item):
    return client.get(f"/rectification/{item.pk}/")


def offered(client, item):
    """What the page offers, by name."""
    may = page(client, item).context["may"]
    return {name for name in OFFERS if getattr(may, name)} | ({"answer"} if may.answer else set())


def leader(world):
    return person("leader", "小沈", Role.BUREAU_LEADER, world.bureau)


def asked(world, item, **details):
    given = {"due": soon(60), "reason": "承建方延期供货。", **details}
    return rectifying.ask_extension(item=item, actor=world.lin, **given)


def test_each_reader_is_offered_only_what_they_can_do(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT, raised_by=RaisedBy.DEPARTMENT)
    people = {"lin": world.lin, "wang": world.wang, "zhao": world.zhao, "sun": world.sun, "feng": world.feng}
    assert {name: offered(as_(who), item) for name, who in people.items()} == {
        "lin": {"progress", "extend"},
        "wang": {"extend"},
        "zhao": set(),
        "sun": {"sample"},
        "feng": set(),
    }
    assert offered(as_(leader(world)), item) == {"cancel"}


def test_the_unit_enters_progress_with_a_file_and_the_page_says_it_in_words(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    file = SimpleUploadedFile("上线报告.pdf", PDF, "application/pdf")
    typed = {"percent": "40", "text": "一个模块已上线。", "file": file}
    lin = as_(world.lin)
    assert lin.post(f"/rectification/{item.pk}/progress/", typed).status_code == 302
    entry = item.progress_entries.get()
    assert (entry.percent, entry.day, entry.files.count()) == (40, clock.today(), 1)
    shown = page(as_(world.zhao), item)
    assert shown.context["course"]["latest_progress"]["entry"] == entry
    text = shown.content.decode()
    assert "40%" in text
    assert '<progress value="40" max="100">' in text
    assert "上线报告.pdf" in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"percent": "101", "text": "已上线。"}, "percent"),
        ({"percent": "", "text": "已上线。"}, "percent"),
        ({"percent": "40", "text": " "}, "text"),
        ({"percent": "40", "text": "已上线。", "day": "2020-01-01"}, "day"),
    ],
)
def test_bad_progress_says_so_at_its_field_and_keeps_what_was_typed(as_, world, item_at, typed, field):
    item = item_at(ItemStage.CARRYING_OUT)
    reply = as_(world.lin).post(f"/rectification/{item.pk}/progress/", typed)
    assert reply.status_code == 422
    form = reply.context["progress_form"]
    assert set(form.errors) == {field}
    assert form["text"].value() == typed["text"]
    assert not item.progress_entries.exists()


def test_a_file_that_came_with_refused_progress_is_not_kept(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    before = item.evaluation.evidence.count()
    file = SimpleUploadedFile("上线报告.pdf", PDF, "application/pdf")
    typed = {"percent": "40", "text": "已上线。", "day": "2020-01-01", "file": file}
    assert as_(world.lin).post(f"/rectification/{item.pk}/progress/", typed).status_code == 422
    assert item.evaluation.evidence.count() == before


def test_no_progress_is_entered_while_the_measures_are_planned(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    typed = {"percent": "40", "text": "已上线。"}
    assert as_(world.lin).post(f"/rectification/{item.pk}/progress/", typed).status_code == 409


def test_an_extension_is_asked_for_and_granted_and_both_dates_stay(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    lin, sun = as_(world.lin), as_(world.sun)
    typed = {"extension-due": soon(60).isoformat(), "extension-reason": "承建方延期供货。"}
    assert lin.post(f"/rectification/{item.pk}/extensions/add/", typed).status_code == 302
    extension = item.extensions.get()
    assert "answer" in offered(sun, item)
    assert "extend" not in offered(lin, item)
    address = f"/rectification/{item.pk}/extensions/{extension.pk}/answer/"
    reply = sun.post(address, {"answer": "grant", "answer-due": soon(50).isoformat()})
    assert reply.status_code == 302
    item.refresh_from_db()
    assert (item.due, item.original_due) == (soon(50), soon(30))
    assert page(lin, item).context["course"]["extensions"][0]["tone"] == "green"
    assert "answer" not in offered(sun, item)


def test_an_extension_is_refused_only_with_a_reason(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    address = f"/rectification/{item.pk}/extensions/{asked(world, item).pk}/answer/"
    sun = as_(world.sun)
    reply = sun.post(address, {"answer": "refuse"})
    assert reply.status_code == 422
    assert "reason" in reply.context["answer_form"].errors
    assert sun.post(address, {"answer": "refuse", "answer-reason": "理由不充分。"}).status_code == 302
    assert item.extensions.get().answer.outcome == ExtensionAnswer.Outcome.REFUSED
    item.refresh_from_db()
    assert item.due == soon(30)


def test_an_answer_that_neither_grants_nor_refuses_is_not_taken(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    address = f"/rectification/{item.pk}/extensions/{asked(world, item).pk}/answer/"
    assert as_(world.sun).post(address, {"answer-reason": "再议。"}).status_code == 422
    assert not ExtensionAnswer.objects.exists()


@pytest.mark.parametrize(
    ("due", "reason", "field"),
    [("", "延期。", "due"), (soon(60).isoformat(), "", "reason"), (soon(5).isoformat(), "延期。", "due")],
)
def test_a_request_that_cannot_be_taken_says_so_at_its_field(as_, world, item_at, due, reason, field):
    item = item_at(ItemStage.CARRYING_OUT)
    typed = {"extension-due": due, "extension-reason": reason}
    reply = as_(world.lin).post(f"/rectification/{item.pk}/extensions/add/", typed)
    assert reply.status_code == 422
    form = reply.context["extension_form"]
    assert set(form.errors) == {field}
    assert form["reason"].value() == reason


def test_the_page_says_why_no_extension_can_be_asked_for(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    asked(world, item)
    may = page(as_(world.lin), item).context["may"]
    assert not may.extend
    assert may.why_not_extend


def test_the_bureaus_leader_ends_an_item_with_a_reason(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    client = as_(leader(world))
    assert client.post(f"/rectification/{item.pk}/end/", {"cancel-opinion": " "}).status_code == 422
    reply = client.post(f"/rectification/{item.pk}/end/", {"cancel-opinion": "系统已整体下线。"})
    assert reply.status_code == 302
    item.refresh_from_db()
    assert item.stage == ItemStage.CANCELLED
    assert "系统已整体下线。" in page(client, item).content.decode()
    assert offered(client, item) == set()


def test_whoever_led_the_project_does_not_end_its_item(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    from_the_bureau = leader(world)
    project = item.evaluation.project
    project.lead = from_the_bureau
    project.save_as(None, "the lead went up")
    assert offered(as_(from_the_bureau), item) == set()


def test_the_page_shows_what_is_settled_and_what_is_outstanding(as_, world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION, raised_by=RaisedBy.DEPARTMENT, amount=Decimal("12.5"))
    do(Verb.VERIFY, item, world.zhao, opinion="已退回五万元。", settled=Decimal("5"))
    context = page(as_(world.sun), item).context
    values = {str(pair["value"]).split()[0] for pair in context["facts"] if pair["value"]}
    assert {"12.5", "5", "7.5"} <= values
    assert [row["counts"] for row in context["course"]["settlements"]] == [True]


def test_an_objection_stands_on_the_page_with_its_answer(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    do(Verb.DISPUTE, item, world.lin, opinion="合同已变更。")
    waiting = page(as_(world.sun), item).context["course"]["objection"]
    assert (waiting["text"], waiting["answer"]) == ("合同已变更。", None)
    do(
        Verb.ANSWER_DISPUTE,
        item,
        world.sun,
        adopted=True,
        opinion="变更属实。",
        requirement="按变更后的合同交付一个模块",
    )
    answer = page(as_(world.lin), item).context["course"]["objection"]["answer"]
    assert (answer["adopted"], answer["before"]) == (True, "按期交付剩余两个模块")


@pytest.mark.parametrize(
    ("before", "given", "words"),
    [
        ("12.5", {"amount": Decimal("8")}, "8 ×10,000 yuan, 12.5 ×10,000 yuan before"),
        ("12.5", {"no_amount": True}, "12.5 ×10,000 yuan before; now no money is involved"),
        (None, {"amount": Decimal("8")}, "8 ×10,000 yuan; before, no money was involved"),
        ("12.5", {}, ""),
    ],
)
def test_how_an_objection_changed_the_amount_stands_on_the_page(as_, world, item_at, before, given, words):
    item = item_at(ItemStage.OBJECTION, amount=before and Decimal(before))
    answer = {"adopted": True, "opinion": "属实。", "requirement": "交付一个模块", **given}
    do(Verb.ANSWER_DISPUTE, item, world.sun, **answer)
    with override("en"):
        assert objection_of(list(item.decisions.all()))["answer"]["amount"] == words
    found = page(as_(world.lin), item)
    assert found.context["course"]["objection"]["answer"]["amount"] in found.content.decode()


def test_the_plan_stands_on_the_page_as_a_table(as_, world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    plan = page(as_(world.zhao), item).context["course"]["plan"]
    assert [(row.text, row.who, row.by_when) for row in plan] == [
        ("与承建方签订补充协议。", "项目组", item.due)
    ]


def test_a_plan_that_came_back_shows_the_last_one_only(as_, world, item_at):
    item = item_at(ItemStage.PLAN_REVIEW)
    do(Verb.SEND_BACK, item, world.sun, opinion="请细化。")
    bring_item(world, item, ItemStage.PLAN_REVIEW)
    assert len(page(as_(world.zhao), item).context["course"]["plan"]) == 1


def test_what_the_department_proved_waits_for_finance_only_while_finance_verifies(as_, world, item_at):
    item = item_at(ItemStage.FINANCE_VERIFICATION, amount=Decimal("12.5"))
    client = as_(world.sun)

    def rows():
        found = page(client, item).context["course"]["settlements"]
        return [(row["counts"], row["waits"]) for row in found]

    assert rows() == [(False, True)]
    do(Verb.SEND_BACK, item, world.sun, opinion="缺移交清单。")
    assert rows() == [(False, False)]
    bring_item(world, item, ItemStage.CLOSED)
    assert rows() == [(False, False), (False, False), (True, False)]
