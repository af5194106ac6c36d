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
