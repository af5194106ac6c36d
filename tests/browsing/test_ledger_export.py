"""The ledger in a browser: filtered, kept as a view, exported, and read back equal to what stood there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from approvals.models import ItemKind, ItemStage
from tests.approvals.documents.reading import squeezed, text_of
from tests.browsing.test_accessibility import AXE, RUN_AXE, STANDARDS
from tests.cast import bring_item
from tests.rectifying import issued_items

PHONE = {"width": 390, "height": 844}
FIRST = 5
"""The first row of an item in the workbook, from 0."""


@pytest.fixture
def items(world, self_evaluation):
    """Three to repay funds, one of them closed, and one of another kind."""
    kinds = [ItemKind.REPAY, ItemKind.REPAY, ItemKind.REPAY, ItemKind.EXPLAIN]
    details = [
        {"requirement": f"退回结余资金{place}", "kind": kind, "amount": Decimal(place) / 3 + Decimal("1000")}
        for place, kind in enumerate(kinds, start=1)
    ]
    for each in details:
        each["amount"] = each["amount"].quantize(Decimal("0.000001"))
    made = issued_items(world, self_evaluation, *details)
    bring_item(world, made[2], ItemStage.CLOSED)
    return made


def shown(page):
    """Number, requirement and light of each row, as they stand on the page."""
    rows = page.locator(".data-table tbody tr").all()
    return [
        (
            row.locator("td").nth(1).inner_text().strip(),
            row.locator("th a").inner_text().strip(),
            row.locator(".chip-dot").inner_text().strip(),
        )
        for row in rows
    ]


def figures(page):
    """What stands on top: overdue, number, amount involved, settled, outstanding."""
    return [value.inner_text().replace(",", "") for value in page.locator(".stat-value").all()[:5]]


def taken(page, words):
    """The content of the file behind a button."""
    with page.expect_download() as download:
        page.get_by_role("link", name=words, exact=True).click()
    return Path(download.value.path())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False, "viewport": PHONE}])
def test_the_filtered_ledger_is_exported_and_read_back_equal(world, sits_down, items, options):
    page = sits_down(world.sun, **options).page
    page.goto("/rectification/?status=open")
    page.locator(".filters details summary").click()
    page.locator('select[name="kind"]').select_option(ItemKind.REPAY)
    page.locator('input[name="amount_from"]').fill("1000.5")
    page.locator('.filters details button[type="submit"]').click()
    page.wait_for_url("**amount_from=1000.5**")
    page.locator(".data-table tbody tr").first.wait_for()
    rows, totals = shown(page), figures(page)
    assert [requirement for _number, requirement, _light in rows] == ["退回结余资金2"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    workbook = taken(page, _("Export (Excel)"))
    cells = CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).to_python()
    assert [(row[0], row[1], row[12]) for row in cells[FIRST:]] == rows
    read = [cells[3][place] for place in (13, 0, 16, 17, 18)]
    assert [Decimal(str(figure)) for figure in read] == [Decimal(figure) for figure in totals]

    text = text_of(taken(page, _("Export (PDF)")).read_bytes())
    for words in rows[0]:
        assert squeezed(words) in text
    for figure in totals:
        assert figure in text.replace(",", "")


@pytest.mark.django_db(transaction=True)
def test_a_view_is_kept_and_the_rows_in_it_reminded_of(world, sits_down, items):
    page = sits_down(world.sun).page
    page.goto("/rectification/?status=open&sort=number")
    page.locator("#views summary").click()
    page.locator('#views input[name="name"]').fill("未销号")
    page.locator("#views form button").first.click()
    page.locator("#views .pill[aria-current]", has_text="未销号").wait_for()
    page.goto("/rectification/")
    page.locator("#views .pill", has_text="未销号").click()
    page.locator('.tick[name="item"]').nth(2).wait_for()
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN_AXE, STANDARDS) == []

    page.locator('.tick[name="item"]').first.focus()
    page.keyboard.press("Space")
    page.locator('#remind button:not([name="all"])').click()
    page.locator(".data-table .chip-green").wait_for()
    assert page.locator(".data-table tbody tr").count() == 1
    page.locator("main a.button-primary").click()
    page.locator('#remind button[name="all"]').click()
    page.locator(".data-table .chip-amber").wait_for()
    assert page.locator(".data-table .chip-green").count() == 2
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN_AXE, STANDARDS) == []
