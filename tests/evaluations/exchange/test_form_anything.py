"""Whatever stands on a sheet, the reader answers: with a dossier and remarks, or with faults at cells."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from evaluations.dossier import DossierFaults, dossier_to_json, parse_dossier
from evaluations.exchange.form import read_form
from tests.evaluations.exchange.forms import FUNDING, HEADINGS, INDICATORS
from tests.evaluations.exchange.strategies import ODD_TEXTS

WORDS = (
    *HEADINGS,
    *(cell for row in (*FUNDING, *INDICATORS) for cell in row if isinstance(cell, str)),
    # Texts like formulas are refused at once, and nothing behind them would be looked at.
    *(text for text in ODD_TEXTS if not text.startswith(("=", "+", "-2", "@"))),
    "项目名称",
    "主管部门",
    "实施单位",
    "项目资金（元）",
    "年初预算数",
    "全年预算数",
    "全年执行数（万元）",
    "执行率",
    "预期目标",
    "实际完成情况",
    "年度总体目标",
    "指标性质",
    "度量单位",
    "复核得分",
    "完成率（%）",
    "是否完成",
    "产出指标小计",
    "评价等级：优",
    "日期：2024年2月30日",
    "单位：亿元",
)
cells: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)
grids = st.lists(st.lists(cells, min_size=1, max_size=10), max_size=12)
spans = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 9), st.integers(0, 3), st.integers(0, 3)), max_size=4
)
formats = st.sampled_from(
    ["General", "0.00%", "0.00", '0"个"', "yyyy-mm-dd", "#,##0.00_ ", "@", "[Red]0;(0)", "h:mm"]
)


def written(grid: list[list[Any]], merged: list[tuple[int, int, int, int]], number_format: str) -> bytes:
    """The grid in a workbook, with a heading of indicators somewhere in it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, style = book.add_worksheet("2023年"), book.add_format({"num_format": number_format})
        taken: set[tuple[int, int]] = set()
        for top, left, height, width in merged:
            places = {(top + row, left + column) for row in range(height + 1) for column in range(width + 1)}
            if len(places) > 1 and not places & taken:
                taken |= places
                sheet.merge_range(top, left, top + height, left + width, "")
        for row, values in enumerate(grid):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(row, column, value[:200].replace("\ufffe\uffff", ""))
                elif value is not None:
                    sheet.write(row, column, value, style)
    return file.getvalue()


@given(grids, grids, spans, formats)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_any_sheet_is_read_or_refused(
    above: list[list[Any]],
    below: list[list[Any]],
    merged: list[tuple[int, int, int, int]],
    number_format: str,
) -> None:
    grid = [["项目名称", "平台", "实施单位", "中心"], *above, list(HEADINGS), *below]

    try:
        understanding = read_form(written(grid, merged, number_format))
    except DossierFaults:
        event("refused")
        return
    event("read")
    assert parse_dossier(dossier_to_json(understanding.dossier)) == understanding.dossier
