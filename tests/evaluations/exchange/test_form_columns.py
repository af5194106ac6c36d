"""Columns that offices add or name in their own way."""

from __future__ import annotations

from decimal import Decimal

from tests.evaluations.exchange.forms import HEADINGS, read, remarks_at

ROW = ("产出指标", "数量指标", "模块数", "28个", "26个", 90, 85, "顺延")


def test_the_direction_stands_beside_the_nature() -> None:
    headings = [*HEADINGS[:3], "指标性质", "指标方向", *HEADINGS[3:]]
    rows = [
        (*ROW[:3], "定量", "正向", *ROW[3:]),
        (*ROW[:2], "故障率", "定量", "反向", "3%", "1.2%", 10, 10, None),
    ]
    first, second = read(indicators=rows, headings=headings).dossier.indicators

    assert (first.kind, first.direction, second.direction) == ("quantitative", "higher", "lower")


def test_measures_in_a_column_of_their_own_join_the_reason() -> None:
    headings = [*HEADINGS[:7], "未完成原因分析", "改进措施"]
    indicator = read(indicators=[(*ROW, "下年完成")], headings=headings).dossier.indicators[0]

    assert indicator.deviation_reason == "顺延\n下年完成"


def test_measures_alone_are_the_reason() -> None:
    headings = [*HEADINGS[:7], "改进措施"]

    assert read(indicators=[ROW], headings=headings).dossier.indicators[0].deviation_reason == "顺延"


def test_a_column_of_percentages_beside_the_actuals_is_the_rate() -> None:
    for column, headings in (
        (5, [*HEADINGS[:5], "完成情况", *HEADINGS[5:]]),
        (4, [*HEADINGS[:4], "完成情况", *HEADINGS[4:]]),
    ):
        row = (*ROW[:column], "92.86%", *ROW[column:])
        indicator = read(indicators=[row], headings=headings).dossier.indicators[0]

        assert (indicator.actual.value, indicator.stated.completion_rate) == (26, "92.86%")


def test_a_second_column_of_words_beside_the_actuals_is_reported() -> None:
    headings = [*HEADINGS[:5], "完成情况", *HEADINGS[5:]]
    understanding = read(indicators=[(*ROW[:5], "基本完成", *ROW[5:])], headings=headings)

    assert understanding.dossier.indicators[0].actual.value == 26
    assert remarks_at(understanding, "自评表!G13") != []


def test_notes_are_reasons_only_where_there_is_no_column_of_reasons() -> None:
    alone = read(indicators=[ROW], headings=[*HEADINGS[:7], "备注"])
    beside = read(indicators=[(*ROW, "见附件")], headings=[*HEADINGS, "备注"])

    assert alone.dossier.indicators[0].deviation_reason == "顺延"
    assert remarks_at(alone, "自评表!I12")[0].startswith("doubtful")
    assert beside.dossier.indicators[0].deviation_reason == "顺延"
    assert remarks_at(beside, "自评表!J13") == ["left: has no place in a dossier, and was left out"]


def test_a_grade_in_a_cell_of_the_total_is_read() -> None:
    for grade in ("自评等级：优", "优"):

        def change(sheet, grade: str = grade) -> None:
            sheet["I20"] = grade

        dossier = read(change).dossier

        assert (dossier.stated.total, dossier.stated.grade) == (Decimal("98.24"), "优")


def test_a_form_with_one_level_and_its_indicators_is_read() -> None:
    headings = ["一级指标", "绩效指标", *HEADINGS[3:]]
    rows = [(ROW[0], *ROW[2:]), ("效益指标", "满意度", "≥90%", "93%", 10, 10, None)]
    dossier = read(indicators=rows, headings=headings).dossier

    assert [(row.level1, row.level2, row.name) for row in dossier.indicators] == [
        ("产出", None, "模块数"),
        ("效益", None, "满意度"),
    ]
    assert dossier.indicators[1].actual.value == 93


def test_a_grade_in_the_column_of_weights_is_no_weight() -> None:
    def change(sheet) -> None:
        sheet["G20"] = "良"

    understanding = read(change)

    assert understanding.dossier.stated.grade == "良"
    assert remarks_at(understanding, "自评表!G20") == []
