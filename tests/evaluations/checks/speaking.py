"""A dossier whose budget is written about in sentences: two groups of lines, one name in both."""

from __future__ import annotations

from typing import Any

from evaluations.dossier import Dossier
from tests.evaluations.checks.dossiers import correct_dossier, indicator, measured, told


def line(group: str | None, item: str, budget: str | None, paid: str | None) -> dict[str, Any]:
    """A line of the budget, undated."""
    return {"group": group, "item": item, "date": None, "budget": budget, "paid": paid}


RUNNING, CARRIED = "当年运行经费", "上年结转项目款"
LINES = [
    line(RUNNING, "平台运维服务费", "80", "76.4"),
    line(RUNNING, "专线租赁费", "36", "36"),
    line(RUNNING, "短信服务费", "12", "4.3175"),
    line(RUNNING, "培训费", "22", "20.8"),
    line(CARRIED, "平台运维服务费", "60", "58.25"),
    line(CARRIED, "终端设备采购", "40", "36"),
]
BUDGET = {
    "declared": "260",
    "initial": "240",
    "annual": "250",
    "received": "245",
    "paid": "231.7675",
    "stated_execution_rates": ["92.71%"],
    "rows": [],
    "lines": LINES,
    "stated_totals": [
        {"group": RUNNING, "column": "paid", "amount": "137.5175"},
        {"group": CARRIED, "column": "budget", "amount": "100"},
        {"group": CARRIED, "column": "paid", "amount": "94.25"},
    ],
}
COSTS = [
    indicator("产出", "成本", "平台运维成本", "4", **measured("<=", "80", "76.4", "万元", "lower")),
    indicator("产出", "成本", "短信费用", "3", **measured("<=", "12", "4.3175", "万元/年", "lower")),
    indicator("产出", "成本", "结转项目支出", "3", **measured("<=", "100", "94.25", "万元", "lower")),
    indicator("产出", "数量", "专线条数", "10", **measured(">=", "14", "14", "条")),
    indicator("产出", "质量", "系统可用率", "10", **measured(">=", "99", "99.62", "%")),
    indicator("满意度", "服务对象满意度", "办事群众满意度", "10", **measured(">=", "90", "93.5", "%")),
]


def speaking_dossier(**changes: Any) -> Dossier:
    """The dossier, with top-level parts of it replaced; ``budget`` is merged."""
    budget = BUDGET | changes.pop("budget", {})
    defaults = {"indicators": COSTS, "problems": [], "recommendations": []}
    return correct_dossier(budget=budget, **(defaults | changes))


def doubts(code: str, text: str, **changes: Any) -> list[tuple[str, str, str]]:
    """What a check finds when the text is a chapter of the report."""
    return told(code, speaking_dossier(report=[{"chapter": "资金情况", "text": text}], **changes))


# A chapter as units write it, every figure of it right.
CHAPTER = """一、项目资金情况
2023年，网上办事平台建设项目申报预算260万元，经评审核定年初预算240万元，年中因业务量增长追加预算10万元，全年预算250万元。截至2023年12月31日，财政资金到位245万元，资金到位率98%；累计支出231.7675万元，预算执行率为92.71%，结余18.2325万元，结余资金占全年预算的7.29%，已按规定上缴国库。
其中，当年运行经费预算150万元，支出137.5175万元，执行率91.68%；上年结转项目款100万元，支出94.25万元，执行率94.25%。
具体支出情况如下：（1）平台运维服务费76.4万元，占总支出的32.96%；（2）专线租赁费36万元，占15.53%；（3）短信服务费4.3175万元，占1.86%；（4）培训费20.8万元，占8.97%；（5）结转项目支出94.25万元，占40.67%。
短信服务费年初预算12万元，实际支出4.3175万元，执行率35.98%，结余7.6825万元，主要原因是电子渠道推广后，短信发送量由2022年的300万条下降到108万条，下降64%。
培训费预算22万元，举办培训班8期，每期平均支出2.6万元，实际支出20.8万元，节约1.2万元，节约率5.45%。
终端设备采购合同金额38万元，按合同约定，首付款为合同金额的30%，验收后支付至95%，质保金为合同金额的5%。2023年实际支付36万元。
二、绩效目标完成情况
共设置三级指标10个，完成9个，完成率90%。群众满意度调查共发放问卷500份，回收有效问卷468份，有效回收率为93.6%，其中非常满意和比较满意438份，综合满意度为93.5%。
平台注册用户达32.6万人，较上年增加4.2万人，增长率为14.79%。网上办理率达81.6%，全程网办率为76.4%。
系统可用率达99.62%，达到合同约定的99%以上的要求。
通过集中采购，平台运维服务费节约3.6万元，培训费等节约1.5万元。
与上年相比，单次运维成本由0.35万元降至0.31万元，成本下降11.43%。
三、存在问题
一是预算执行进度不均衡，前三季度支出进度仅为48.6%，四季度支出占全年支出的比例偏高。二是短信服务费预算编制不够精准，预算执行率仅35.98%，偏离度为64.02%。
四、下一步打算
加快支付进度，力争2024年预算执行率达到95%以上，9月底前支出进度达到75%。将短信服务费预算由12万元压减至5万元，压减比例为58.33%。
项目共3个子项，总投资约1200万元，分三年实施，2023年安排250万元，占总投资的20.83%。
"""
