"""Reading a year from a notice's text, from rows and from files: understood whole, or every fault told."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from evaluations.calendar.marked import MarkedDay, faults_of_days
from evaluations.calendar.reading import MOST_ROWS, read_file, read_text, written
from evaluations.calendar.shipped import shipped_notices

WEEK = "一二三四五六日"
NUMERALS = "一二三四五六七八"

ROWS = "2027-01-01,休,元旦\n2027年1月2日,放假,元旦\n2027/1/9,班,元旦\n"
EXPECTED = (
    MarkedDay(date(2027, 1, 1), works=False, name="元旦"),
    MarkedDay(date(2027, 1, 2), works=False, name="元旦"),
    MarkedDay(date(2027, 1, 9), works=True, name="元旦"),
)


def dated(day, year):
    before = f"{day.year}年" if day.year != year else ""
    return f"{before}{day.month}月{day.day}日（周{WEEK[day.weekday()]}）"


def sentence_of(period, year):
    """A period in the fixed wording of these notices."""
    days = (period.last - period.first).days + 1
    until = f"至{dated(period.last, year)}" if days > 1 else ""
    worked = "、".join(dated(day, year) for day in period.worked)
    return f"{period.name}：{dated(period.first, year)}{until}放假调休，共{days}天。" + (
        f"{worked}上班。" if worked else ""
    )


def text_of(notice):
    """The notice as it would be copied from the page that publishes it."""
    lines = [notice.title, notice.number, ""]
    lines += [
        f"{numeral}、{sentence_of(period, notice.year)}"
        for numeral, period in zip(NUMERALS, notice.periods, strict=False)
    ]
    day = notice.published_on
    return "\n".join([*lines, "国务院办公厅", f"{day.year}年{day.month}月{day.day}日"])


@pytest.mark.parametrize("notice", list(shipped_notices()), ids=lambda notice: str(notice.year))
def test_the_text_of_a_notice_gives_its_days_and_what_it_says_of_itself(notice):
    reading = read_text(text_of(notice), None)
    assert reading.faults == ()
    assert list(reading.days) == notice.days
    assert (reading.year, reading.number) == (notice.year, notice.number)
    assert reading.published_on == notice.published_on


def test_a_month_that_is_left_out_is_that_of_the_date_before():
    reading = read_text(
        "一、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、28日（周六）上班。", 2026
    )
    assert reading.faults == ()
    assert [marked.day.day for marked in reading.days if marked.works] == [14, 28]
    assert len(reading.days) == 11


def test_a_holiday_that_begins_in_december_names_its_year():
    reading = read_text("一、元旦：2022年12月31日（周六）至2023年1月2日（周一）放假调休，共3天。", 2023)
    assert [marked.day for marked in reading.days] == [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]
    assert faults_of_days(2023, reading.days) == []


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("1月1日（周四）至3日（周日）放假调休，共3天。", "calls 2026-01-03 周日, but it is 周六"),
        (
            "1月1日（周四）至3日（周六）放假调休，共4天。",
            "gives 4 days off, but from first to last there are 3",
        ),
        ("1月3日至1日放假。", "has days off that are no stretch from one day to another"),
        ("1月4日（周日）上班。按规定放假。", "does not say which days are off"),
        ("2月30日放假1天。", "has a date that does not exist: 2月30日"),
        ("1月1日至3日放假，1月4日上班。", "has days off and days worked in one sentence"),
    ],
)
def test_a_notice_that_contradicts_itself_is_not_taken(sentence, fault):
    reading = read_text(f"一、元旦：{sentence}", 2026)
    assert fault in [fault.message for fault in reading.faults]
    assert {fault.path for fault in reading.faults} == {"元旦"}


def test_a_notice_without_its_title_needs_the_year():
    (fault,) = read_text("一、元旦：1月1日放假1天。", None).faults
    assert fault.message == "does not say of which year it is"


@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        "日期,类型,名称\n" + ROWS,
        ROWS.replace(",", "\t"),
        ROWS.replace(",", " "),
        ROWS.replace(",", "，"),
        ROWS.replace("\n", "\r\n\r\n"),
    ],
)
def test_rows_are_read_however_they_are_parted(text):
    reading = read_text(text, None)
    assert reading.faults == ()
    assert reading.days == EXPECTED
    assert reading.year == 2027


def test_dates_without_a_year_are_of_the_year_that_is_named():
    assert read_text("1月1日,休,元旦", 2027).days == EXPECTED[:1]
    assert read_text("1月1日,休,元旦", None).faults[0].message.startswith("“1月1日” is no date")


def test_every_row_that_cannot_be_read_is_told():
    reading = read_text("2027-01-01,休,元旦\n2027-02-30,休,春节\n2027-01-09,加班,\n昨天,某,", None)
    assert [(fault.path, fault.message) for fault in reading.faults] == [
        ("2", "“2027-02-30” is no date such as 2027-01-01"),
        ("3", "“加班” is neither 休 (day off) nor 班 (worked)"),
        ("4", "“昨天” is no date such as 2027-01-01"),
        ("4", "“某” is neither 休 (day off) nor 班 (worked)"),
    ]


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_is_read_with_its_dates():
    rows = [["日期", "类型", "名称"], *([day.day, "班" if day.works else "休", day.name] for day in EXPECTED)]
    assert read_file(workbook(rows), None).days == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_is_read_in_the_encodings_of_offices(encoding):
    assert read_file(ROWS.encode(encoding), None).days == EXPECTED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There are no days in it."),
        (b"PK\x03\x04broken", "damaged"),
        (b"\xff\xfe\xfa\x00", "neither a workbook nor a text"),
        (b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
        (("2027-01-01,休,元旦\n" * (MOST_ROWS + 1)).encode(), "more than 400 rows"),
        (("放" * 100_001).encode(), "too long"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(content, words):
    reading = read_file(content, 2027)
    assert reading.days == ()
    assert any(words in fault.message for fault in reading.faults)


@pytest.mark.parametrize(
    ("marked", "fault"),
    [
        (MarkedDay(date(2028, 1, 1), False, "元旦"), "lies outside of 2027"),
        (MarkedDay(date(2026, 12, 19), False, "元旦"), "lies outside of 2027"),
        (MarkedDay(date(2027, 1, 4), True, "元旦"), "is worked in any case"),
        (MarkedDay(date(2027, 1, 1), False, " "), "has no name"),
        (MarkedDay(date(2027, 1, 1), False, "长" * 51), "has too long a name"),
    ],
)
def test_a_day_that_cannot_stand_in_a_notice_is_told(marked, fault):
    (found,) = faults_of_days(2027, [marked])
    assert found.path == marked.day.isoformat()
    assert found.message.startswith(fault)


def test_a_day_that_is_there_twice_is_told():
    (fault,) = faults_of_days(2027, [*EXPECTED, EXPECTED[0]])
    assert fault.message == "is there twice"


days = st.builds(
    MarkedDay,
    day=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    works=st.booleans(),
    name=st.sampled_from(["元旦", "春节", "国庆节、中秋节"]),
)


@given(st.lists(days, min_size=1, max_size=40))
def test_what_was_read_is_written_so_that_it_is_read_again(wanted):
    reading = read_text(written(wanted), None)
    assert list(reading.days) == wanted
    assert reading.faults == ()


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_or_told(text):
    reading = read_text(text, 2027)
    assert reading.days or reading.faults
