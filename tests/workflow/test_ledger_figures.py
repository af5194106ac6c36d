"""The rectification figures: each is what the ledger says of the rows that it leads to."""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from html.parser import HTMLParser
from statistics import median

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from approvals.models import ItemKind, ItemStage
from evaluations.calendar import calendar_in_force
from tests.figures_population import HOUSING, several_departments
from tests.ledger_population import TODAY
from tests.rectifying import on
from workflow import ledger
from workflow.ledger_figures import Repeat, runs
from workflow.views.ledger import asked_for

PAGE = "/rectification/figures/"
OFFICES = ("closure", "overdue", "money")


@pytest.fixture
def both(world, self_evaluation):
    """The other department's cast, and all items."""
    return several_departments(world, self_evaluation)


class Links(HTMLParser):
    """Every link of a page's main part: address and words."""

    def __init__(self):
        super().__init__()
        self.found, self.address, self.is_main = [], "", False

    def handle_starttag(self, tag, attrs):
        self.is_main |= tag == "main"
        if tag == "a" and self.is_main:
            self.address = dict(attrs)["href"]
            self.found.append((self.address, ""))

    def handle_endtag(self, tag):
        self.is_main &= tag != "main"
        if tag == "a":
            self.address = ""

    def handle_data(self, data):
        if self.address:
            self.found[-1] = (self.address, self.found[-1][1] + data.strip())


def page(as_, person, query=""):
    with on(TODAY):
        return as_(person).get(f"{PAGE}?{query}")


def table(response, anchor):
    return next(table for table in response.context["tables"] if table.anchor == anchor)


def line(response, anchor, label):
    """The figures of a line, by its label."""
    rows = {row.label: row for row in table(response, anchor).rows}
    return [cell.value for cell in rows[label].cells]


def labels(response, anchor):
    return [row.label for row in table(response, anchor).rows]


def cells_of(response):
    """Every figure of the page that leads somewhere, those above the tables too."""
    found = [stat["cell"] for stat in response.context["stats"]]
    found += [cell for table in response.context["tables"] for cell in table.cells]
    return [cell for cell in found if cell.measure]


def said_by_the_ledger(user, cells):
    """The same figures, over the rows that their addresses choose in the ledger."""
    found = {
        url: ledger.figures_of(asked_for(user, QueryDict(url.partition("?")[2])).rows)
        for url in {cell.url for cell in cells}
    }
    return [figure(found[cell.url], cell.measure) for cell in cells]


def figure(found, measure):
    shares = {
        "closed_share": lambda: found.closed / found.total,
        "settled_share": lambda: float(found.settled / found.amount),
    }
    return shares[measure]() if measure in shares else getattr(found, measure)


QUESTIONS = [
    ("sun", ""),
    ("sun", "year=2024&department={other_department}"),
    ("zhao", ""),
    ("lin", "year=2025"),
]


def test_each_figure_is_what_the_ledger_says_of_the_rows_that_it_leads_to(as_, world, both):
    for name, query in QUESTIONS:
        response = page(as_, world.people[name], query.format(other_department=world.other_department.pk))
        cells = cells_of(response)
        assert len(cells) > 40
        with on(TODAY):
            said = said_by_the_ledger(world.people[name], cells)
        assert [(cell.url, cell.measure, cell.value) for cell in cells] == [
            (cell.url, cell.measure, shown) for cell, shown in zip(cells, said, strict=True)
        ]


def test_the_page_shows_each_figure_as_a_link_and_no_other_way_to_the_ledgers_rows(as_, world, both):
    response = page(as_, world.sun)
    links = Links()
    links.feed(response.content.decode())
    rows = reverse("ledger")
    found = [(url, words) for url, words in links.found if url.partition("?")[0] == rows]
    shown = [(stat["url"], str(stat["label"])) for stat in response.context["stats"]]
    for cell in (cell for table in response.context["tables"] for cell in table.cells):
        assert bool(cell.url) == (cell.value is not None)
        shown += [(cell.url, cell.words)] if cell.url else []
    assert Counter(shown) <= Counter(found)
    assert {url for url, _words in Counter(found) - Counter(shown)} == {rows}


