"""The official form as .xlsx: what is read of it, and what is said of the rest."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from evaluations.dossier import DossierFaults
from evaluations.exchange.form import read_form
from evaluations.exchange.understanding import Understanding
from tests.evaluations.exchange.forms import HEADINGS, INDICATORS, content, form_sheet, read, workbook


def test_the_official_form_is_read_without_a_remark() -> None:
    understanding = read()

    assert [
        (remark.place, remark.text()) for remark in understanding.remarks if remark.weight != "understood"
    ] == []
    dossier = understanding.dossier
    assert (dossier.project.name, dossier.project.unit, dossier.project.department) == (
        "政务平台升级",
        "某市信息中心",
        "某市数据局",
    )
    assert dossier.project.fiscal_year == 2023
    assert (dossier.budget.initial, dossier.budget.annual, dossier.budget.paid) == (280, 300, 290)
    assert dossier.budget.stated_execution_rates == ("96.67%",)
    assert (dossier.budget.weight, dossier.budget.stated_score) == (10, Decimal("9.67"))
    assert [row.name for row in dossier.budget.rows] == [
        "年度资金总额",
        "当年财政拨款",
        "上年结转资金",
        "其他资金",
    ]
    assert (dossier.goal.expected, dossier.goal.achieved) == ("建成统一平台", "二十六个模块上线")
    assert len(dossier.indicators) == 7
    assert dossier.stated.total == Decimal("98.24")


HEADER_ROW = 12  # of the form without changes; its indicators follow


def told(understanding: Understanding, weight: str) -> list[str]:
    """The places that have a remark of this weight."""
    return [remark.place for remark in understanding.remarks if remark.weight == weight]


def row_with(**values: Any) -> tuple[Any, ...]:
    """One indicator row in the order of the headings."""
    row = {
        "level1": "产出指标",
        "level2": "数量指标",
        "name": "培训人次",
        "target": "≥735人次",
        "actual": "740人次",
        "weight": 90,
        "score": 90,
        "reason": None,
        **values,
    }
    return tuple(row.values())


def only(**values: Any) -> Any:
    """The indicator that is read from a form with one row, with what is read around it."""
    return read(indicators=[row_with(**values)])


def test_levels_are_read_without_the_word_indicator() -> None:
    levels = [(row.level1, row.level2) for row in read().dossier.indicators]

    assert levels[0] == ("产出", "数量")
    assert levels[-1] == ("满意度", "服务对象满意度")


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("≥735人次", ">=", "735", "人次"),
        ("≥ 95 %", ">=", "95", "%"),
        ("≧９５％", ">=", "95", "%"),
        ("不少于1,200户", ">=", "1200", "户"),
        ("不低于90%", ">=", "90", "%"),
        ("90%以上", ">=", "90", "%"),
        ("90%及以上", ">=", "90", "%"),
        ("＞1500个", ">", "1500", "个"),
        ("≤10万元/年", "<=", "10", "万元/年"),
        ("不超过300万元", "<=", "300", "万元"),
        ("控制在15天以内", "<=", "15", "天"),
        ("24小时内", "<=", "24", "小时"),
        ("＝100%", "=", "100", "%"),
        ("14条", None, "14", "条"),
        ("100%", None, "100", "%"),
        ("达到95%", None, "95", "%"),
        ("0.10%", None, "0.1", "%"),
        (735, None, "735", None),
    ],
)
def test_a_target_is_read_with_comparison_figure_and_unit(
    text: Any, comparator: str | None, value: str, unit: str | None
) -> None:
    target = only(target=text, actual=None).dossier.indicators[0].target

    assert (target.comparator, target.value, target.unit) == (comparator, Decimal(value), unit)
    assert target.text == str(text)


@pytest.mark.parametrize(
    "text", ["12月底前", "2023年12月31日前", "2023年底", "第四季度", "建立长效机制", "显著提升", "通过"]
)
def test_dates_and_words_stay_words(text: str) -> None:
    indicator = only(target=text, actual="达成预期指标").dossier.indicators[0]

    assert (indicator.kind, indicator.target.value, indicator.target.text) == ("qualitative", None, text)
    assert (indicator.actual.value, indicator.actual.text) == (None, "达成预期指标")


@pytest.mark.parametrize("text", ["培训3场100人", "90%-95%", "5至10个", "1：2"])
def test_several_figures_are_read_as_words_and_said_so(text: str) -> None:
    understanding = only(target=text)

    assert understanding.dossier.indicators[0].target.value is None
    assert understanding.dossier.indicators[0].target.text == text
    assert "自评表!E13" in told(understanding, "doubtful")


@pytest.mark.parametrize(
    ("target", "actual", "value"),
    [
        ("≥735人次", "740人次", "740"),
        ("≥735人次", 740, "740"),
        ("≥735人次", "实际完成740人次", "740"),
        ("≤10年", "已使用2年", "2"),
        ("28个", "26个（两个顺延）", "26"),
        ("≥90%", "９２．５％", "92.5"),
    ],
)
def test_an_actual_is_read_from_its_text(target: str, actual: Any, value: str) -> None:
    assert only(target=target, actual=actual).dossier.indicators[0].actual.value == Decimal(value)


def test_a_bound_is_no_actual() -> None:
    understanding = only(target=">6000GB", actual=">6000GB")

    assert understanding.dossier.indicators[0].actual.value is None
    assert "自评表!F13" in told(understanding, "doubtful")


def test_an_actual_in_a_smaller_unit_is_compared_in_it() -> None:
    understanding = only(target=">13万家", actual="165604家")

    indicator = understanding.dossier.indicators[0]
    assert (indicator.target.value, indicator.target.unit, indicator.target.text) == (130000, "家", ">13万家")
    assert indicator.actual.value == 165604
    assert "自评表!F13" in told(understanding, "understood")


def test_an_actual_in_a_larger_unit_is_compared_in_the_smaller() -> None:
    indicator = only(target="≥5000户", actual="0.6万户").dossier.indicators[0]

    assert (indicator.target.value, indicator.actual.value) == (5000, 6000)


def test_an_actual_in_another_unit_is_doubtful() -> None:
    assert "自评表!F13" in told(only(target="≥28个", actual="26项"), "doubtful")


def test_amount_and_percentage_are_not_compared() -> None:
    understanding = only(target="100%", actual="464.42万元")

    assert understanding.dossier.indicators[0].actual.value is None
    assert "自评表!F13" in told(understanding, "doubtful")


def test_percent_formats_are_read_as_they_are_shown() -> None:
    def change(sheet: Worksheet) -> None:
        for address, value in (("E13", 0.95), ("F13", 0.9664), ("G6", 0.96666667)):
            sheet[address] = value
            sheet[address].number_format = "0.00%"

    dossier = read(change).dossier

    assert (dossier.indicators[0].target.text, dossier.indicators[0].target.value) == ("95.00%", 95)
    assert (dossier.indicators[0].actual.text, dossier.indicators[0].actual.value) == (
        "96.64%",
        Decimal("96.64"),
    )
    assert dossier.budget.stated_execution_rates == ("96.67%",)


def test_a_bare_share_beside_a_target_in_percent_is_said() -> None:
    understanding = only(target="≥90%", actual=0.92)

    assert understanding.dossier.indicators[0].actual.value == 92
    assert "自评表!F13" in told(understanding, "doubtful")


def test_columns_for_nature_and_unit_are_put_together_with_the_target() -> None:
    headings = [*HEADINGS[:3], "指标性质", "年度指标值", "度量单位", *HEADINGS[4:]]
    rows = [
        ("产出指标", "数量指标", "培训人次", "≥", "735", "人次", "740", 50, 50, None),
        ("产出指标", "成本指标", "人均成本", "反向", 300, "元", 297, 30, 30, None),
        ("产出指标", "质量指标", "制度建设", "定性", "健全", None, "健全", 10, 10, None),
    ]
    first, second, third = read(indicators=rows, headings=headings).dossier.indicators

    assert (first.target.comparator, first.target.value, first.target.unit) == (">=", 735, "人次")
    assert (first.target.text, first.direction, first.actual.value) == ("≥735人次", "higher", 740)
    assert (second.direction, second.target.unit, second.target.comparator) == ("lower", "元", None)
    assert third.kind == "qualitative"


def test_a_re_check_score_stays_apart_and_every_cell_of_it_is_reported() -> None:
    headings = [*HEADINGS[:7], "复核得分", HEADINGS[7]]
    rows = [("产出指标", "数量指标", "模块数", "28个", "26个", 90, 85, 80, "顺延")]
    understanding = read(indicators=rows, headings=headings)

    assert understanding.dossier.indicators[0].stated.score == 85
    assert understanding.dossier.indicators[0].deviation_reason == "顺延"
    assert {"自评表!I12", "自评表!I13"} <= set(told(understanding, "left"))


def test_an_unknown_column_is_reported_cell_by_cell() -> None:
    headings = [*HEADINGS, "佐证编号"]
    understanding = read(indicators=[(*row_with(), "A-17")], headings=headings)

    assert {"自评表!J12", "自评表!J13"} <= set(told(understanding, "left"))


@pytest.mark.parametrize(
    "label",
    ["产出指标（50分）", "产出指标(50)", "产出指标 （５０分）", "产出指标50分", "产\n出\n指\n标\n（50分）"],
)
def test_points_in_a_level_are_its_weight(label: str) -> None:
    dossier = only(level1=label).dossier

    assert dossier.indicators[0].level1 == "产出"
    assert dossier.stated.level1_weights == {"产出": Decimal(50)}


def test_points_in_a_heading_do_not_hide_the_column() -> None:
    headings = [*HEADINGS[:5], "分值（90分）", "自评得分\n（90分）", HEADINGS[7]]

    indicator = read(indicators=[row_with()], headings=headings).dossier.indicators[0]

    assert (indicator.weight, indicator.stated.score) == (90, 90)


def test_merged_levels_count_for_every_row() -> None:
    def change(sheet: Worksheet) -> None:
        for span in ("B13:B16", "B17:B18"):
            sheet.merge_cells(span)

    assert [row.level1 for row in read(change).dossier.indicators] == ["产出"] * 4 + ["效益"] * 2 + ["满意度"]


def test_blank_levels_stand_under_the_one_above_and_it_is_said() -> None:
    rows = [row_with(), row_with(level1=None, level2=None, name="培训场次")]
    understanding = read(indicators=rows)

    assert [(row.level1, row.level2) for row in understanding.dossier.indicators] == [("产出", "数量")] * 2
    assert "自评表!D14" in told(understanding, "understood")


def test_a_score_merged_over_several_indicators_counts_once() -> None:
    understanding = read(lambda sheet: sheet.merge_cells("H13:H14"))

    scores = [row.stated.score for row in understanding.dossier.indicators[:2]]
    assert scores == [Decimal("18.57"), None]
    assert "自评表!H13" in told(understanding, "doubtful")


def test_missing_satisfaction_rows_are_no_fault() -> None:
    assert len(read(indicators=INDICATORS[:-1]).dossier.indicators) == 6


@pytest.mark.parametrize("money", ["项目资金（元）", "项目资金\n(单位：元)", "一、项目资金（元）"])
def test_amounts_are_in_the_unit_that_the_form_names(money: str) -> None:
    dossier = read(money=money).dossier

    assert (dossier.currency_unit, dossier.budget.annual) == ("元", 300)


def test_a_unit_of_money_above_the_table_is_read() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A5"] = "项目资金"
        sheet.unmerge_cells("A2:I2")
        sheet["I2"] = "金额单位：元"

    assert read(change).dossier.currency_unit == "元"


def test_without_a_unit_of_money_it_is_said_what_was_assumed() -> None:
    understanding = read(money="项目资金")

    assert understanding.dossier.currency_unit == "万元"
    assert "自评表" in told(understanding, "doubtful")


def test_an_amount_in_its_own_unit_is_converted_and_said() -> None:
    understanding = read(lambda sheet: sheet.__setitem__("D6", "3,000,000元"))

    assert understanding.dossier.budget.annual == 300
    assert "自评表!D6" in told(understanding, "understood")


def test_an_amount_that_is_none_is_reported() -> None:
    understanding = read(lambda sheet: sheet.__setitem__("D6", "三百万"))

    assert understanding.dossier.budget.annual is None
    assert "自评表!D6" in told(understanding, "left")


def test_a_merged_goal_and_its_line_breaks_are_kept() -> None:
    goal = read(lambda sheet: sheet.__setitem__("B11", "目标1：建成平台\n目标2：接入单位")).dossier.goal

    assert goal.expected == "目标1：建成平台\n目标2：接入单位"


def test_a_name_broken_into_lines_is_put_together() -> None:
    understanding = only(name="参加业务\n培训人次")

    assert understanding.dossier.indicators[0].name == "参加业务培训人次"
    assert "自评表!D13" in told(understanding, "understood")


def test_labels_may_carry_their_content() -> None:
    def change(sheet: Worksheet) -> None:
        for span in ("A3:B3", "C3:I3"):
            sheet.unmerge_cells(span)
        sheet["A3"], sheet["C3"] = "项目名称：供水管网改造", None

    assert read(change).dossier.project.name == "供水管网改造"


def test_blank_rows_and_columns_do_not_matter() -> None:
    book = workbook()
    sheet = book.active
    assert sheet is not None
    moved = Workbook()
    other = moved.active
    assert other is not None
    for row in sheet.iter_rows():
        for cell in row:
            other.cell(cell.row + 3 + (cell.row > 12), cell.column + 2, cell.value)
    understanding = read_form(content(moved))

    assert len(understanding.dossier.indicators) == 7
    assert understanding.dossier.stated.total == Decimal("98.24")
    assert understanding.dossier.project.unit == "某市信息中心"


def test_the_form_may_stand_on_another_sheet() -> None:
    book = workbook()
    book.create_sheet("填表说明", 0)["A1"] = "请如实填写"
    understanding = read_form(content(book))

    assert understanding.dossier.project.name == "政务平台升级"
    assert "填表说明" in told(understanding, "left")


def test_of_several_forms_the_first_is_read_and_it_is_said() -> None:
    book = workbook()
    form_sheet(book.create_sheet("另一项目"))
    remarks = {remark.place: remark.text() for remark in read_form(content(book)).remarks}

    assert remarks["另一项目"].startswith("this sheet holds another form")


def test_a_second_form_below_the_first_is_reported_once() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A25"], sheet["C25"] = "项目名称", "另一项目"
        for column, heading in enumerate(HEADINGS, start=2):
            sheet.cell(27, column, heading)
        for column, value in enumerate(row_with(), start=2):
            sheet.cell(28, column, value)

    understanding = read(change)

    assert len(understanding.dossier.indicators) == 7
    assert told(understanding, "left") == ["自评表!A25"]


def test_hidden_rows_are_read_and_said() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[14].hidden = True
        sheet.column_dimensions["I"].hidden = True

    understanding = read(change)

    assert len(understanding.dossier.indicators) == 7
    assert {"自评表!D14", "自评表!I13"} <= set(told(understanding, "doubtful"))


def test_struck_text_is_left_out_and_said() -> None:
    def change(sheet: Worksheet) -> None:
        struck = InlineFont(strike=True)
        sheet["F13"] = CellRichText(TextBlock(struck, "20个"), "26个")
        sheet["I13"].font = Font(strike=True)

    understanding = read(change)

    first = understanding.dossier.indicators[0]
    assert (first.actual.text, first.deviation_reason) == ("26个", None)
    assert {"自评表!F13", "自评表!I13"} <= set(told(understanding, "doubtful"))


def test_struck_text_among_shared_texts_is_left_out_too() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet, struck = book.add_worksheet("自评表"), book.add_format({"font_strikeout": True})
        for row, cells in enumerate(workbook().active.iter_rows(values_only=True)):
            for column, value in enumerate(cells):
                sheet.write(row, column, value)
        sheet.write_rich_string(12, 5, struck, "20个", "26个")

    assert read_form(file.getvalue()).dossier.indicators[0].actual.text == "26个"


def test_a_formula_without_a_saved_result_is_reported() -> None:
    understanding = read(lambda sheet: sheet.__setitem__("H13", "=ROUND(20*26/28,2)"))

    assert understanding.dossier.indicators[0].stated.score is None
    assert "自评表!H13" in told(understanding, "left")


def test_a_score_is_read_as_it_is_shown() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["H13"] = 18.571428571
        sheet["H13"].number_format = "0.00"

    understanding = read(change)

    assert understanding.dossier.indicators[0].stated.score == Decimal("18.57")
    assert "自评表!H13" in told(understanding, "understood")


def test_an_amount_is_read_as_it_is_stored() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E6"] = 290.1234
        sheet["E6"].number_format = "#,##0.00"

    understanding = read(change)

    assert understanding.dossier.budget.paid == Decimal("290.1234")
    assert "自评表!E6" in told(understanding, "understood")


def test_subtotals_are_points_by_level() -> None:
    rows = [*INDICATORS[:4], ("产出指标小计", None, None, None, None, 50, 48.57, None), *INDICATORS[4:]]
    understanding = read(indicators=rows)

    assert len(understanding.dossier.indicators) == 7
    assert understanding.dossier.stated.by_level1 == {"产出": Decimal("48.57")}
    assert understanding.dossier.stated.level1_weights == {"产出": 50}


def test_the_grade_is_read_where_it_stands() -> None:
    assert read(lambda sheet: sheet.__setitem__("I20", "评价等级：优")).dossier.stated.grade == "优"


def test_a_total_that_is_not_the_sum_of_the_weights_is_doubtful() -> None:
    assert "自评表!G20" in told(read(total=(90, 98.24)), "doubtful")


def test_persons_of_the_foot_are_not_taken_over() -> None:
    understanding = read(lambda sheet: sheet.__setitem__("A21", "填报人：某某"))

    assert "自评表!A21" in told(understanding, "left")
    assert understanding.dossier.evaluation.report_date == date(2024, 3, 1)


def test_empty_rows_of_the_printed_form_are_left_out() -> None:
    rows = [row_with(), row_with(name="指标2：", target=None, actual=None, weight=None, score=None)]

    assert len(read(indicators=rows).dossier.indicators) == 1


def test_a_heading_repeated_on_the_next_page_is_no_indicator() -> None:
    understanding = read(indicators=[row_with(), HEADINGS, row_with(name="培训场次")])

    assert [row.name for row in understanding.dossier.indicators] == ["培训人次", "培训场次"]


def test_a_cell_outside_of_everything_is_reported_with_its_address() -> None:
    assert "自评表!L3" in told(read(lambda sheet: sheet.__setitem__("L3", "随手一记")), "left")


def test_a_form_in_one_long_table_is_read() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("2019年度市级预算项目绩效完成情况自评表",))
    sheet.append(
        (
            "主管部门",
            "预算单位",
            "项目名称",
            "一级指标",
            "明细指标",
            "指标描述",
            "指标值",
            "权重（%）",
            "完成值",
            "得分",
        )
    )
    sheet.append(
        (
            "某市数据局",
            "某市信息中心",
            "平台升级",
            "产出指标",
            "模块数",
            "开发数量",
            "28个",
            10.0,
            "26个",
            8.00,
        )
    )
    sheet.append((None, None, None, None, "故障率", "停机占比（反向指标）", "0.1%", 90.0, "0.05%", 90))
    sheet.append(("自评得分", 98.00, "自评等级", "优"))
    dossier = read_form(content(book)).dossier

    assert (dossier.project.unit, dossier.project.fiscal_year) == ("某市信息中心", 2019)
    assert [(row.level1, row.name, row.weight) for row in dossier.indicators] == [
        ("产出", "模块数", 10),
        ("产出", "故障率", 90),
    ]
    assert dossier.indicators[1].direction == "lower"
    assert (dossier.stated.total, dossier.stated.grade) == (98, "优")


@pytest.mark.parametrize(
    ("address", "words"),
    [("C3", "names no project"), ("A2", "names no year")],
)
def test_a_form_without_project_or_year_is_refused(address: str, words: str) -> None:
    with pytest.raises(DossierFaults) as error:
        read(lambda sheet: sheet.__setitem__(address, None))

    assert [words in fault.message for fault in error.value.faults] == [True]


def test_the_department_stands_in_for_a_missing_unit_and_it_is_said() -> None:
    understanding = read(lambda sheet: sheet.__setitem__("G4", None))

    assert understanding.dossier.project.unit == "某市数据局"
    assert "自评表" in told(understanding, "doubtful")


def test_a_year_read_from_elsewhere_is_said() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"] = None
        sheet["C3"] = "2022年平台升级"

    understanding = read(change)

    assert understanding.dossier.project.fiscal_year == 2022
    assert "自评表" in told(understanding, "doubtful")


def test_a_workbook_without_a_form_is_refused() -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "收支明细"

    with pytest.raises(DossierFaults, match="holds no form"):
        read_form(content(book))
