"""The ledger's filters against an account of them in plain Python, and its totals against its rows."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from approvals.models import Extension, ItemKind, ItemStage, Severity
from evaluations.calendar import calendar_in_force
from tests.ledger_population import TODAY, populate
from tests.rectifying import on
from workflow import ledger
from workflow.presentation.ledger import light_of
from workflow.views.ledger import asked_for

BANDS = {"30": (0, 30), "60": (31, 60), "90": (61, 90), "180": (91, 180), "more": (181, 10**6)}
AMOUNTS = ("", "0", "5", "7.123456", "12.5", "1000")
ENDED = ("draft", "closed", "cancelled")


@pytest.fixture
def items(world, self_evaluation):
    return populate(world, self_evaluation)


def is_late(due):
    return calendar_in_force().end_of_deadline(due) < TODAY


def statuses_of(item):
    """Every status by which the item is found, as the rules of the ledger say it."""
    found = {item.stage}
    if item.stage != "draft":
        found.add("")
        if item.stage != "cancelled":
            found.add("required")
    if item.stage in ENDED:
        return found
    found.add("open")
    if is_late(item.due):
        found.add("overdue")
    elif calendar_in_force().left(item.due, TODAY) <= 5:
        found.add("soon")
    if is_late(item.original_due):
        found.add("overdue_original")
    if Extension.objects.filter(item=item, answer=None).exists():
        found.add("extension")
    return found


def age_of(item):
    """Days since issue; less than nothing for what was never issued."""
    return -1 if item.assigned_at is None else (TODAY - timezone.localdate(item.assigned_at)).days


def fits(item, asked, statuses):
    """Whether a row belongs to the answer."""
    least, most = BANDS.get(asked["age"], (-1, 10**6))
    words = (item.number, item.requirement, item.responsible_unit.name, item.evaluation.project.name)
    amount = item.amount
    return all(
        [
            asked["year"] in ("", item.evaluation.fiscal_year),
            asked["department"] in ("", item.evaluation.department_id),
            asked["unit"] in ("", item.responsible_unit_id),
            asked["status"] in statuses,
            least <= age_of(item) <= most,
            asked["severity"] in ("", item.severity),
            asked["kind"] in ("", item.kind),
            asked["amount_from"] == "" or (amount is not None and amount >= Decimal(asked["amount_from"])),
            asked["amount_to"] == "" or (amount is not None and amount <= Decimal(asked["amount_to"])),
            all(any(word in text for text in words) for word in asked["q"].split()),
        ]
    )


def questions(world):
    """Any choice of filters that means something."""

    def mostly(*values):
        return st.just("") | st.sampled_from(["", *values])

    bounds = st.tuples(st.sampled_from(AMOUNTS), st.sampled_from(AMOUNTS)).filter(
        lambda pair: "" in pair or Decimal(pair[0]) <= Decimal(pair[1])
    )
    plain = st.fixed_dictionaries(
        {
            "year": mostly(2024, 2025),
            "department": mostly(world.department.pk),
            "unit": mostly(world.unit.pk, world.other_unit.pk),
            "status": mostly(*dict.fromkeys([*ledger.STATUSES, *ItemStage.values])),
            "age": mostly(*BANDS),
            "severity": mostly(*Severity.values),
            "kind": mostly(*ItemKind.values),
            "q": mostly("事项", "验收 档案", "就业服务中心", "没有"),
            "sort": st.sampled_from(list(ledger.SORTS)),
        }
    )
    return st.tuples(plain, bounds).map(
        lambda pair: {**pair[0], "amount_from": pair[1][0], "amount_to": pair[1][1]}
    )


def test_any_filters_choose_the_rows_that_they_name_and_the_totals_are_of_these_rows(world, items):
    with on(TODAY):
        statuses = {item.pk: statuses_of(item) for item in items}

        @given(question=questions(world))
        def check(question):
            asked = asked_for(world.sun, QueryDict(urlencode(question)))
            rows = list(asked.in_order)
            assert {row.pk for row in rows} == {
                item.pk for item in items if fits(item, question, statuses[item.pk])
            }
            figures = ledger.figures_of(asked.rows)
            money = [row for row in rows if row.amount is not None]
            assert figures.total == len(rows)
            assert figures.open == sum(row.stage not in ENDED for row in rows)
            assert figures.closed == sum(row.stage == "closed" for row in rows)
            assert figures.overdue == sum(light_of(row).is_overdue for row in rows)
            assert figures.overdue_by_original == sum("overdue_original" in statuses[row.pk] for row in rows)
            assert figures.amount == sum(row.amount for row in money)
            assert figures.settled == sum(row.settled for row in money)
            assert figures.outstanding == sum(row.outstanding for row in money)

        check()


def test_every_status_has_a_row_and_the_numbers_at_the_pills_are_of_their_rows(world, items):
    with on(TODAY):
        everything = ledger.ledger_of(world.sun)
        numbers = ledger.numbers_of(everything, *ledger.STATUSES)
        for status in ledger.STATUSES:
            assert numbers[status] == ledger.with_status(everything, status).count() > 0


def test_the_same_question_in_another_order_makes_the_same_address(world, items):
    texts = (
        "amount_to=5.00&year=2024&page=2&q=&nonsense=1&sort=due",
        "sort=&q=&year=2024&amount_to=5",
    )
    found = {asked_for(world.sun, QueryDict(text)).filters.query() for text in texts}
    assert found == {"year=2024&amount_to=5"}


def test_the_filters_in_words_name_what_was_chosen_and_the_order(world, items):
    query = QueryDict(f"year=2024&status=overdue_original&unit={world.unit.pk}&amount_from=1.50")
    with override("en"):
        words = asked_for(world.sun, query).filters.in_words()
    assert words == [
        ("Fiscal year", "Year 2024"),
        ("Responsible unit", world.unit.name),
        ("Status", "Overdue by the original due date"),
        ("Amount involved from (10,000 yuan)", "1.5"),
        ("Order", "By due date"),
    ]


@pytest.mark.parametrize("sort", list(ledger.SORTS))
def test_an_order_puts_first_what_it_names(world, items, sort):
    key = {
        "due": lambda row: (row.stage in ENDED, row.due, row.pk),
        "number": lambda row: row.number,
        "latest": lambda row: (row.assigned_at is None, -(row.assigned_at or row.due).toordinal(), -row.pk),
        "amount": lambda row: (row.amount is None, -(row.amount or 0), row.due, row.pk),
    }[sort]
    rows = list(ledger.in_order(ledger.ledger_of(world.sun), sort))
    assert len(rows) == len(items)
    assert rows == sorted(rows, key=key)


@pytest.mark.parametrize(
    "query",
    [
        "amount_from=-1",
        "amount_from=x",
        "amount_from=5&amount_to=4.99",
        "age=7",
        "kind=x",
        "severity=x",
        "unit=0",
    ],
)
def test_a_filter_that_means_nothing_is_refused(world, as_, query):
    assert as_(world.sun).get(f"/rectification/?{query}").status_code == 422
