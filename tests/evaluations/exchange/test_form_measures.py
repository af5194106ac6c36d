"""Targets and actuals that are easily read as a wrong figure: better none, and a remark."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evaluations.exchange.form.targets import read_figure
from evaluations.exchange.understanding import Understanding
from tests.evaluations.exchange.forms import read, remarks_at

ACTUAL = "自评表!F13"


def one(target: Any, actual: Any, name: str = "培训人次") -> Understanding:
    """A form with one indicator."""
    return read(indicators=[("产出指标", "数量指标", name, target, actual, 90, 90, None)])


def is_doubted(understanding: Understanding) -> bool:
    return any(told.startswith("doubtful") for told in remarks_at(understanding, ACTUAL))


@pytest.mark.parametrize(
    ("target", "actual", "value"),
    [
        ("≥90%", "0.92", "92"),
        ("100%", "1", "100"),
        ("≥200%", "2.5", "250"),
        ("≥98.5%", "1.2", "120"),
        ("≤3%", 0.02, "2"),
        ("≤0.5%", 0.003, "0.3"),
    ],
)
def test_a_share_beside_a_target_in_percent_is_a_percentage_and_it_is_said(
    target: str, actual: Any, value: str
) -> None:
    understanding = one(target, actual)

    assert understanding.dossier.indicators[0].actual.value == Decimal(value)
    assert is_doubted(understanding)


@pytest.mark.parametrize(("target", "actual"), [("≤2%", "0.5"), ("≤0.5%", "0.3"), ("≥90%", "5")])
def test_what_may_be_a_share_or_a_percentage_gives_no_figure(target: str, actual: str) -> None:
    understanding = one(target, actual)

    assert understanding.dossier.indicators[0].actual.value is None
    assert understanding.dossier.indicators[0].actual.text == actual
    assert is_doubted(understanding)


@pytest.mark.parametrize(("target", "actual"), [("≥90%", "92"), ("＜3%", "2.5"), ("≤2%", "0")])
def test_a_plain_percentage_without_its_sign_is_read_as_one(target: str, actual: str) -> None:
    understanding = one(target, actual)

    assert understanding.dossier.indicators[0].actual.value == Decimal(actual)
    assert not is_doubted(understanding)


@pytest.mark.parametrize(
    ("target", "actual", "aim", "unit", "value"),
    [
        ("≥1万", "12000", "10000", None, "12000"),
        ("≥1000", "1.2千", "1000", None, "1200"),
        ("≥1000", "1.2千人", "1000", "人", "1200"),
        (">13万家", "165604", "130000", "家", "165604"),
        (">13万家", "14", "13", "万家", "14"),
    ],
)
def test_a_large_unit_on_one_side_only_is_resolved(
    target: str, actual: str, aim: str, unit: str | None, value: str
) -> None:
    understanding = one(target, actual)

    indicator = understanding.dossier.indicators[0]
    assert (indicator.target.value, indicator.target.unit) == (Decimal(aim), unit)
    assert indicator.actual.value == Decimal(value)
    assert indicator.target.text == target
    assert bool(remarks_at(understanding, ACTUAL)) == (actual != "14")


@pytest.mark.parametrize(("target", "actual"), [("≥13", "14万家"), (">13万家", "1300")])
def test_a_large_unit_that_may_be_meant_on_both_sides_gives_no_figure(target: str, actual: str) -> None:
    understanding = one(target, actual)

    indicator = understanding.dossier.indicators[0]
    assert (indicator.target.value, indicator.actual.value) == (13, None)
    assert is_doubted(understanding)


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("≥20人次", "不足20人次"),
        ("100%", "未达100%"),
        ("≤5%", "未超5%"),
        ("≥20次", "未完成20次"),
        ("≥20次", "近20次"),
        ("≥20次", "预计20次"),
        ("≥20次", "计划20次"),
        ("≥20次", "比上年增加20次"),
        ("≥20次", "超额5次"),
        ("≥20次", "减少5次"),
        ("≥20次", "差2次完成"),
        ("≥50人", "约50人"),
        ("≥20次", "20次左右"),
        ("≥20次", "20余次"),
        ("≥20次", "l5次"),
        ("≥20次", "20次（预计）"),
        ("提高10%", "下降5%"),
        ("降低10%", "上升5%"),
        ("增长5%", "降低3%"),
        ("下降率≥5%", "-5%"),
    ],
)
def test_an_actual_that_does_not_say_what_was_reached_stays_words(target: str, actual: str) -> None:
    understanding = one(target, actual)

    indicator = understanding.dossier.indicators[0]
    assert (indicator.actual.value, indicator.actual.text) == (None, actual)
    assert is_doubted(understanding)


@pytest.mark.parametrize(
    ("target", "actual", "name", "value"),
    [
        ("提高10%", "提高12%", "效率", "12"),
        ("较上年提高5%", "较上年提高6%", "效率", "6"),
        ("≥5%", "降低6%", "成本降低率", "6"),
        ("增长5%", "-3%", "收入", "-3"),
        ("≥20次", "仅15次", "场次", "15"),
    ],
)
def test_a_change_in_the_same_direction_is_a_figure(target: str, actual: str, name: str, value: str) -> None:
    assert one(target, actual, name).dossier.indicators[0].actual.value == Decimal(value)


@pytest.mark.parametrize(
    ("target", "actual", "aim", "value"),
    [
        ("≤2小时", "90分钟", "120", "90"),
        ("≤1年", "11个月", "12", "11"),
        ("≥5公里", "5200米", "5000", "5200"),
        ("≤2天", "36小时", "48", "36"),
        ("≥3千克", "3500克", "3000", "3500"),
        ("≥3500米", "3.6公里", "3500", "3600"),
    ],
)
def test_measures_that_convert_exactly_are_compared(target: str, actual: str, aim: str, value: str) -> None:
    understanding = one(target, actual)

    indicator = understanding.dossier.indicators[0]
    assert (indicator.target.value, indicator.actual.value) == (Decimal(aim), Decimal(value))
    assert remarks_at(understanding, ACTUAL)


@pytest.mark.parametrize(("target", "actual"), [("≤30个工作日", "25天"), ("≤1年", "300天"), ("≥5吨", "6箱")])
def test_measures_that_do_not_convert_give_no_figure(target: str, actual: str) -> None:
    understanding = one(target, actual)

    assert understanding.dossier.indicators[0].actual.value is None
    assert is_doubted(understanding)


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("\u200b≥735人次", ">=", "735", "人次"),
        ("\ufeff≥735人次", ">=", "735", "人次"),
        ("≥\u00a0735\u200b人次", ">=", "735", "人次"),
        ("下降率≥5%", ">=", "5", "%"),
        ("每周不少于2次", ">=", "2", "次"),
        ("2023年完成率≥90%", ">=", "90", "%"),
        ("≥5000㎡", ">=", "5000", "m²"),
        ("≥5000m2", ">=", "5000", "m²"),
        ("300㎥", None, "300", "m³"),
        ("90百分比", None, "90", "%"),
        ("①15次", None, "15", "次"),
    ],
)
def test_signs_units_and_numbering_are_told_apart(
    text: str, comparator: str | None, value: str, unit: str | None
) -> None:
    found = read_figure(text)

    assert (found.comparator, found.value, found.unit) == (comparator, Decimal(value), unit)


@pytest.mark.parametrize(("target", "actual"), [("12.31前", "12.20"), ("20231231", "20231220")])
def test_dates_in_figures_stay_words(target: str, actual: str) -> None:
    indicator = one(target, actual).dossier.indicators[0]

    assert (indicator.target.value, indicator.actual.value, indicator.kind) == (None, None, "qualitative")


def test_invisible_characters_in_a_figure_are_left_out_and_it_is_said() -> None:
    understanding = read(lambda sheet: sheet.__setitem__("H13", "9.29\u200b"))

    assert understanding.dossier.indicators[0].stated.score == Decimal("9.29")
    assert remarks_at(understanding, "自评表!H13") == [
        "understood: holds invisible characters: the figure was read without them"
    ]