def test_a_figure_that_counts_rows_leads_to_a_page_of_that_many_rows(as_, world, both):
    response = page(as_, world.sun, "year=2024")
    counted = {
        cell.url: cell.value for cell in cells_of(response) if cell.measure in ("total", "open", "closed")
    }
    assert len(counted) > 10
    with on(TODAY):
        client = as_(world.sun)
        shown = {url: client.get(url).context["page_obj"].paginator.count for url in counted}
    assert shown == counted


def by_hand(items):
    """What a group of issued items comes to, in plain Python."""
    calendar = calendar_in_force()
    issued = [item for item in items if item.stage != ItemStage.DRAFT]
    waiting = [item for item in issued if item.is_open]
    closed = [item for item in issued if item.stage == ItemStage.CLOSED]
    ended = [item for item in issued if item.stage == ItemStage.CANCELLED]
    days = [(item.closed_at - item.assigned_at).total_seconds() / 86400 for item in closed]

    def late(field):
        return sum(calendar.end_of_deadline(getattr(item, field)) < TODAY for item in waiting)

    def unsettled(group):
        return sum((item.outstanding for item in group if item.amount), Decimal(0))

    required = len(waiting) + len(closed)
    money = [item for item in issued if item.amount]
    return {
        "closure": [
            len(issued),
            len(waiting),
            len(closed),
            len(ended),
            len(closed) / required,
            pytest.approx(median(days)) if days else None,
        ],
        "overdue": [len(waiting), late("due"), late("original_due")],
        "money": [
            len(money),
            sum(item.amount for item in money),
            sum(item.settled for item in money),
            unsettled(waiting),
            unsettled(ended),
            pytest.approx(float(sum(item.settled for item in money) / sum(item.amount for item in money))),
        ],
    }


def test_the_lines_of_the_departments_and_the_years_agree_with_a_count_by_hand(as_, world, both):
    items = both[1]
    response = page(as_, world.sun)
    for office in (world.department, world.other_department):
        expected = by_hand([item for item in items if item.evaluation.department_id == office.pk])
        for anchor in OFFICES:
            assert line(response, anchor, office.name) == expected[anchor]
    with override("en"):
        in_english = page(as_, world.sun)
    expected = by_hand(items)
    for anchor in OFFICES:
        assert [cell.value for cell in table(in_english, anchor).total.cells] == expected[anchor]
    for year, row in zip((2025, 2024, 2023), table(response, "years").rows, strict=True):
        of_year = by_hand([item for item in items if item.evaluation.fiscal_year == year])
        assert [cell.value for cell in row.cells] == of_year["closure"]


def test_the_population_has_everything_that_a_figure_could_be_wrong_about(world, both):
    items = both[1]
    assert {item.evaluation.fiscal_year for item in items} == {2023, 2024, 2025}
    assert {ItemStage.CLOSED, ItemStage.CANCELLED, ItemStage.DRAFT} < {item.stage for item in items}
    assert any(item.round > 1 and item.due > item.original_due for item in items)
    assert by_hand(items)["overdue"][1:] == [2, 4]


def test_an_open_item_stands_in_the_line_of_its_age(as_, world, both):
    response = page(as_, world.sun)
    found = [[cell.value for cell in row.cells] for row in table(response, "ageing").rows]
    ages = {"30": 4, "60": 0, "90": 0, "180": 1, "more": 2}
    assert [row[0] for row in found] == list(ages.values())
    total = [cell.value for cell in table(response, "ageing").total.cells]
    assert total == [sum(column) for column in zip(*found, strict=True)]


def test_the_bureau_compares_departments_a_department_its_units_and_others_see_theirs(as_, world, both):
    units = [world.unit.name, world.other_unit.name]
    expected = {
        "sun": [world.department.name, world.other_department.name],
        "zhao": units,
        "chu": [HOUSING],
        "chen": [world.other_unit.name],
    }
    for name, offices in expected.items():
        response = page(as_, world.people[name])
        assert [labels(response, anchor) for anchor in OFFICES] == 3 * [offices]
    for name in ("wei", "wu"):
        response = page(as_, world.people[name])
        assert response.context["is_empty"]
        assert not any(table.rows for table in response.context["tables"] if table.anchor in OFFICES)
    row = table(page(as_, world.sun), "closure").rows[0]
    assert row.url == f"{PAGE}?department={world.department.pk}"
    assert labels(as_(world.sun).get(row.url), "closure") == units


