"""The notices of an evaluation: preparing, looking at, issuing, receipts."""

from __future__ import annotations

import pytest

from approvals.models import ItemStage, RectificationNotice, Verb
from evaluations.models import Stage
from tests.cast import bring_item, do, propose, soon
from tests.workflow.page_forms import read_form

PARTICULARS = {
    "copies": "市审计局",
    "basis": "年度绩效评价工作方案",
    "contact": "绩效科",
    "telephone": "8700",
}


def address(evaluation):
    return f"/evaluations/{evaluation.pk}/rectification/notices/"


def prepared(self_evaluation, world):
    """An evaluation about to be concluded, with a proposed item."""
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    propose(world, evaluation, world.sun)
    do(Verb.ACCEPT, evaluation, world.sun)
    return evaluation


def paragraphs(response):
    return [paragraph.text for paragraph in response.context["letter"]["paragraphs"]]


def test_the_office_writes_the_particulars_and_sees_what_will_go_out(as_, world, self_evaluation):
    evaluation = prepared(self_evaluation, world)
    sun = as_(world.sun)
    typed = {**PARTICULARS, "report_due": soon(45).isoformat()}
    assert sun.post(address(evaluation), typed).status_code == 302
    page = sun.get(address(evaluation))
    assert read_form(page, "notice-form").fields.items() >= PARTICULARS.items()
    said = "\n".join(paragraphs(page))
    for words in ("按期交付剩余两个模块", "市审计局", "年度绩效评价工作方案", "8700", "…号"):
        assert words in said


def test_before_it_is_concluded_the_preview_names_no_score(as_, world, self_evaluation):
    evaluation = prepared(self_evaluation, world)
    assert "0.00" not in "\n".join(paragraphs(as_(world.zhou).get(address(evaluation))))


def test_whoever_concludes_sees_it_too_and_changes_nothing(as_, world, self_evaluation):
    evaluation = prepared(self_evaluation, world)
    page = as_(world.zhou).get(address(evaluation))
    assert page.context["letter"]
    assert page.context["form"] is None


@pytest.mark.parametrize("name", ["lin", "wang", "zhao", "qian", "feng"])
def test_nobody_else_reads_what_has_not_gone_out(as_, world, self_evaluation, name):
    evaluation = prepared(self_evaluation, world)
    page = as_(world.people[name]).get(address(evaluation))
    assert "letter" not in page.context
    assert "按期交付剩余两个模块" not in page.content.decode()


def test_bad_particulars_say_so_at_their_field_and_stay(as_, world, self_evaluation):
    evaluation = prepared(self_evaluation, world)
    reply = as_(world.sun).post(address(evaluation), {**PARTICULARS, "report_due": "2020-01-01"})
    assert reply.status_code == 422
    assert "report_due" in reply.context["form"].errors
    assert read_form(reply, "notice-form").fields["copies"] == "市审计局"
    assert not RectificationNotice.objects.filter(evaluation=evaluation).exists()


def test_an_issued_notice_says_who_signed_for_it_and_who_has_not_yet(as_, world, item_at):
    item = item_at(ItemStage.ISSUED)
    lin = as_(world.lin)
    row = lin.get(address(item.evaluation)).context["issued"][0]
    assert [(each["unit"], each["at"]) for each in row["receipts"]] == [(world.unit, None)]
    do(Verb.RECEIVE, item, world.lin)
    page = lin.get(address(item.evaluation))
    row = page.context["issued"][0]
    assert row["number"] == f"{world.bureau.name}〔{item.notice.year}〕1号"
    assert [(each["by"], bool(each["at"])) for each in row["receipts"]] == [(str(world.lin), True)]
    assert row["number"] in page.content.decode()


def test_the_office_adds_items_in_rectification_and_issues_them_with_a_notice(as_, world, item_at):
    item = item_at(ItemStage.PLANNING)
    evaluation = item.evaluation
    sun = as_(world.sun)
    typed = {"item-requirement": "补齐验收档案", "item-due": soon().isoformat()}
    reply = sun.post(f"/evaluations/{evaluation.pk}/items/add/", typed)
    assert (reply.status_code, reply["Location"]) == (302, address(evaluation))
    page = sun.get(address(evaluation))
    assert page.context["may_issue"]
    assert "补齐验收档案" in "\n".join(paragraphs(page))
    assert sun.post(f"{address(evaluation)}issue/").status_code == 302
    further = evaluation.items.get(requirement="补齐验收档案")
    assert (further.stage, further.notice.number) == (ItemStage.ISSUED, 2)
    page = sun.get(address(evaluation))
    assert [row["notice"].number for row in page.context["issued"]] == [2, 1]
    assert not page.context["may_issue"]
    bring_item(world, further, ItemStage.PLANNING)


def test_a_further_item_is_taken_back_before_it_is_issued(as_, world, item_at):
    evaluation = item_at(ItemStage.PLANNING).evaluation
    further = propose(world, evaluation, world.sun, requirement="补齐验收档案")
    sun = as_(world.sun)
    assert sun.post(f"/evaluations/{evaluation.pk}/items/{further.pk}/drop/").status_code == 302
    assert not evaluation.items.filter(pk=further.pk).exists()


def test_nothing_is_issued_without_an_item(as_, world, item_at):
    evaluation = item_at(ItemStage.PLANNING).evaluation
    reply = as_(world.sun).post(f"{address(evaluation)}issue/")
    assert reply.status_code == 422
    assert reply.context["refused"]


def test_the_rectification_tab_leads_to_the_notices_and_to_further_items(as_, world, item_at):
    evaluation = item_at(ItemStage.PLANNING).evaluation
    tab = f"/evaluations/{evaluation.pk}/rectification/"
    further = f"/evaluations/{evaluation.pk}/items/from-problems/"
    for who, offers in ((world.sun, True), (world.lin, False)):
        text = as_(who).get(tab).content.decode()
        assert address(evaluation) in text
        assert (further in text) is offers
