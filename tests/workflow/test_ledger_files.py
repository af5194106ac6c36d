"""The ledger's files hold exactly the rows and figures of its page, read back by other libraries."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tests.approvals.documents.reading import squeezed, text_of
from tests.ledger_population import INJECTED, TODAY, populate
from tests.rectifying import on
from workflow.presentation.ledger import grouped
from workflow.presentation.words import item_stage_label
from workflow.views import ledger_taken

QUERIES = ("", "sort=number", "status=open&amount_from=1", "year=2024&sort=amount", "status=draft", "q=没有")
TOTALS, HEADINGS, FIRST = 3, 4, 5
LIGHTS = {"red": "Overdue", "amber": "Due within 5 working days", "green": "Not due soon"}
NUMBER, DEADLINE, DUE, LATE = "Number", "Deadline", "Current due date", "Overdue (1: yes)"
AMOUNTS = [f"Amount {which} (10,000 yuan)" for which in ("involved", "settled", "outstanding")]


@pytest.fixture
def items(world, self_evaluation):
    return populate(world, self_evaluation)


def page(client, query=""):
    return client.get(f"/rectification/?{query}").context


def exported(client, form, query=""):
    return client.get(f"/rectification/export/{form}/?{query}")


def sheet_of(answer):
    """The cells as a reader that is not the writer sees them."""
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def column(cells, heading):
    place = cells[HEADINGS].index(gettext(heading))
    return [row[place] for row in cells[FIRST:]], cells[TOTALS][place]


def test_the_workbook_holds_the_rows_and_the_figures_of_the_page(world, as_, items):
    with on(TODAY):
        client = as_(world.sun)
        for query in QUERIES:
            cells, shown = sheet_of(exported(client, "xlsx", query)), page(client, query)
            rows = [row["item"] for row in shown["rows"]]
            numbers, count = column(cells, NUMBER)
            assert [number for number in numbers if number] == [row.number for row in rows]
            amounts, amount = column(cells, AMOUNTS[0])
            assert [given for given in amounts if given != ""] == [
                float(row.amount) for row in rows if row.amount is not None
            ]
            late = column(cells, LATE)[1]
            settled, outstanding = column(cells, AMOUNTS[1])[1], column(cells, AMOUNTS[2])[1]
            values = [stat["value"] for stat in shown["stats"][:5]]
            assert values[:2] == [late, count]
            assert values[2:] == [grouped(Decimal(str(each))) for each in (amount, settled, outstanding)]


def test_the_workbook_says_the_light_in_words_and_the_dates_as_dates(world, as_, items):
    with on(TODAY):
        client = as_(world.sun)
        cells, rows = sheet_of(exported(client, "xlsx")), page(client)["rows"]
    assert [row["light"].tone for row in rows].count("red") == 1
    for row, words, due in zip(rows, column(cells, DEADLINE)[0], column(cells, DUE)[0], strict=True):
        tone = row["light"].tone
        assert words == (gettext(LIGHTS[tone]) if tone else item_stage_label(row["item"].stage))
        assert due == row["item"].due


def test_the_totals_of_the_workbook_follow_its_own_filter(world, as_, items):
    with on(TODAY):
        answer = exported(as_(world.sun), "xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    formulas = [cell.value for cell in sheet[TOTALS + 1] if str(cell.value or "").startswith("=")]
    last = sheet.max_row
    assert formulas == [
        f"=SUBTOTAL(103,A6:A{last})",
        f"=SUBTOTAL(109,N6:N{last})",
        *(f"=SUBTOTAL(109,{letter}6:{letter}{last})" for letter in "QRS"),
    ]
    assert sheet.auto_filter.ref == f"A5:T{last}"
    assert sheet["Q6"].number_format.startswith("#,##0.00")
    assert sheet["L6"].number_format == "yyyy-mm-dd"


def test_a_requirement_that_looks_like_a_formula_stays_text(world, as_, items):
    with on(TODAY):
        answer = exported(as_(world.sun), "xlsx", "q=HYPERLINK")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cell = sheet["B6"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (INJECTED, "s", True)


def test_the_head_of_a_file_says_what_was_filtered_when_and_by_whom(world, as_, items):
    with on(TODAY):
        query = "year=2025&status=open"
        cells = sheet_of(exported(as_(world.sun), "xlsx", query))
        text = text_of(exported(as_(world.sun), "pdf", query).content)
    assert cells[0][0] == "整改台账"
    assert "2026年9月17日" in cells[1][0]
    assert "小孙" in cells[1][0]
    assert "2025" in cells[2][0]
    assert gettext("Not closed") in cells[2][0]
    assert gettext("By due date") in cells[2][0]
    assert squeezed(cells[1][0]) in text
    assert squeezed(cells[2][0]) in text


def test_the_pdf_holds_the_rows_the_lights_and_the_figures_of_the_page(world, as_, items):
    with on(TODAY):
        client = as_(world.sun)
        answer, shown = exported(client, "pdf", "sort=number"), page(client, "sort=number")
    text = text_of(answer.content)
    rows = [row["item"] for row in shown["rows"]]
    places = [text.index(row.number.replace(" ", "")) for row in rows]
    assert places == sorted(places)
    assert all(squeezed(row.requirement) in text for row in rows)
    assert all(squeezed(row["light"].words) in text for row in shown["rows"])
    late, count, *amounts = [stat["value"] for stat in shown["stats"][:5]]
    assert f"{count}{late}{''.join(amounts)}" in text


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_the_file_is_named_after_the_ledger_and_the_day(world, as_, form):
    with on(TODAY):
        answer = exported(as_(world.sun), form)
    assert answer.status_code == 200
    assert unquote(answer["Content-Disposition"]).endswith(f"整改台账-2026-09-17.{form}")


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_more_rows_than_a_file_takes_are_refused_with_what_to_do_instead(
    world, as_, item_at, monkeypatch, form
):
    item_at()
    monkeypatch.setitem(ledger_taken.FORMS, form, replace(ledger_taken.FORMS[form], most=0))
    answer = exported(as_(world.sun), form)
    assert answer.status_code == 422
    assert "1" in answer.content.decode()


def test_nobody_takes_along_what_they_may_not_see(world, as_, items):
    with on(TODAY):
        assert column(sheet_of(exported(as_(world.chu), "xlsx")), NUMBER)[0] in ([], [""])
        assert "拟提事项" not in str(sheet_of(exported(as_(world.lin), "xlsx", "status=draft")))


def test_the_number_of_statements_does_not_grow_with_the_rows(world, as_, items, django_assert_num_queries):
    with on(TODAY):
        client = as_(world.sun)
        with CaptureQueriesContext(connection) as few:
            exported(client, "xlsx", "q=事项甲")
        with django_assert_num_queries(len(few)):
            exported(client, "xlsx")
    assert len(few) <= 10
