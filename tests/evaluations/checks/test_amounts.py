"""Amounts that indicators, lines and sentences give differently are found; right ones never are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import case_of, findings_of
from evaluations.checks.amounts import amount_conflict
from tests.evaluations.checks.dossiers import correct_dossier, indicator, measured, told
from tests.evaluations.checks.speaking import CARRIED, COSTS, RUNNING, doubts, line, speaking_dossier

CODE = "amount-conflict"
RIGHT = [
    "短信服务费预算12万元，实际支出4.3175万元，节约7.6825万元。",
    "短信服务费结余7.6825万元。",
    "短信服务费节约76825元。",
    "短信服务费节约7.68万元。",
    "平台运维服务费节约3.6万元。",
    "平台运维服务费结余1.75万元。",
    "平台运维服务费两年合计节约5.35万元。",
    "平台运维服务费、短信服务费和培训费共节约12.4825万元。",
    "平台运维服务费、短信服务费、培训费分别节约3.6万元、7.6825万元、1.2万元。",
    "本项目节约资金18.2325万元，主要是短信服务费用量减少。",
    "因短信服务费用量减少，项目节约资金18.2325万元。",
    "因短信服务费用量减少，节约资金18.2325万元。",
    "短信服务费用量减少，项目共结余18.2325万元。",
    "节约短信服务费7.6825万元。",
    "终端设备采购较招标控制价节约9.5万元。",
    "与市场价相比，终端设备采购节约9.5万元。",
    "终端设备采购合同价38万元，评审后降为35万元，节约3万元。",
    "短信服务费预计每年可节约15万元。",
    "短信服务费上年结余2.5万元。",
    "2022年短信服务费节约2.5万元。",
    "使用短信服务费结余资金3万元购置终端。",
    "短信服务费无结余。",
    "短信服务费约节约8万元。",
    "短信服务费节约7万元以上。",
    "上年结转项目款节约5.75万元，其中终端设备采购节约4万元。",
    "上年结转项目款共节约5.75万元(其中：平台运维服务费节约1.75万元；终端设备采购节约4万元)。",
    "软件培训费节约5.5万元。",
    "办公费和培训费共节约3.3万元。",
    "培训费等项目共节约13.2万元。",
    "培训费20.8万元，办公耗材节约0.5万元。",
    "短信服务费节约率为64.02%，节约7.6825万元。",
    "本项目年初预算240万元，全年预算250万元，到位资金245万元，实际支出231.7675万元。",
    "项目申报预算260万元，年初预算240万元，年中追加10万元，调整后预算250万元。",
    "项目预算250万元，其中：当年150万元，结转100万元；实际支出231.77万元。",
    "根据江财预〔2023〕12号文件，到位资金245万元，本项目实际支付资金231.7675万元，预算执行率92.71%。",
    "全年执行数231.7675万元。",
    "项目预算资金2500000元，实际支出2317675元。",
    "全年预算250万元，实际支出231.7675万元，其中平台运维服务费134.65万元、短信服务费4.3175万元，结余18.2325万元。",
    "项目支出中，平台运维服务费134.65万元、短信服务费4.3175万元，结余18.2325万元。",
    "2023年短信服务费节约7.6825万元，结转项目节约5.75万元。",
    "项目预算0.025亿元，实际支出0.02亿元。",
    "2022年项目预算200万元，实际支出180万元。",
    "截至9月底，项目支出150万元。",
    "截至2024年3月，项目累计支出240万元。",
    "项目总投资1200万元，分三年实施，项目预算600万元。",
    "部门预算5000万元，全年支出4800万元。",
    "平台运维服务费预算80万元，支出76.4万元。",
    "平台运维服务费支出134.65万元。",
    "机房改造预算30万元，实际支出28万元。",
    "购置终端20台，支出36万元，培训支出20.8万元。",
    "项目安排预算50万元用于宣传。",
    "项目预算约260万元。",
    "项目支出不超过255万元。",
    "项目总预算250万元，支出进度92.71%。",
    "其中：中央资金到位150万元，省级资金到位95万元。",
    "本项目全年预算250万元，购置设备40台，支出35万元。",
    "短信服务费单价0.04元/条，支出4.3175万元。",
    "培训费每人支出0.13万元。",
    "本项目为公益项目，每年支出约30万元。",
    "项目实际支出数231.7675万元，其中结转项目支出94.25万元。",
    "全年支出２３１．７６７５万元。",
    "带动社会投资支出3000万元。",
    "群众节约办事成本300万元。",
    "通过专线租赁费集中采购，群众节约办事成本30万元。",
    "本项目年度预算金额为240万元，调整后为250万元。",
    "项目收支情况：预算250万元。",
    "全年预算支出数为231.7675万元。",
    "项目单价较合同控制价低，培训费节约5万元",
    "短信服务费节支7.6825万元",
    "短信服务费用结余为76825.00元",
    "截至年末短信服务费尚有结余7.6825万元",
    "经招标，终端设备采购比预算节约4万元",
    "终端设备采购比年初预算节省4万元",
    "短信服务费节约较多，培训费节约1.2万元",
    "专线租赁费无节约，短信服务费节约7.6825万元",
    "项目到位资金245万元，到位率98%",
    "全年预算数250万元，全年执行数231.7675万元",
    "项目资金到位2450000元",
    "项目2023年预算2,500,000元",
    "项目预算资金安排250万元，其中：当年运行经费150万元，支出137.5175万元",
    "短信服务费年初预算12万元，当年支出4.3175万元",
    "项目支出231.7675万元、结余18.2325万元",
    "本项目预算240万元，年中追加10万元",
    "项目合同金额260万元，已支付150万元",
    "项目已到位资金100万元，其余145万元于10月到位。",
    "项目资金首批到位100万元。",
    "项目支出5万元差旅费。",
    "项目预算300万元（不含上年结转资金）。",
    "短信服务费年初预算10万元，年中调增2万元。",
    "短信服务费单价节约0.01元。",
    "短信服务费每条节约0.01元。",
    "短信服务费一季度节约2万元。",
    "短信服务费共节约7.6825万元，其中一季度节约2万元。",
    "项目本年支出231.7675万元，上年支出200万元。",
    "2023年项目支出231.7675万元，2022年支出200万元。",
    "平台运维服务费：2023年支出134.65万元，2022年支出120万元。",
    "年中调剂培训费结余1.2万元，用于其他支出。",
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
    "短信服务费节约资金8.6825万元，节约率64.02%。",
    "通过线上通知替代，短信服务费结余达8.6825万元。",
    "培训费实际节省2.2万元。",
    "专线租赁费节约1.5万元。",
    "专线租赁费结余资金15000元。",
    "终端设备采购采用集中采购方式，节省资金5万元。",
    "由于采用统一招标，终端设备采购节省资金5万元。",
    "短信服务费因发送量减少，全年结余8.6825万元。",
    "短信服务费预算执行率35.98%，结余资金8.6825万元。",
    "项目预算安排275万元。",
    "项目总预算275万元，实际支出231.7675万元。",
    "本项目实际到位资金250万元，资金到位率100%。",
    "2023年，项目全年预算数250万元，全年执行数221.7675万元，预算执行率92.71%。",
    "截至2023年底，项目实际支出221.7675万元。",
    "项目资金实际支出221.7675万元。",
    "该项目2023年预算批复275万元。",
    "该项目年度预算275万元，已全部到位。",
    "年初预算230万元，年中追加10万元，全年预算250万元。",
    "全年支出221.7675万元。",
    "项目共支出221.7675万元",
    "本项目申报金额270万元，年初预算240万元。",
    "全年实际支付221.7675万元，支付率92.71%。",
    "本项目累计支付资金221.7675万元",
    "短信服务费预算13万元，支出4.3175万元，结余7.6825万元。",
    "2023年短信服务费实际支出5.3175万元。",
    "其中：短信服务费支出5.3175万元。",
    "培训费预算数22万元，执行数21.8万元。",
]
WRONG = [
    ("短信服务费预算12万元，实际支出4.3175万元，节约7.8625万元。", [("短信服务费", "7.8625", "7.6825")]),
    ("短信服务费结余6.6825万元。", [("短信服务费", "6.6825", "7.6825")]),
    ("短信服务费节约86825元。", [("短信服务费", "8.6825", "7.6825")]),
    ("短信服务费节约8万元。", [("短信服务费", "8", "7.6825")]),
    ("平台运维服务费节约4.6万元。", [("平台运维服务费", "4.6", "3.6")]),
    (
        "短信服务费采用统一采购方式，节省结余资金18.2325万元，占年初预算240万元的7.6%。",
        [("短信服务费", "18.2325", "7.6825")],
    ),
    ("我中心短信服务费通过集中采购，节约资金18.2325万元。", [("短信服务费", "18.2325", "7.6825")]),
    ("节约短信服务费9.6825万元。", [("短信服务费", "9.6825", "7.6825")]),
    ("其中：终端设备采购节约6万元。", [("终端设备采购", "6", "4")]),
    ("培训费较预算节约2.1万元。", [("培训费", "2.1", "1.2")]),
    ("平台运维服务费、短信服务费和培训费共节约15.4825万元。", [("培训费", "15.4825", "14.2325")]),
    (
        "上年结转项目款共节约5.75万元(其中：平台运维服务费节约2.75万元；终端设备采购节约4万元)。",
        [("平台运维服务费", "2.75", "3.6")],
    ),
    ("本项目年初预算245万元，全年预算250万元。", [("Initial budget", "245", "240")]),
    ("本项目年初预算250万元，全年预算250万元。", [("Initial budget", "250", "240")]),
    ("项目全年预算255万元，实际支出231.7675万元。", [("Annual budget", "255", "250")]),
    ("项目预算资金2600万元。", [("Annual budget", "2600", "250")]),
    (
        "根据江财预〔2023〕12号文件，到位资金250万元，本项目实际支付资金231.7675万元。",
        [("Received funds", "250", "245")],
    ),
    ("本项目实际支付资金251.7675万元。", [("Paid amount", "251.7675", "231.7675")]),
    (
        "本项目全年预算250万元，实际支出232.7675万元，预算执行率92.71%。",
        [("Paid amount", "232.7675", "231.7675")],
    ),
    ("全年执行数213.7675万元。", [("Paid amount", "213.7675", "231.7675")]),
    ("２０２３年度项目支出２３３．７６７５万元。", [("Paid amount", "233.7675", "231.7675")]),
    ("截至2023年12月31日，项目累计支出235万元。", [("Paid amount", "235", "231.7675")]),
    ("项目申报预算270万元。", [("Declared amount", "270", "260")]),
    ("调整后预算240万元。", [("Annual budget", "240", "250")]),
    ("短信服务费支出5.3175万元。", [("短信服务费", "5.3175", "4.3175")]),
    ("平台运维服务费预算85万元，支出76.4万元。", [("平台运维服务费", "85", "80")]),
    ("终端设备采购预算40万元，实际支出37.5万元。", [("终端设备采购", "37.5", "36")]),
    ("网上办事平台建设项目2023年预算280万元。", [("Annual budget", "280", "250")]),
    ("网上办事平台建设2023年实际支出228万元。", [("Paid amount", "228", "231.7675")]),
    ("项目到位资金240万元。", [("Received funds", "240", "245")]),
    ("本项目2023年年度预算金额为\n276万元。", [("Annual budget", "276", "250")]),
]


def cost(name, target, actual, unit="万元", **changes):
    """A cost indicator."""
    row = indicator("产出", "成本", name, "10", **measured("<=", target, actual, unit, "lower"))
    return row | changes


def conflicts(*rows, **changes):
    """What is found with these indicators."""
    return told(CODE, speaking_dossier(indicators=list(rows), **changes))


@pytest.mark.parametrize("text", RIGHT)
def test_an_amount_that_is_right_or_of_something_else_is_no_conflict(text):
    assert doubts(CODE, text) == []


@pytest.mark.parametrize(("text", "found"), WRONG)
def test_an_amount_that_the_figures_contradict_is_found_with_what_they_say(text, found):
    assert doubts(CODE, text) == found


@pytest.mark.parametrize("text", ALSO_WRONG)
def test_every_way_of_saying_it_is_found(text):
    assert len(doubts(CODE, text)) >= 1


@pytest.mark.parametrize(
    ("name", "target", "actual", "found"),
    [
        # A line by its name, a group by its name, and a figure that is no coincidence.
        ("短信费用", "12", "5.3175", [("短信费用", "5.3175", "4.3175")]),
        ("上年结转项目成本", "100", "95.25", [("上年结转项目成本", "95.25", "94.25")]),
        ("线路成本", "36", "35", [("线路成本", "35", "36")]),
        ("短信费用", "12", "4.3175", []),
        ("短信费用", "12", "4.32", [("短信费用", "4.32", "4.3175")]),
        ("上年结转项目成本", "100", "94.25", []),
        # No line and no group has this budget.
        ("短信费用", "12.5", "5", []),
        # Another line has the name; the same round budget is chance.
        ("培训成本", "12", "11", []),
        # The whole project: its budget, and what was paid of it.
        ("项目总成本", "250", "231.7675", []),
        ("项目总成本", "240", "231.7675", []),
        # Money that is earned, saved or paid per piece.
        ("节约短信成本", "12", "11", []),
        ("短信单价", "12", "11", []),
    ],
)
def test_a_money_indicator_with_a_lines_budget_as_target_must_have_its_payment_as_actual(
    name, target, actual, found
):
    assert conflicts(cost(name, target, actual)) == found


def test_the_finding_names_the_indicator_its_field_and_all_figures():
    dossier = speaking_dossier(indicators=[cost("短信费用", "12", "5.3175")])
    (found,) = [finding for finding in findings_of(case_of(dossier)) if finding.code == CODE]
    assert (found.subject.indicator, found.subject.field, found.severity) == (0, "actual", "error")
    assert found.message() == (
        "The target of 12 is the budget of “短信服务费”,"
        " but the actual of 5.3175 is not the 4.3175 paid on it."
    )


def test_units_are_converted_before_amounts_are_compared():
    assert conflicts(cost("短信费用", "120000", "43175", "元")) == []
    assert conflicts(cost("短信费用", "120000", "53175", "元/年")) == [("短信费用", "5.3175", "4.3175")]
    assert conflicts(cost("短信费用", "12", "5", "万元/人")) == []


def test_one_agreeing_candidate_is_enough():
    """Two groups have a line of the same name and budget."""
    lines = [line(RUNNING, "短信服务费", "12", "4.3175"), line(CARRIED, "短信服务费", "12", "11.5")]
    budget = {"lines": lines, "stated_totals": []}
    assert conflicts(cost("短信费用", "12", "11.5"), budget=budget) == []
    assert conflicts(cost("短信费用", "12", "4.3175"), budget=budget) == []
    assert conflicts(cost("短信费用", "12", "15.8175"), budget=budget) != []


def test_a_missing_payment_or_actual_silences_it():
    lines = [line(None, "短信服务费", "12", None)]
    budget = {"lines": lines, "stated_totals": []}
    assert conflicts(cost("短信费用", "12", "5"), budget=budget) == []
    assert doubts(CODE, "短信服务费节约3万元。", budget=budget) == []
    assert doubts(CODE, "短信服务费支出3万元。", budget=budget) == []
    row = cost("短信费用", "12", "5") | {"actual": {"value": None, "text": "5万元"}}
    assert conflicts(row) == []


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("项目年初预算300万元。", "initial"),
        ("项目申报预算300万元。", "declared"),
        ("项目全年预算300万元。", "annual"),
        ("项目到位资金300万元。", "received"),
        ("项目实际支出300万元。", "paid"),
    ],
)
def test_a_label_is_held_against_its_field_and_a_missing_field_silences_it(text, field):
    assert [stated for _, stated, _ in doubts(CODE, text)] == ["300"]
    assert doubts(CODE, text, budget={field: None, "stated_totals": [], "lines": []}) == []
    assert doubts(CODE, text, budget={field: "300"}) == []


def test_the_subject_of_a_label_is_the_forms_own_word():
    dossier = speaking_dossier(report=[{"chapter": "资金", "text": "项目实际支出300万元。"}])
    (found,) = [finding for finding in findings_of(case_of(dossier)) if finding.code == CODE]
    assert (found.subject.text, found.subject.term, found.subject.field) == ("Paid amount", True, "report")
    assert found.message() == "The text gives 300, the form 231.7675: “项目实际支出300万元”."


def test_the_same_amount_said_wrong_twice_is_found_once():
    text = "项目实际支出300万元。本项目实际支出310万元。短信服务费节约9万元，短信服务费节约9.5万元。"
    assert sorted(doubts(CODE, text)) == [
        ("Paid amount", "300", "231.7675"),
        ("短信服务费", "9", "7.6825"),
    ]


def test_a_reason_of_an_indicator_speaks_of_lines_but_not_of_the_project():
    rows = [cost("短信费用", "12", "4.3175", deviation_reason="项目预算12万元，实际支出4万元。")]
    assert conflicts(*rows) == []
    rows = [cost("短信费用", "12", "4.3175", deviation_reason="短信服务费节约9万元。")]
    assert conflicts(*rows) == [("短信服务费", "9", "7.6825")]


def test_the_dossiers_unit_may_be_yuan():
    lines = [line(None, "短信服务费", "120000", "43175")]
    dossier = correct_dossier(
        currency_unit="元",
        budget={"lines": lines, "stated_totals": [], "rows": [], "paid": "43175", "annual": "120000"},
        indicators=[],
        goal={"achieved": "短信服务费节约7.6825万元，项目实际支出4.3175万元。"},
    )
    assert told(CODE, dossier) == []


savings = st.integers(min_value=1, max_value=10**8).map(lambda figure: Decimal(figure) / 10_000)


@given(paid=savings, saved=savings)
def test_the_saving_that_a_line_shows_is_never_a_conflict(paid, saved):
    lines = [line(None, "短信服务费", str(paid + saved), str(paid))]
    budget = {"lines": lines, "stated_totals": []}
    for text in (f"短信服务费节约资金{saved}万元。", f"短信服务费共结余{saved * 10_000:f}元。"):
        assert doubts(CODE, text, budget=budget, indicators=COSTS[3:]) == []
    wrong = f"短信服务费节约资金{saved + 7}万元。"
    assert doubts(CODE, wrong, budget=budget, indicators=COSTS[3:]) != []


def test_a_large_dossier_of_savings_is_read_to_its_end():
    """500 lines, 100,000 characters, and one sentence that never ends."""
    lines = [
        line(f"第{place % 5}组", f"第{place}号设备运维费", f"{place}.5", f"{place}")
        for place in range(1, 501)
    ]
    right = "".join(f"第{place}号设备运维费节约0.5万元。" for place in range(1, 501)) * 11
    endless = right.replace("。", "，")
    budget = {"lines": lines, "stated_totals": []}
    for text in (right, endless):
        assert doubts(CODE, text[:100_000], budget=budget) == []
    assert len(doubts(CODE, right.replace("0.5", "0.7")[:100_000], budget=budget)) == 500


def test_a_text_without_any_amount_is_not_read():
    case = case_of(speaking_dossier(goal={"achieved": "平台按期建成。"}))
    assert amount_conflict.findings(case) == []
    assert not any("sentences" in vars(passage) for passage in case.passages)


def test_the_correct_dossier_gives_none():
    assert told(CODE, correct_dossier()) == []
    assert told(CODE, speaking_dossier()) == []
