"""Figures inside Chinese text are read with their units, and only plain statements count as such."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks.sentences import elsewhen, named_in, sentences, tidy

TEN_THOUSAND = Decimal(10_000)


def figures(text):
    """The figures of the only sentence of a text."""
    (sentence,) = sentences(text)
    return sentence.figures


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("支出300元", ["300"]),
        ("支出114.3万元", ["1143000"]),
        ("支出1.2亿元", ["120000000"]),
        ("支出1.2亿，其余结转", ["120000000"]),
        ("支出1亿2000万元", ["120000000"]),
        ("支出3万5000元", ["35000"]),
        ("支出1,234,567.89元", ["1234567.89"]),
        ("支出１，２３４．５６万元", ["12345600"]),
        ("支出 464.42 万 元", ["4644200"]),
        ("支出三百二十五万元", ["3250000"]),
        ("支出一亿二千万元", ["120000000"]),
        ("支出十二万元", ["120000"]),
        ("支出5千元、3百万元", ["5000", "3000000"]),
        ("分别支出0.5、8.88万元", ["5000", "88800"]),
        ("受益16万条、20万人", []),
        ("投入12万美元", []),
        ("数十万元", []),
        ("一元化管理", []),
    ],
)
def test_amounts_are_read_in_yuan(text, yuan):
    assert [amount.value for amount in figures(text).amounts] == [Decimal(figure) for figure in yuan]


@pytest.mark.parametrize(
    "text",
    [
        "不超过300万元",
        "不低于300万元",
        "≤300万元",
        "约300万元",
        "近300万元",
        "300余万元",
        "300多万元",
        "300万元以上",
        "300万元（含）以内",
        "300万元左右",
        "200-300万元",
        "200万元至300万元",
        "200～300万元",
        "300万元/台",
        "每台300元",
        "最高300万元",
    ],
)
def test_limits_ranges_rough_numbers_and_prices_are_no_plain_statements(text):
    read = figures(text).amounts
    assert read
    assert not any(amount.plain for amount in read)


@pytest.mark.parametrize(
    "text", ["节约300万元", "签约300万元", "预算300万元", "300万元/年", "每年300万元", "共计300万元"]
)
def test_other_amounts_are_plain(text):
    assert [amount.plain for amount in figures(text).amounts] == [True]


@pytest.mark.parametrize(
    ("text", "printed", "plain"),
    [
        ("执行率96.64%", ["96.64%"], [True]),
        ("执行率９６.６４％", ["96.64%"], [True]),
        ("执行率为 96.640 %", ["96.640%"], [True]),
        ("执行率80%-95%", ["80%", "95%"], [False, False]),
        ("执行率80-95%", ["80%", "95%"], [False, False]),
        ("执行率80%（含）至95%（不含）", ["80%", "95%"], [False, False]),
        ("执行率95%以上", ["95%"], [False]),
        ("执行率95%（含）以上", ["95%"], [False]),
        ("执行率95%及以上", ["95%"], [False]),
        ("执行率超过95%", ["95%"], [False]),
        ("执行率约95%", ["95%"], [False]),
        ("分别占38%、62%", ["38%", "62%"], [True, True]),
    ],
)
def test_percentages_are_read_as_printed(text, printed, plain):
    read = figures(text).percentages
    assert [percentage.printed.text() for percentage in read] == printed
    assert [percentage.plain for percentage in read] == plain


def test_an_amount_agrees_exactly_or_rounded_at_its_printed_decimals():
    whole, rounded, in_yuan, hundreds = figures("300万元，114.35万元，1143478元，0.03亿元").amounts
    assert whole.agrees(Decimal("300"), TEN_THOUSAND)
    assert not whole.agrees(Decimal("300.2"), TEN_THOUSAND)
    assert rounded.agrees(Decimal("114.3478"), TEN_THOUSAND)
    assert not rounded.agrees(Decimal("114.3449"), TEN_THOUSAND)
    assert in_yuan.agrees(Decimal("114.3478"), TEN_THOUSAND)
    assert not in_yuan.agrees(Decimal("114.3578"), TEN_THOUSAND)
    assert hundreds.agrees(Decimal("312"), TEN_THOUSAND)


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_an_amount_written_in_any_unit_is_the_same_amount(amount):
    for unit, multiple in (("元", 1), ("万元", 10**4), ("亿元", 10**8)):
        (read,) = figures(f"支出{amount / multiple:f}{unit}。").amounts
        assert read.value == amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一句。二句！三句？", ["一句", "二句", "三句"]),
        ("一句;仍是一句", ["一句;仍是一句"]),
        ("（一）资金情况\n本项目支出3万元", ["(一)资金情况", "本项目支出3万元"]),
        ("本项目二〇二三年年度预算批复的资金总额合计为\n300万元。", None),
        ("一段没有写完\n\n另一段", ["一段没有写完", "另一段"]),
    ],
)
def test_a_sentence_ends_with_its_mark_or_its_line_but_not_where_a_line_wraps(text, expected):
    joined = ["本项目二〇二三年年度预算批复的资金总额合计为300万元"]
    assert [sentence.text for sentence in sentences(text)] == (expected or joined)


def test_columns_are_never_read_as_one_figure():
    assert [str(count.value) for count in figures("维保 17.80 38.23").counts] == ["17.80", "38.23"]


@pytest.mark.parametrize(
    ("before", "other"),
    [
        ("预算执行率", False),
        ("2023年预算执行率", False),
        ("2022年预算执行率", True),
        ("2022年度项目延期，全年执行率", False),
        ("上年执行率", True),
        ("上年执行率较低，本年执行率", False),
        ("截至2023年9月底", True),
        ("截止12月31日", False),
        ("截至2022年12月31日", True),
        ("2022年年末", True),
        ("2023年3月启动，执行率", False),
        ("上半年", True),
        ("1-6月支出", True),
        ("2021-2023年", True),
        ("截至目前", True),
    ],
)
def test_another_year_or_a_part_of_the_year_is_told_apart(before, other):
    assert elsewhen(before, 2023) is other


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("维护费节约3万元", ["维护费"]),
        ("软件维护费节约3万元", []),
        ("维护费用节约3万元", ["维护费"]),
        ("本项目维护费共节约3万元", ["维护费"]),
        ("云平台维护费节约3万元", ["云平台维护费"]),
        ("设备节约3万元", ["设备"]),
        ("设备采购节约3万元", []),
        ("我中心云平台维护费结余", ["云平台维护费"]),
        ("维护费、设备共节约", ["维护费", "设备"]),
    ],
)
def test_a_name_is_found_only_where_it_is_a_word_of_its_own(text, names):
    known = ["维护费", "云平台维护费", "设备"]
    assert [name for _, _, name in named_in(tidy(text), known)] == names


@pytest.mark.parametrize(
    "text",
    [
        " " * 100_000,
        "1" + " " * 99_998 + "2",
        "9" * 99_999 + "%",
        "111," * 25_000,
        "1." * 50_000,
        "一" * 99_999 + "元",
        "节约" * 49_990 + "3万元",
        "本项目" * 33_000 + "预算3万元",
        "预算执行率" + "为" * 90_000 + "38%",
        "预算执行率" + "(" * 90_000 + "38%",
        "2019年" * 19_000 + "执行率38%",
        "字\n" * 50_000,
        "1\t" * 50_000,
    ],
)
def test_hostile_text_is_read_to_its_end(text):
    """A pattern that goes back over its steps would not come to an end here."""
    for sentence in sentences(text):
        assert len(sentence.figures.amounts) <= 100_000
