"""The pages of the working-day calendar: a year, a day by hand, a notice looked at and entered."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from approvals.models import ItemStage
from audit_log import clock
from evaluations.actions.calendar import set_calendar_day
from evaluations.calendar import calendar_in_force
from evaluations.models import CalendarDay, CalendarNotice, Stage
from tests.cast import open_self_evaluation, open_task, propose
from tests.workflow.reading import get, text_of

pytestmark = pytest.mark.django_db

# A year of the future and holidays made up for it: no notice says this.
TEXT = """国务院办公厅关于2099年部分节假日安排的通知
测试〔2098〕1号

一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
国务院办公厅
2098年11月2日
"""
NUMBER = {"number": "测试〔2098〕1号"}


def year_page(client, year):
    return get(client, reverse("calendar_year", args=[year]))


def cells(response, month):
    weeks = response.context["months"][month - 1]["weeks"]
    return {day["number"]: day for week in weeks for day in week if day}


def look_at(client, **typed):
    return client.post(reverse("enter_notice"), typed, headers={"accept-language": "en"})


def hidden_of(response):
    return {field["name"]: field["value"] for field in response.context["hidden"]}


def test_a_year_shows_days_off_and_weekend_days_worked_in_words(world, as_):
    page = year_page(as_(world.lin), 2026)
    may = cells(page, 5)
    assert (may[4]["tone"], may[4]["mark"], may[4]["name"]) == ("off", "off", "劳动节")
    assert (may[9]["tone"], may[9]["mark"]) == ("worked", "work")
    assert (may[10]["tone"], may[10]["mark"]) == ("weekend", "")
    assert len(page.context["months"]) == 12
    assert "国办发明电〔2025〕7号" in text_of(page)
    assert "Complete for 2025, 2026" in text_of(page)


def test_a_year_without_notice_says_so(world, as_):
    words = text_of(year_page(as_(world.lin), 2098))
    assert "The notice of 2098 is not entered: the calendar of this year is not complete" in words
    assert "No day of this year differs from the week" in words


def test_deadlines_in_a_year_without_notice_are_told_to_those_who_can_enter_it(world, as_):
    due = date(2098, 3, 1)
    open_self_evaluation(world, days_to_fill=(due - clock.today()).days)
    expected = "1 deadline falls into 2098, whose holiday notice is not entered"
    assert expected in text_of(get(as_(world.sun), reverse("calendar")))
    assert expected not in text_of(get(as_(world.lin), reverse("calendar")))


@pytest.fixture
def far():
    """A day in a year whose notice nobody has published."""
    return date(clock.today().year + 3, 3, 1)


UNCOUNTED = "The holiday notice of {} is not entered yet"


def test_whoever_proposes_an_item_learns_that_its_year_is_not_known(world, as_, self_evaluation, far):
    evaluation, said = self_evaluation(Stage.FINANCE_REVIEW), UNCOUNTED.format(far.year)
    typed = {"verb": "raise_item", "item-requirement": "归档合同", "item-due": far.isoformat()}
    task = open_task(evaluation)
    address = reverse("task", args=[task.process_id, task.pk])
    client = as_(world.sun)
    assert said not in text_of(get(client, address))
    assert said in text_of(client.post(address, typed, headers={"accept-language": "en"}))
    typed = {"item-requirement": "补充验收单", "item-due": far.isoformat()}
    address = reverse("raise_item", args=[evaluation.pk])
    answer = client.post(address, typed, headers={"accept-language": "en"}, follow=True)
    assert said in text_of(answer)


def test_whoever_looks_at_a_notice_learns_it_of_its_items_and_of_its_report(world, as_, self_evaluation, far):
    evaluation, said = self_evaluation(Stage.FINANCE_REVIEW), UNCOUNTED.format(far.year)
    address, client = reverse("rectification_notices", args=[evaluation.pk]), as_(world.sun)
    assert said not in text_of(get(client, address))
    client.post(address, {"report_due": far.isoformat()})
    assert said in text_of(get(client, address))
    client.post(address, {"report_due": ""})
    assert said not in text_of(get(client, address))
    propose(world, evaluation, world.sun, due=far)
    assert said in text_of(get(client, address))


def test_whoever_moves_a_due_date_learns_it(world, as_, item_at, far):
    item, said = item_at(ItemStage.CARRYING_OUT), UNCOUNTED.format(far.year)
    typed = {"extension-due": far.isoformat(), "extension-reason": "设备到货晚。"}
    asked = as_(world.lin).post(
        reverse("ask_extension", args=[item.pk]), typed, headers={"accept-language": "en"}, follow=True
    )
    assert said in text_of(asked)
    address = reverse("answer_extension", args=[item.pk, item.extensions.get().pk])
    typed = {"answer": "grant", "answer-due": far.isoformat()}
    answered = as_(world.sun).post(address, typed, headers={"accept-language": "en"}, follow=True)
    assert said in text_of(answered)


def test_whoever_reopens_an_item_learns_it(world, as_, item_at, far):
    item = item_at(ItemStage.CLOSED)
    typed = {"opinion": "仍未到位。", "due": far.isoformat()}
    address = reverse("reopen_item", args=[item.pk])
    answer = as_(world.sun).post(address, typed, headers={"accept-language": "en"}, follow=True)
    assert UNCOUNTED.format(far.year) in text_of(answer)


def test_the_calendar_is_linked_from_the_schemes(world, as_):
    for name in ("schemes", "policies", "library"):
        assert reverse("calendar") in get(as_(world.sun), reverse(name)).content.decode()


def test_only_those_who_maintain_it_get_the_buttons(world, as_):
    assert reverse("enter_notice") not in year_page(as_(world.zhao), 2026).content.decode()
    assert reverse("enter_notice") in year_page(as_(world.zhou), 2026).content.decode()


def test_a_day_is_changed_by_hand_and_the_change_is_told(world, as_):
    client = as_(world.sun)
    address = reverse("calendar_day") + "?day=2098-03-03"
    assert get(client, address).context["form"]["works"].value() == "week"
    reply = client.post(address, {"works": "off", "name": "停办", "source": "市政府〔2098〕5号"})
    assert reply.url == reverse("calendar_year", args=[2098])
    page = year_page(client, 2098)
    assert cells(page, 3)[3]["tone"] == "off"
    words = text_of(page)
    assert "by hand · 市政府〔2098〕5号" in words
    assert "小孙" in words
    assert "working day of the week → after: day off · 停办" in words


def test_what_is_wrong_with_a_day_is_told_at_its_field(world, as_):
    address = reverse("calendar_day") + "?day=2098-03-03"
    reply = as_(world.sun).post(address, {"works": "work", "name": "", "source": ""})
    assert reply.status_code == 422
    assert set(reply.context["form"].errors) == {"source"}
    reply = as_(world.sun).post(address, {"works": "work", "name": "", "source": "通知"})
    assert set(reply.context["form"].errors) == {"works", "name"}
    assert not CalendarDay.objects.filter(day__year=2098).exists()


@pytest.mark.parametrize("day", ["", "2026-02-30", "1999-12-31", "x"])
def test_a_day_that_is_none_leads_back_to_the_calendar(world, as_, day):
    reply = as_(world.sun).get(reverse("calendar_day"), {"day": day})
    assert reply.url == reverse("calendar")


def test_a_pasted_notice_is_looked_at_and_then_entered(world, as_):
    client = as_(world.sun)
    shown = look_at(client, text=TEXT, **NUMBER)
    assert shown.status_code == 200
    assert shown.context["notice"].year == 2099
    assert "4 days would change" in text_of(shown)
    assert not CalendarNotice.objects.filter(year=2099).exists()
    reply = look_at(client, **hidden_of(shown))
    assert reply.url == reverse("calendar_year", args=[2099])
    assert CalendarNotice.objects.get(year=2099).published_on == date(2098, 11, 2)
    assert 2099 in calendar_in_force().years
    assert cells(year_page(client, 2099), 1)[4]["tone"] == "worked"


def test_a_file_is_entered_with_what_is_typed_beside_it(world, as_):
    client = as_(world.sun)
    file = SimpleUploadedFile("2099.csv", "日期,类型,名称\n2099-01-01,休,元旦\n".encode("gb18030"))
    shown = look_at(client, file=file, published_on="2098-11-02", **NUMBER)
    assert "1 day would change" in text_of(shown)
    assert look_at(client, **hidden_of(shown)).status_code == 302
    assert CalendarDay.objects.get(day=date(2099, 1, 1)).notice.number == NUMBER["number"]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, {"text"}),
        ({"text": "2099-01-01 休 元旦"}, {"number", "published_on"}),
        ({"text": "2099-01-01 休 元旦\n2099-13-01 休 元旦"}, {"text"}),
        ({"text": "2098-01-01 休 元旦", "year": "2099"}, {"text"}),
        ({"text": TEXT.replace("周四", "周五"), **NUMBER}, {"text"}),
    ],
)
def test_a_notice_that_cannot_be_taken_is_told_at_its_field(world, as_, typed, fields):
    reply = look_at(as_(world.sun), **typed)
    assert reply.status_code == 422
    assert set(reply.context["form"].errors) == fields
    assert not CalendarNotice.objects.filter(year__gt=2026).exists()


def test_what_changed_meanwhile_is_looked_at_again(world, as_):
    client = as_(world.sun)
    shown = look_at(client, text=TEXT, **NUMBER)
    set_calendar_day(actor=world.zhou, day=date(2099, 1, 1), works=False, name="放假", source="通知")
    again = look_at(client, **hidden_of(shown))
    assert again.status_code == 409
    assert "was entered by hand" in text_of(again)
    assert not CalendarNotice.objects.filter(year=2099).exists()
    assert look_at(client, **hidden_of(again)).status_code == 302


def test_a_page_of_the_calendar_takes_few_statements(world, as_, django_assert_max_num_queries):
    client = as_(world.sun)
    year_page(client, 2026)
    with django_assert_max_num_queries(14):
        year_page(client, 2026)
