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
from tests.evaluations.checks.speaking import CHAPTER, COSTS, doubts, line, speaking_dossier

CODE = "percentage-unsupported"
RIGHT = [
    "项目全年预算250万元，实际支出231.7675万元，预算执行率为92.71%。",
    "项目预算执行率92.7%，完成情况较好。",
    "预算执行率达93%，资金到位率为98%。",
    "资金到位率98.00%。",
    "支出数占到位资金的94.60%。",
    "实际支出占年初预算的96.57%。",
    "年中追加10万元，预算调整率为4.17%。",
    "项目结余18.2325万元，占全年预算的7.29%。",
    "项目结余资金18.2325万元，结余率为7.29%。",
    "短信服务费结余7.6825万元，节约率达64.02%。",
    "短信服务费执行率仅为35.98%，主要是短信发送量减少。",
    "平台运维服务费支出76.4万元，占总支出的32.96%。",
    "平台运维服务费两项合计支出134.65万元，占全部支出的58.10%。",
    "运行经费支出137.5175万元，结转项目支出94.25万元，分别占总支出的59.33%、40.67%。",
    "财政资金200万元、自筹资金50万元，财政资金占项目总投入的80%。",
    "申报260万元，审减20万元，审减率为7.69%。",
    "项目概算三百二十万元，已付二百四十万元，支付比例为75%。",
    "项目总投资1.2亿元，其中工程款9000万元，占总投资的75%。",
    "设备款1,500,000元，占专项经费3,000,000元的50%。",
    "发放问卷200份，回收186份，回收率为93%，满意率为96.5%。",
    "参训人员120人，占计划150人的80%。",
    "系统可用率达99.62%，群众满意度达93.5%。",
    "办事群众满意度为93.5%。",
    "上年预算执行率为88.3%。",
    "2022年预算执行率为81.25%，本年有所提高。",
    "截至2023年9月底，预算执行率为61.3%。",
    "上半年支出进度达到43.7%。",
    "力争预算执行率达到95.5%。",
    "预算执行率达到95.5%以上的得满分。",
    "质保金为合同金额的3.7%。",
    "首付款占合同总价的31.3%。",
    "增值税税率为6.7%。",
    "产出指标权重为43.3%。",
    "全市平均预算执行率为87.77%。",
    "公用经费占比不超过13.3%。",
    "人员到位率为95.7%，设备使用率达88.8%。",
    "女性学员占比为43.3%。",
    "项目节约资金约18万元，占预算的比例约7.3%。",
    "结余资金占全年预算的7%左右。",
    "建议下一年度预算执行率达到97.7%。",
    "贷款余额占存款余额的比例为83.3%。",
    "该项支出占全区一般公共预算支出的0.37%。",
    "专线租赁费36万元、培训费20.8万元，合计占总支出的24.51%。",
    "预算执行率（支出数/预算数）为92.71%。",
    "全年预算２５０万元，支出２３１.７６７５万元，执行率９２．７１％。",
    "资金支付率100%，完成率达100%。",
    "支出达到全年预算的92.71%。",
    "支出进度为92.71%，高于序时进度。",
    "平台故障下降12.3%。",
    "资金使用进度达92.71%，",
    "其中：平台运维服务费76.4万元，占32.96%；短信服务费4.3175万元，占1.86%。",
    "本年预算较上年增长13.7%，主要是业务增加。",
    "预算完成率为92.71%",
    "12月支付资金占全年支出的比例较高，为92.71%。",
    "结转项目执行率为94.25%。",
    "成本节约率为7.29%。",
    "政策知晓率达87.3%，投入使用率为93.3%。",
    "中央资金150万元，占到位资金61.22%。",
    "本项目占地300亩，绿化率达35.7%。",
    "行为规范率93.3%",
    "人工成本占支出的53.37%。",
    "机房改造子项目资金支付率为85.37%。",
    "公用经费支出占总支出的17.37%。",
    "全年支出中，平台运维服务费占58.10%、专线租赁费占15.53%。",
    "当年运行经费执行率为91.68%。",
    "平台运维服务费和短信服务费占全部支出的59.96%。",
    "本项目预算资金250万元全部为财政拨款，实际支出231.7675万元。",
    "项目全年预算数为250.00万元，全年执行数为231.77万元，执行率92.71%，得分9.27分。",
    "项目预算执行率得分为9.27分，占该项分值的92.7%。",
    "资金到位245万元，资金到位及时率100%，到位率98%，资金使用率为94.60%（231.7675/245）。",
    "2023年支出231.7675万元，较2022年的198.3万元增长16.88%，占2023年预算的92.71%。",
    "预算执行率=231.7675/250×100%=92.71%。",
    "预算执行率为92.71%（231.7675÷250×100%）。",
    "结余资金18.2325万元（占比7.29%）已上缴。",
    "项目总支出231.7675万元，其中：人员费用35.2万元（占比15.19%）、设备费用196.5675万元（占比84.81%）。",
    "人员费用占15.19%，设备费用占84.81%。",
    "项目实际支出中，培训费占8.97%，短信服务费占1.86%，专线租赁费占15.53%。",
    "培训费每人次267元，实际支出20.8万元。",
    "培训费标准为每人每天450元，全年支出20.8万元。",
    "2023年预算安排240万元，其中一般公共预算200万元，占83.33%。",
    "按照政府采购程序，平台运维服务费中标价76.4万元，比预算80万元节约3.6万元，节约率4.5%。",
    "平台运维服务费中标价134.65万元，较招标控制价138万元节约3.35万元，节约率为2.43%。",
    "培训费节约1.2万元，主要是线上培训替代线下培训，节约率为5.45%。",
    "平台运维服务费两个年度预算合计140万元，支出134.65万元，结余5.35万元，执行率96.18%。",
    "项目结余18.2325万元，其中短信服务费结余7.6825万元，占结余资金的42.14%。",
    "短信服务费结余占全部结余的42.14%。",
    "项目资金当年结余18.2325万元，结转下年使用；上年结转资金100万元，支出94.25万元。",
    "除短信服务费外，其余支出执行率为95.57%。",
    "短信服务费支出4.3175万元，比预算减少7.6825万元，下降64.02%。",
    "截至2023年底，累计支付231.7675万元，支付率92.71%。",
    "截至12月底资金支出率92.71%，其中11月底支出率为71.35%。",
    "预算执行率为92.71%，比上年的88.3%提高4.41个百分点。",
    "运维服务合同金额76.4万元，首付款占合同金额的40%，尾款占60%。",
    "从资金来源看，财政拨款占比为81.63%，自筹占比18.37%，其中财政拨款200万元、自筹45万元。",
    "成本控制率为92.71%，低于100%的目标。",
    "单位成本降低率达8.33%。",
    "该指标完成率为103.89%，得满分。",
    "绩效指标完成率达到96.15%。",
    "专线14条，其中互联网专线5条，占35.71%。",
    "短信发送18万条，其中办件通知12万条，占发送总量的66.67%。",
    "举办培训12期，线上7期，占比58.33%。",
    "投诉办结率为98.76%，按期办结率达97.43%。",
    "项目支出绩效自评得分96.27分，占总分的96.27%。",
    "节约的18.2325万元占预算的比例为7.29％。",
    "项目资金全年预算250万元,实际支出231.7675万元,预算执行率92.71%.",
    "年初预算240万元，年中调增10万元，调整比例4.17%，未超过10%。",
    "预算资金按季度拨付，一季度拨付100万元，占40%；二季度拨付145万元，占58%。",
]
ALSO_WRONG = [
    "节约资金占年初预算的25.33%。",
    "本年度资金结余率12.33%。",
    "全年支出占预算的88.81%。",
    "预算支出进度达到88.81%。",
    "项目资金到位率为85.37%，执行率为88.81%。",
    "经费支出占全年预算比例为88.81%。",
    "预算完成率达88.81%",
    "结余18.2325万元，占预算资金的8.37%。",
    "节约成本18.2325万元，成本节约率达8.37%。",
    "平台运维服务费占项目总支出的35.12%。",
    "其中短信服务费占比4.83%。",
    "较年初预算节约18.2325万元，节约率8.13%。",
    "支出231.7675万元，为预算的95.37%。",
    "占全年预算资金250万元的93.71%。",
    "2023年度项目支出占年度预算总额的比重为88.81%。",
    "预算执行率仅为88.81%。",
    "项目总体执行率达到了88.81%。",
    "资金执行率：88.81%。",
    "项目实际支出231.7675万元，预算资金执行率达到88.81%，资金使用规范。",
    "截至2023年底，预算执行率88.81%。",
    "经统计，项目资金支付率达88.81%。",
    "其中，上年结转项目款执行率为88.81%。",
    "项目年初预算240万元，年中追加10万元，追加资金占年初预算的5.17%。",
    "项目结余资金18.2325万元，占到位资金245万元的8.37%。",
    "共节约资金7.6825万元，占短信服务费预算的54.02%。",
    "占整体项目资金的25.33%。",
    "（占全年预算的25.33%）",
    "本项目预算执行率为88.81 %。",
    "预算执行率为88.81％，未达到序时进度要求。",
    "项目资金执行率88.81%，主要原因是招标节约。",
    "项目完成后结余18.2325万元，结余占比达到8.37%。",
    "执行率达88.81%，较好地完成了预算。",
    "项目支出为全年预算数的88.81%。",
    "本年度预算执行率为88.81%，达到年度目标。",
    "年终结余率为8.37%。",
    "预算执行率达到88.81%，符合规定要求。",
    "总执行率88.81%",
    "项目经费执行率为88.81%",
    "本年预算执行率为88.81%，比上年提高5.2个百分点。",
    "项目累计执行率为88.81%。",
    "预算执行率（88.81%）偏低。",
    "资金支出率为88.81%，12月支出较多。",
]
CLAIMS_NOTHING = [
    "上年预算执行率为88.37%，本年有所提高。",
    "2022年项目资金到位，预算执行率为81.29%。",
    "按合同约定，质保金占合同价款的3.71%。",
    "预留质保金为支出的3.71%。",
    "下一步加快支付，使预算执行率达到97.73%。",
    "评分标准：预算执行率为91.37%的得8分。",
    "资金支付率达到91.37%的得满分。",
    "预算执行率不低于91.37%。",
    "中央财政按支出的63.37%给予补助。",
    "项目按预算的2.37%计提管理费。",
    "项目占用资金比例偏高。",
    "人员经费占比控制在33.37%以内。",
    "支出占比由31.37%提高到45.73%。",
    "项目单位为全额拨款单位，职工参保率达97.37%。",
    "三公经费较上年下降5.37%。",
    "贫困户占总户数的13.37%。",
    "农业投入品使用率为83.37%。",
    "收入增长率为7.37%。",
    "资金使用合规性为优，群众知晓率97.37%。",
    "工程完成率为97.37%。",
    "设备到位率为97.37%。",
    "政策执行率为97.37%。",
    "合同执行率为97.37%。",
    "存量资金占全市财政收入的0.37%。",
    "节能率达13.37%，节水率达23.37%。",
    "绩效目标为预算执行率97.37%。",
    "年初计划达到的支出进度为97.37%。",
    "按序时进度应达83.37%。",
    "问卷满意率占97.37%。",
    "经费预算3万元，服务费率为2.37%。",
    "项目支付进度截至6月30日为43.37%。",
    "一季度支出进度为13.37%。",
    "资金效益明显，贷款回收率达97.37%。",
    "占地率为13.37%。",
    "该指标分值占总分的13.37%。",
    "预算执行率指标得分率为93.37%。",
    "全区同类项目预算执行率为83.37%。",
    "应占预算的比例为2.37%。",
]
WRONG = [
    ("项目预算执行率为91.72%。", [("91.72%", "92.71%")]),
    ("全年预算250万元，实际支出231.7675万元，预算执行率达93.17%。", [("93.17%", "92.71%")]),
    ("节约资金18.2325万元，占全年预算的9.27%。", [("9.27%", "7.29%")]),
    ("项目结余18.2325万元，结余率为9.72%。", [("9.72%", "")]),
    ("短信服务费执行率为53.98%。", [("53.98%", "")]),
    ("平台运维服务费支出76.4万元，占总支出的39.26%。", [("39.26%", "")]),
    ("资金到位率为97.31%。", [("97.31%", "")]),
    ("该项支出占项目资金的16.32%。", [("16.32%", "")]),
    ("支出达到全年预算的97.31%。", [("97.31%", "")]),
    ("支出进度为97.31%。", [("97.31%", "")]),
    ("资金支付率：97.31%。", [("97.31%", "")]),
    ("参训人员120人，占计划150人的85%。", [("85%", "")]),
    ("办事群众满意度为95.33%。", [("95.33%", "")]),
    ("系统可用率达99.87%。", [("99.87%", "")]),
    ("结余资金占比为9.27%。", [("9.27%", "")]),
    ("预算调整率为4.37%。", [("4.37%", "")]),
    ("节约比例为9.27%，", [("9.27%", "")]),
    ("平台运维服务费76.4万元，占33.96%；短信服务费4.3175万元，占1.68%。", [("33.96%", ""), ("1.68%", "")]),
    ("成本节约率为9.27%", [("9.27%", "")]),
    ("预算执行率９７.３１％", [("97.31%", "92.71%")]),
    ("2023年预算执行率为97.31%。", [("97.31%", "92.71%")]),
    ("截至2023年12月31日，预算执行率为97.31%。", [("97.31%", "92.71%")]),
    ("截至年末，项目累计支付231.7675万元，占年初预算240万元的95.67%", [("95.67%", "96.57%")]),
    ("预算完成率为97.31%", [("97.31%", "")]),
    ("分别占总支出的59.33%、41.76%。", [("41.76%", "")]),
    ("支出1.2亿元，占总投资1.6亿元的75.33%", [("75.33%", "75%")]),
]


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
