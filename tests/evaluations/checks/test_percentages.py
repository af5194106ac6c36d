"""A percentage in the text that is right is never doubted; one that nothing gives is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluations.checks import case_of, findings_of
from evaluations.checks.percentages import claims_of, percentage_unsupported
from evaluations.checks.printed_figures import WIDE
from evaluations.checks.quotients import MOST_STEPS, Quotients, whole_numbers
from evaluations.checks.reading import printed_percent_of
from evaluations.checks.support import Support
from evaluations.scoring.exact import half_up
from tests.evaluations.checks.dossiers import correct_dossier, told
from tests.evaluations.checks.said_percentages import ALSO_WRONG, CLAIMS_NOTHING, RIGHT, WRONG
from tests.evaluations.checks.speaking import CHAPTER, COSTS, doubts, line, speaking_dossier

CODE = "percentage-unsupported"


@pytest.mark.parametrize("text", [*RIGHT, *CLAIMS_NOTHING])
def test_a_percentage_that_is_right_or_claims_nothing_is_not_doubted(text):
    assert doubts(CODE, text) == []


@pytest.mark.parametrize(("text", "found"), WRONG)
def test_a_percentage_that_no_two_amounts_give_is_doubted(text, found):
    """What was stated, and what was expected where the words leave no doubt which figures are meant."""
    assert doubts(CODE, text) == [(stated, stated, expected) for stated, expected in found]


@pytest.mark.parametrize("text", ALSO_WRONG)
def test_every_way_of_saying_it_is_doubted(text):
    assert len(doubts(CODE, text)) >= 1


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("goal", {"achieved": "预算执行率为91.72%。"}),
        ("problems", ["预算执行率为91.72%，偏低。"]),
        ("recommendations", ["节约资金18.2325万元，占全年预算的9.27%，建议奖励。"]),
        ("report", [{"chapter": "资金", "text": "预算执行率为91.72%。"}]),
        ("budget", {"reason": "因招标推迟，预算执行率为91.72%。"}),
    ],
)
def test_every_text_is_read(part, value):
    (found,) = told(CODE, speaking_dossier(**{part: value}))
    assert found[0] in ("91.72%", "9.27%")


def test_a_percentage_in_an_indicators_reason_is_the_indicators():
    reason = "线路调整，短信服务费执行率为53.98%。"
    rows = [COSTS[0] | {"deviation_reason": reason}, *COSTS[1:]]
    (found,) = [
        finding for finding in findings_of(case_of(speaking_dossier(indicators=rows))) if finding.code == CODE
    ]
    assert (found.subject.text, found.subject.indicator, found.subject.field) == (
        "平台运维成本",
        0,
        "deviation_reason",
    )
    assert "53.98%" in found.message()


def test_what_the_goal_expects_is_a_target_and_not_doubted():
    assert told(CODE, speaking_dossier(goal={"expected": "预算执行率达到97.31%。"})) == []


def test_one_sentence_may_hold_several_wrong_percentages():
    text = "结余18.2325万元，占全年预算的9.27%，占到位资金的8.44%。"
    assert doubts(CODE, text) == [("9.27%", "9.27%", "7.29%"), ("8.44%", "8.44%", "")]


@pytest.mark.parametrize("stated", ["97.31%", "97.312%"])
def test_a_stated_rate_is_never_doubted_at_its_own_or_at_fewer_places(stated):
    assert doubts(CODE, "预算执行率为97.31%。", budget={"stated_execution_rates": [stated]}) == []


def test_a_rate_of_a_funding_row_a_target_an_actual_and_a_completion_rate_are_stated():
    rows = [{"name": "年度资金总额", "rate": "97.31%"}]
    assert doubts(CODE, "预算执行率为97.31%。", budget={"rows": rows}) == []
    for changes in (
        {"target": {"comparator": ">=", "value": "97.31", "unit": "%", "text": "≥97.31%"}},
        {"actual": {"value": "97.31", "text": None}},
        {"stated": {"completion_rate": "97.31%", "met": True, "score": "10"}},
    ):
        indicators = [*COSTS[:-1], COSTS[-1] | changes]
        assert doubts(CODE, "预算执行率为97.31%。", indicators=indicators) == []


@pytest.mark.parametrize("text", CLAIMS_NOTHING)
def test_such_sentences_claim_nothing_whatever_the_figures_are(text):
    """Not by luck: their percentages are no claims at all."""
    (chapter,) = (
        passage
        for passage in case_of(speaking_dossier(report=[{"chapter": "资金", "text": text}])).passages
        if passage.field == "report"
    )
    case = case_of(speaking_dossier())
    assert list(claims_of(case, chapter, Support(case).names)) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("预算执行率为91.72%。", "paid"),
        ("预算执行率为91.72%。", "annual"),
        ("资金到位率为97.31%。", "received"),
        ("预算调整率为4.37%。", "initial"),
        ("预算审减率为7.93%。", "declared"),
    ],
)
def test_a_missing_figure_silences_it(text, missing):
    assert doubts(CODE, text, budget={missing: None}) == []
    assert doubts(CODE, text) != []


def test_a_line_without_its_figures_silences_the_rate_of_that_line():
    lines = [line(None, "短信服务费", None, "4.3175"), line(None, "专线租赁费", "36", "36")]
    changes = {"budget": {"lines": lines, "stated_totals": []}}
    assert doubts(CODE, "短信服务费执行率为53.98%。", **changes) == []
    assert doubts(CODE, "专线租赁费执行率为53.98%。", **changes) != []


def test_the_indicators_own_percentage_is_not_doubted_without_its_actual():
    rows = [*COSTS[:-1], COSTS[-1] | {"actual": {"value": None, "text": None}}]
    assert doubts(CODE, "办事群众满意度为95.33%。", indicators=rows) == []


def test_percentages_are_rounded_half_up_at_their_printed_places():
    budget = {"initial": "800", "annual": "800", "received": "800", "paid": "769", "lines": []}
    changes = {"budget": {**budget, "stated_totals": [], "declared": None}, "indicators": COSTS[3:]}
    # 769 ÷ 800 is 96.125 %.
    for right in ("96.125%", "96.13%", "96.1%", "96%"):
        assert doubts(CODE, f"预算执行率为{right}。", **changes) == []
    for wrong in ("96.12%", "96.2%", "97%"):
        assert doubts(CODE, f"预算执行率为{wrong}。", **changes) == [(wrong, wrong, percent_at(wrong))]


def percent_at(wrong):
    """96.125 % at the places of the wrong percentage."""
    return {"96.12%": "96.13%", "96.2%": "96.1%", "97%": "96%"}[wrong]


def test_a_dossier_without_a_percentage_in_its_text_is_left_at_once():
    text = "项目支出231.7675万元。" * 1000
    case = case_of(speaking_dossier(report=[{"chapter": "资金", "text": text}]))
    assert percentage_unsupported.findings(case) == []
    assert not any("sentences" in vars(passage) for passage in case.passages)


amounts = st.integers(min_value=1, max_value=10**7).map(lambda cents: Decimal(cents) / 100)


@given(part=amounts, whole=amounts, places=st.integers(min_value=0, max_value=3))
def test_a_share_that_the_sentence_itself_gives_is_never_doubted(part, whole, places):
    share = half_up(Fraction(part) / Fraction(whole) * 100, places)
    change = half_up(abs(Fraction(part) - Fraction(whole)) / Fraction(whole) * 100, places)
    for figure in (share, change):
        assume(figure < 10**12)
        text = f"设备款{part}万元，占专项经费{whole}万元的{figure:f}%。"
        assert doubts(CODE, text, budget={"lines": [], "stated_totals": []}) == []


@given(st.lists(amounts, min_size=1, max_size=6), st.integers(min_value=1, max_value=2_000_000))
def test_quotients_answer_as_trying_every_pair_does(figures, hundredths):
    printed = printed_percent_of(f"{hundredths // 100}.{hundredths % 100:02d}")
    shares = [(Fraction(one) / Fraction(other)) for one in figures for other in figures]
    expected = any(printed.agrees(share) or printed.agrees(abs(share - 1)) for share in shares)
    assert Quotients().give(printed, whole_numbers(figures)) == expected


def test_whole_numbers_lose_nothing_of_the_smallest_figure():
    assert whole_numbers([Decimal("0.000000000001"), Decimal(10) ** 17, Decimal(0)]) == [
        int(WIDE.scaleb(Decimal("0.000000000001"), 20)),
        10**37,
    ]


def test_a_large_dossier_is_judged_in_a_bounded_number_of_steps():
    """500 lines and 100,000 characters, every sentence with a percentage of its own."""
    lines = [
        line(None, f"第{place}号设备", f"{place * 7919 % 9973}.37", f"{place}.5") for place in range(1, 501)
    ]
    sentences = (
        f"支出{place}.3万元，占总支出的{place % 97}.{place % 100:02d}7%。" for place in range(100_000)
    )
    text = ""
    for sentence in sentences:
        if len(text) + len(sentence) > 100_000:
            break
        text += sentence
    case = case_of(speaking_dossier(budget={"lines": lines}, report=[{"chapter": "资金", "text": text}]))
    support = Support(case)
    claims = [claim for passage in case.passages for claim in claims_of(case, passage, support.names)]
    assert len(claims) > 3000
    for claim in claims:
        support.is_supported(claim)
    assert support.quotients.steps <= MOST_STEPS + len(lines)


def test_what_is_beyond_the_limit_of_steps_is_not_doubted():
    two = whole_numbers([Decimal(3), Decimal(7)])
    assert not Quotients().give(printed_percent_of("99.99"), two)
    assert Quotients(most_steps=0).give(printed_percent_of("99.99"), two)


def test_the_correct_dossier_gives_none():
    assert told(CODE, correct_dossier()) == []


@pytest.mark.parametrize("text", [CHAPTER, *CHAPTER.splitlines()])
def test_a_whole_report_that_is_right_gives_none(text):
    for code in (CODE, "amount-conflict", "double-count"):
        assert doubts(code, text) == []
