"""Next year's list (下年度预算安排建议清单) as a workbook whose suggestions and totals are live formulas."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from evaluations.exchange.form.styles import Pen, Styles
from evaluations.policies.consequences import RectificationState, UseOfResult, suggested_amount

SHEET, TOTALS = "清单", "按部门汇总"
USES: Mapping[UseOfResult, str] = {
    "support": "优先支持",
    "keep": "保持",
    "cut": "压减",
    "cancel": "取消",
    "hold": "整改到位前暂缓",
}
STATES: Mapping[RectificationState, str] = {"none": "无整改事项", "open": "整改中", "closed": "已全部销号"}
KINDS = {"self": "单位自评", "department": "部门评价", "finance": "财政评价"}
COLUMNS = {
    "序号": 6,
    "主管部门": 28,
    "预算单位": 28,
    "项目编码": 16,
    "项目名称": 40,
    "评价种类": 11,
    "总分": 9,
    "评价等级": 9,
    "整改情况": 13,
    "结果应用": 17,
    "压减比例（%）": 13,
    "全年预算数（万元）": 18,
    "下年度建议安排数（万元）": 22,
    "与结果应用表不一致的理由": 40,
}
NAMES = list(COLUMNS)
DEPARTMENT, USE, PERCENT = NAMES.index("主管部门"), NAMES.index("结果应用"), NAMES.index("压减比例（%）")
ANNUAL, SUGGESTED = NAMES.index("全年预算数（万元）"), NAMES.index("下年度建议安排数（万元）")
FIRST = 2
"""The first row of a project, counted from 0: title and headings stand above."""
SUMMARY = ("主管部门", "项目数", "全年预算数（万元）", "其中：暂缓安排（万元）", "下年度建议安排数（万元）")
AMOUNT = "#,##0.00####"
NOT_YET = "—"
A4 = 9
# The same list gives the same file, whenever it is written.
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the file's format knows no time zone


@dataclass(frozen=True)
class ListedProject:
    """One row: amounts in 万元, the total in points, ``percent`` by which a cut cuts."""

    department: str
    unit: str
    code: str
    name: str
    kind: str
    total: Decimal | None
    grade: str
    rectification: RectificationState
    use: UseOfResult
    percent: Decimal | None
    annual: Decimal | None
    reason: str = ""

    @property
    def suggested(self) -> Decimal | None:
        return suggested_amount(self.annual, self.use, self.percent)


def next_year_xlsx(year: int, projects: Sequence[ListedProject]) -> bytes:
    """The list for the budget of ``year``, with a sheet of totals by department.

    The suggested amount follows from use, percentage and annual budget of its row, and the
    totals from the rows: who changes a use in the file sees what it comes to.
    """
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        styles = Styles(book)
        pen = Pen(book.add_worksheet(SHEET), styles)
        prepared(pen, f"{year}年度预算安排建议清单", list(COLUMNS.items()))
        for place, project in enumerate(projects, start=1):
            _write_project(pen, place, project)
        if projects:
            _offer_uses(pen, len(projects))
            _write_sum(pen, projects)
        _write_totals(Pen(book.add_worksheet(TOTALS), styles), year, projects)
    return file.getvalue()


def prepared(pen: Pen, title: str, columns: Sequence[tuple[str, int]]) -> None:
    """Title, headings and widths (in characters), to be printed on A4 across."""
    pen.sheet.set_paper(A4)
    pen.sheet.set_landscape()
    pen.sheet.fit_to_pages(1, 0)
    pen.sheet.repeat_rows(0, 1)
    pen.sheet.freeze_panes(FIRST, 0)
    pen.across(0, 0, len(columns) - 1, title, "title")
    for column, (heading, width) in enumerate(columns):
        pen.sheet.set_column(column, column, width)
        pen.text(1, column, heading, "label")


def _write_project(pen: Pen, place: int, project: ListedProject) -> None:
    row = FIRST + place - 1
    pen.figure(row, 0, Decimal(place))
    texts = (project.department, project.unit, project.code, project.name, KINDS[project.kind])
    for column, text in enumerate(texts, start=1):
        pen.text(row, column, text)
    pen.figure(row, 6, project.total)
    pen.text(row, 7, project.grade, "centre")
    pen.text(row, 8, STATES[project.rectification])
    pen.text(row, USE, USES[project.use])
    pen.figure(row, PERCENT, _shortest(project.percent))
    amount_cell(pen, row, ANNUAL, project.annual)
    pen.formula(row, SUGGESTED, _suggestion(row), _shown(project), AMOUNT)
    pen.text(row, len(COLUMNS) - 1, project.reason)


def _suggestion(row: int) -> str:
    """The use decides: a cut leaves the rest, rounded; an unknown budget suggests nothing."""
    use, percent, annual = (xl_rowcol_to_cell(row, column) for column in (USE, PERCENT, ANNUAL))
    kept = f'IF({use}="{USES["cut"]}",ROUND({annual}*(100-{percent})/100,2),{annual})'
    known = f'IF({annual}="","{NOT_YET}",{kept})'
    return f'=IF({use}="{USES["cancel"]}",0,IF({use}="{USES["hold"]}","{NOT_YET}",{known}))'


def _shown(project: ListedProject) -> float | str:
    return NOT_YET if project.suggested is None else float(project.suggested)


def _offer_uses(pen: Pen, count: int) -> None:
    pen.sheet.data_validation(
        FIRST, USE, FIRST + count - 1, USE, {"validate": "list", "source": list(USES.values())}
    )


def _write_sum(pen: Pen, projects: Sequence[ListedProject]) -> None:
    row = FIRST + len(projects)
    pen.across(row, 0, ANNUAL - 1, "合计", "label")
    for column, figures in (
        (ANNUAL, [project.annual for project in projects]),
        (SUGGESTED, [project.suggested for project in projects]),
    ):
        pen.formula(row, column, f"=SUM({cells_of(column, len(projects))})", sum_of(figures), AMOUNT)
    pen.text(row, len(COLUMNS) - 1, "")


def _write_totals(pen: Pen, year: int, projects: Sequence[ListedProject]) -> None:
    prepared(pen, f"{year}年度预算安排建议（按主管部门汇总）", [(heading, 26) for heading in SUMMARY])
    departments = list(dict.fromkeys(project.department for project in projects))
    for row, department in enumerate(departments, start=FIRST):
        pen.text(row, 0, department)
        own = [project for project in projects if project.department == department]
        for column, (formula, result) in enumerate(_of_department(row, own, len(projects)), start=1):
            pen.formula(row, column, formula, result, AMOUNT if column > 1 else "0")
    if not departments:
        return
    last = FIRST + len(departments)
    pen.text(last, 0, "合计", "label")
    for column, (_formula, result) in enumerate(_of_department(last, projects, len(projects)), start=1):
        cells = f"{xl_rowcol_to_cell(FIRST, column)}:{xl_rowcol_to_cell(last - 1, column)}"
        pen.formula(last, column, f"=SUM({cells})", result, AMOUNT if column > 1 else "0")


def _of_department(row: int, own: Sequence[ListedProject], count: int) -> list[tuple[str, float]]:
    """The formulas of one line with their results; SUMPRODUCT, for a name is no pattern to it."""
    same = f"--({cells_of(DEPARTMENT, count, SHEET)}={xl_rowcol_to_cell(row, 0)})"
    held = f'--({cells_of(USE, count, SHEET)}="{USES["hold"]}")'
    annual, suggested = (cells_of(column, count, SHEET) for column in (ANNUAL, SUGGESTED))
    return [
        (f"=SUMPRODUCT({same})", float(len(own))),
        (f"=SUMPRODUCT({same},{annual})", sum_of([project.annual for project in own])),
        (
            f"=SUMPRODUCT({same},{held},{annual})",
            sum_of([project.annual for project in own if project.use == "hold"]),
        ),
        (f"=SUMPRODUCT({same},{suggested})", sum_of([project.suggested for project in own])),
    ]


def cells_of(column: int, count: int, sheet: str = "") -> str:
    """A column of the projects' rows."""
    first = xl_rowcol_to_cell(FIRST, column, row_abs=True, col_abs=True)
    last = xl_rowcol_to_cell(FIRST + count - 1, column, row_abs=True, col_abs=True)
    return f"{sheet}!{first}:{last}" if sheet else f"{first}:{last}"


def amount_cell(pen: Pen, row: int, column: int, value: Decimal | None) -> None:
    """An amount in 万元; blank for None."""
    if value is None:
        pen.figure(row, column, None)
    else:
        pen.sheet.write_number(row, column, float(value), pen.styles.of("centre", AMOUNT))


def _shortest(figure: Decimal | None) -> Decimal | None:
    """Without idle zeros: 20.00 → 20."""
    return None if figure is None else Decimal(f"{figure.normalize():f}")


def sum_of(figures: Sequence[Decimal | None]) -> float:
    """What a SUM over these cells comes to."""
    return float(sum((figure for figure in figures if figure is not None), Decimal(0)))