def test_a_year_that_is_chosen_leaves_the_years_side_by_side(as_, world, both):
    response = page(as_, world.sun, "year=2024")
    assert len(table(response, "years").rows) == 3
    assert table(response, "closure").total.cells[0].value == 5


def test_problems_that_came_back_the_year_after_are_listed_without_those_that_ended(as_, world, both):
    there = both[0]
    response = page(as_, world.sun)
    found = [
        (row.label, row.cells[0].words, row.cells[1].words, row.cells[2].value)
        for row in table(response, "repeats").rows
    ]
    repay, deliver = (str(ItemKind(kind).label).capitalize() for kind in (ItemKind.REPAY, ItemKind.DELIVER))
    assert found == [
        (world.unit.name, repay, "2024–2025", 2),
        (there.unit.name, deliver, "2023–2024", 2),
    ]
    assert len(table(page(as_, world.sun, "year=2023"), "repeats").rows) == 1
    assert labels(page(as_, world.chu), "repeats") == [there.unit.name]
    assert (
        table(page(as_, world.sun, f"department={world.department.pk}"), "repeats").rows[0].label
        == found[0][0]
    )


def test_consecutive_years_make_one_run_and_a_gap_two():
    single = [Repeat(1, "repay", year, year, 2) for year in (2019, 2020, 2021, 2024, 2025)]
    found = runs([*single, Repeat(1, "system", 2026, 2026, 1)])
    assert [(run.first, run.last, run.items) for run in found] == [
        (2019, 2021, 6),
        (2024, 2025, 4),
        (2026, 2026, 1),
    ]


def test_the_number_of_statements_does_not_grow_with_the_rows(as_, world, both):
    with on(TODAY):
        client = as_(world.sun)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as few:
            client.get(f"{PAGE}?year=2023")
        with CaptureQueriesContext(connection) as many:
            client.get(PAGE)
    assert len(few) == len(many)
    assert len(many) <= 16


def test_a_filter_that_means_nothing_is_refused_with_a_reason(as_, world):
    for query in ("year=abc", "year=1999", "department=999999"):
        assert page(as_, world.sun, query).status_code == 422


def test_the_workbook_holds_the_tables_of_the_page(as_, world, both):
    shown = page(as_, world.sun, "year=2024").context["tables"]
    with on(TODAY):
        answer = as_(world.sun).get(f"{reverse('export_ledger_figures')}?year=2024")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert len(book.sheet_names) == len(shown)
    for place, found in enumerate(shown):
        cells = book.get_sheet_by_index(place).to_python()
        assert cells[0][0] == found.title
        assert "2024" in cells[2][0]
        assert cells[4] == list(found.headings)
        lines = [*found.rows, *([found.total] if found.total else [])]
        for row, line_of_table in zip(cells[5:], lines, strict=True):
            written = [
                cell.words if cell.value is None else pytest.approx(float(cell.value))
                for cell in line_of_table.cells
            ]
            assert row == [line_of_table.label, *written]


YEARS = {
    "year=2024": {2024},
    "year=2023&year_to=2024": {2023, 2024},
    "year_to=2024": {2023, 2024},
    "year=2025&year_to=2025": {2025},
    "": {2023, 2024, 2025},
}
MONEY = {
    "involved": lambda item: item.amount is not None,
    "settled": lambda item: item.settled > 0,
    "outstanding": lambda item: item.amount is not None and item.amount > item.settled,
}


def test_the_ledger_is_asked_for_several_years_and_for_what_there_is_of_the_money(as_, world, both):
    issued = [item for item in both[1] if item.stage != ItemStage.DRAFT]
    for query, years in YEARS.items():
        rows = asked_for(world.sun, QueryDict(query)).rows
        assert {row.pk for row in rows} == {
            item.pk for item in issued if item.evaluation.fiscal_year in years
        }
    for money, holds in MONEY.items():
        rows = asked_for(world.sun, QueryDict(f"money={money}")).rows
        assert {row.pk for row in rows} == {item.pk for item in issued if holds(item)} != set()
    assert as_(world.sun).get("/rectification/?year=2025&year_to=2023").status_code == 422
