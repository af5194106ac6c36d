"""Pasting from a spreadsheet into the indicator table, through the clipboard."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import open_self_evaluation, open_task
from tests.workflow.page_forms import address


def copy_and_paste(page: Any, name: str, text: str) -> None:
    """As from a spreadsheet: through the clipboard, with the keys."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    field(page, name).focus()
    page.keyboard.press("Control+v")


def field(page: Any, name: str) -> Any:
    return page.locator(f'[name="{name}"]')


@pytest.mark.django_db(transaction=True)
def test_a_block_of_cells_is_pasted_looked_at_undone_and_saved(world, sits_down):
    evaluation = open_self_evaluation(world)
    lin = sits_down(world.lin)
    # What the server found in rows may arrive when they are taken back already.
    lin.may_say += ("htmx:oobErrorNoTarget, #findings-indicators-1",)
    page = lin.page
    page.goto(address(open_task(evaluation)))
    lin.press("添加指标")
    field(page, "indicators-0-name").fill("原有指标")
    rows = "上线模块\t≥1,028个\t１，０２６个\t50\t46.43\n网上办理比例\t≥80%\t86%\t很高\t30"
    copy_and_paste(page, "indicators-0-name", rows)
    field(page, "indicators-1-score").wait_for(state="attached")
    assert field(page, "indicators-0-name").input_value() == "上线模块"
    assert field(page, "indicators-0-target_value").input_value() == "1028"
    assert field(page, "indicators-0-actual_value").input_value() == "1026"
    assert field(page, "indicators-1-unit_of_measure").input_value() == "%"
    assert "很高" in page.locator("#pasted").inner_text()

    page.keyboard.press("Control+z")
    page.wait_for_function("document.querySelectorAll('[name=\"indicators-1-name\"]').length === 0")
    assert field(page, "indicators-0-name").input_value() == "原有指标"

    copy_and_paste(page, "indicators-0-name", rows.replace("很高", "30"))
    field(page, "indicators-1-score").wait_for(state="attached")
    page.locator("[data-undo-paste]").click()
    page.wait_for_function("document.querySelectorAll('[name=\"indicators-1-name\"]').length === 0")

    copy_and_paste(page, "indicators-0-name", rows.replace("很高", "30"))
    field(page, "indicators-1-score").wait_for(state="attached")
    for place in (0, 1):
        field(page, f"indicators-{place}-level1").select_option("产出")
    lin.press("暂存")
    lin.reads("已于")
    assert list(evaluation.indicators.values_list("name", flat=True)) == ["上线模块", "网上办理比例"]


@pytest.mark.django_db(transaction=True)
def test_a_single_cell_is_pasted_as_ever(world, sits_down):
    evaluation = open_self_evaluation(world)
    lin = sits_down(world.lin)
    page = lin.page
    page.goto(address(open_task(evaluation)))
    lin.press("添加指标")
    copy_and_paste(page, "indicators-0-name", "上线模块\r\n")
    page.wait_for_function("document.querySelector('[name=\"indicators-0-name\"]').value === '上线模块'")
    assert page.locator("#pasted .message").count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_field_that_was_drawn_larger_is_pasted_over_without_a_complaint_of_the_browser(world, sits_down):
    """``sits_down`` fails when the console had anything to say, such as a style that was refused."""
    evaluation = open_self_evaluation(world)
    lin = sits_down(world.lin)
    page = lin.page
    page.goto(address(open_task(evaluation)))
    lin.press("添加指标")
    # Drawing the corner of a field leaves its height as a style of the element.
    page.locator("#indicators-table textarea").evaluate_all(
        "areas => areas.forEach(area => { area.style.height = '7rem'; })"
    )
    assert page.locator("#indicators-table textarea[style]").count() > 0
    copy_and_paste(page, "indicators-0-name", "上线模块\t≥1028个\n网上办理比例\t≥80%")
    field(page, "indicators-1-name").wait_for(state="attached")
    page.locator("[data-undo-paste]").wait_for(state="visible")
    assert field(page, "indicators-0-name").input_value() == "上线模块"
