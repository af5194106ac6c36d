"""Applications on hold (暂缓安排项目清单) as a workbook: projects with live totals, and their items."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlsxwriter import Workbook

from evaluations.exchange.form.styles import Pen, Styles
from evaluations.exchange.next_year_list import (
    AMOUNT,
    CREATED,
    FIRST,
    KINDS,
    amount_cell,
    cells_of,
    prepared,
    sum_of,
)

SHEET, ITEMS = "清单", "未销号整改事项"
COLUMNS: Mapping[str, int] = {
    "序号": 6,
    "主管部门": 28,
    "预算单位": 28,
    "项目编码": 16,
    "项目名称": 36,
    "年度": 8,
    "评价编号": 20,
    "评价种类": 11,
    "总分": 9,
    "评价等级": 9,
    "未销号事项数": 13,
    "其中：已逾期": 12,
    "全年预算数（万元）": 18,
    "暂缓原因": 44,
    "类似项目": 36,
}
NAMES = list(COLUMNS)
COUNTED = NAMES.index("未销号事项数")
ANNUAL = NAMES.index("全年预算数（万元）")
ITEM_COLUMNS: Mapping[str, int] = {
    "序号": 6,
    "项目编码": 16,
    "项目名称": 36,
    "整改事项编号": 22,
    "整改要求": 60,
    "现行期限": 13,
    "期限状态": 11,
}


@dataclass(frozen=True)
class HeldItem:
    """One item that is not closed, with its current due date."""

    number: str
    requirement: str
    due: date
    is_overdue: bool


@dataclass(frozen=True)
class HeldProject:
    """One row: the annual budget in 万元, the total in points, ``similar`` by code and name."""

    department: str
    unit: str
    code: str
    name: str
    year: int
    evaluation: str
    kind: str
    total: Decimal | None
    grade: str
    annual: Decimal | None
    items: Sequence[HeldItem]
    similar: Sequence[str] = ()

    @property
    def overdue(self) -> int:
        return sum(item.is_overdue for item in self.items)

    @property
    def reason(self) -> str:
        late = f"（其中{self.overdue}项已逾期）" if self.overdue else ""
        return (
            f"{self.year}年度评价等级为“{self.grade}”，{len(self.items)}项整改事项未销号{late}，"
            "类似项目的预算申报在全部销号前暂缓安排。"
        )


def on_hold_xlsx(day: date, projects: Sequence[HeldProject]) -> bytes:
    """The list as of ``day``; its totals follow from its rows."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        styles = Styles(book)
        pen = Pen(book.add_worksheet(SHEET), styles)
        as_of = f"截至{day.year}年{day.month}月{day.day}日"
        prepared(pen, f"暂缓安排项目清单（{as_of}）", list(COLUMNS.items()))
        for place, project in enumerate(projects, start=1):
            _write_project(pen, place, project)
        if projects:
            _write_totals(pen, projects)
        _write_items(Pen(book.add_worksheet(ITEMS), styles), as_of, projects)
    return file.getvalue()


def _write_project(pen: Pen, place: int, project: HeldProject) -> None:
    row = FIRST + place - 1
    pen.figure(row, 0, Decimal(place))
    for column, text in enumerate((project.department, project.unit, project.code, project.name), start=1):
        pen.text(row, column, text)
    pen.figure(row, 5, Decimal(project.year))
    pen.text(row, 6, project.evaluation)
    pen.text(row, 7, KINDS[project.kind])
    pen.figure(row, 8, project.total)
    pen.text(row, 9, project.grade, "centre")
    pen.figure(row, COUNTED, Decimal(len(project.items)))
    pen.figure(row, COUNTED + 1, Decimal(project.overdue))
    amount_cell(pen, row, ANNUAL, project.annual)
    pen.text(row, ANNUAL + 1, project.reason)
    pen.text(row, ANNUAL + 2, "\n".join(project.similar))


def _write_totals(pen: Pen, projects: Sequence[HeldProject]) -> None:
    row = FIRST + len(projects)
    pen.across(row, 0, COUNTED - 1, "合计", "label")
    for column, result, shown in (
        (COUNTED, float(sum(len(project.items) for project in projects)), "0"),
        (COUNTED + 1, float(sum(project.overdue for project in projects)), "0"),
        (ANNUAL, sum_of([project.annual for project in projects]), AMOUNT),
    ):
        pen.formula(row, column, f"=SUM({cells_of(column, len(projects))})", result, shown)
    for column in (ANNUAL + 1, ANNUAL + 2):
        pen.text(row, column, "")


def _write_items(pen: Pen, as_of: str, projects: Sequence[HeldProject]) -> None:
    prepared(pen, f"未销号整改事项（{as_of}）", list(ITEM_COLUMNS.items()))
    rows = [(project, item) for project in projects for item in project.items]
    for place, (project, item) in enumerate(rows, start=1):
        row = FIRST + place - 1
        pen.figure(row, 0, Decimal(place))
        state = "已逾期" if item.is_overdue else "未逾期"
        texts = (project.code, project.name, item.number, item.requirement, item.due.isoformat(), state)
        for column, text in enumerate(texts, start=1):
            pen.text(row, column, text)
