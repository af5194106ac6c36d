"""The official form as offices hand it in, built with openpyxl: invented project and figures."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evaluations.exchange.form import read_form
from evaluations.exchange.understanding import Understanding

Row = tuple[Any, ...]
HEADINGS = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
)
INDICATORS: tuple[Row, ...] = (
    ("产出指标", "数量指标", "上线业务模块", "≥28个", "26个", 20, 18.57, "两个模块顺延至次年"),
    ("产出指标", "质量指标", "系统验收合格率", "≥95%", "97%", 10, 10, None),
    ("产出指标", "时效指标", "完成时间", "12月底前", "12月20日", 10, 10, None),
    ("产出指标", "成本指标", "建设成本", "≤300万元", "297万元", 10, 10, None),
    ("效益指标", "社会效益指标", "网上办理比例", "≥80%", "86%", 15, 15, None),
    ("效益指标", "可持续影响指标", "运行维护机制", "建立", "达成预期指标", 15, 15, None),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "93%", 10, 10, None),
)
FUNDING: tuple[Row, ...] = (
    ("年度资金总额", 280, 300, 290, 10, "96.67%", 9.67),
    ("其中：当年财政拨款", 260, 280, 270, "—", "96.43%", "—"),
    ("上年结转资金", 20, 20, 20, "—", "100%", "—"),
    ("其他资金", None, None, None, "—", None, "—"),
)


def form_sheet(
    sheet: Worksheet,
    *,
    indicators: Sequence[Row] = INDICATORS,
    funding: Sequence[Row] = FUNDING,
    headings: Sequence[str] = HEADINGS,
    total: Row = (100, 98.24),
    money: str = "项目资金（万元）",
) -> Worksheet:
    """Fill a sheet with the form, cells merged as on the printed one."""
    sheet["A1"], sheet["A2"] = "项目支出绩效自评表", "（2023年度）"
    sheet["A3"], sheet["C3"] = "项目名称", "政务平台升级"
    sheet["A4"], sheet["C4"], sheet["F4"], sheet["G4"] = "主管部门", "某市数据局", "实施单位", "某市信息中心"
    sheet.append((money, None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"))
    for row in funding:
        sheet.append((None, *row))
    end = 5 + len(funding)
    sheet.append(("年度总体目标", "预期目标", None, None, None, "实际完成情况"))
    sheet.append((None, "建成统一平台", None, None, None, "二十六个模块上线"))
    sheet.append(("绩效指标", *headings))
    for indicator in indicators:
        sheet.append((None, *indicator))
    places = {heading: place for place, heading in enumerate(headings, start=2)}
    last = end + 3 + len(indicators) + 1
    sheet.cell(last, 1, "总分")
    for heading, value in zip(("分值", "得分"), total, strict=True):
        if heading in places:
            sheet.cell(last, places[heading], value)
    sheet.append(
        ("填报人：", None, "联系电话：", None, "单位负责人：", None, "日期：2024年3月1日", None, "（公章）")
    )
    for span in ("A1:I1", "A2:I2", "A3:B3", "C3:I3", "A4:B4", "C4:E4", "G4:I4", f"A5:A{end}"):
        sheet.merge_cells(span)
    sheet.merge_cells(f"A{end + 1}:A{end + 2}")
    for row in (end + 1, end + 2):
        sheet.merge_cells(f"B{row}:E{row}")
        sheet.merge_cells(f"F{row}:I{row}")
    sheet.merge_cells(f"A{end + 3}:A{last - 1}")
    sheet.merge_cells(f"A{last}:{'F' if len(headings) == 8 else 'A'}{last}")
    return sheet


def workbook(change: Callable[[Worksheet], object] | None = None, **parts: Any) -> Workbook:
    """A workbook with one form; ``change`` alters the sheet afterwards."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "自评表"
    form_sheet(sheet, **parts)
    if change is not None:
        change(sheet)
    return book


def content(book: Workbook) -> bytes:
    """The workbook as a file's content."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(change: Callable[[Worksheet], object] | None = None, **parts: Any) -> Understanding:
    """What is understood of a form with a change."""
    return read_form(content(workbook(change, **parts)))


def remarks_at(understanding: Understanding, address: str) -> list[str]:
    """The remarks on a cell: "left: is no figure"."""
    return [
        f"{remark.weight}: {remark.text()}" for remark in understanding.remarks if remark.place == address
    ]
