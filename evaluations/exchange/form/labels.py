"""What a path of dossier/1 is called in the words of the form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

LABELS: Mapping[str, str] = {
    "format": "格式",
    "currency_unit": "金额单位",
    "project": "项目",
    "unit": "单位",
    "department": "主管部门",
    "region": "所属地区",
    "name": "名称",
    "fiscal_year": "年度",
    "evaluation": "评价",
    "kind": "类型",
    "scheme": "评分办法",
    "title": "报告标题",
    "report_date": "报告日期",
    "base_date": "评价基准日",
    "budget": "项目资金",
    "declared": "申报数",
    "initial": "年初预算数",
    "annual": "全年预算数",
    "received": "到位资金",
    "paid": "全年执行数",
    "stated_execution_rates": "自报执行率",
    "weight": "分值",
    "stated_score": "自评得分",
    "rows": "资金明细",
    "lines": "支出明细",
    "stated_totals": "支出合计",
    "completed_within_budget": "是否在预算内完成",
    "reason": "预算调整或执行偏差原因",
    "goal": "年度总体目标",
    "expected": "预期目标",
    "achieved": "实际完成情况",
    "indicators": "绩效指标",
    "level1": "一级指标",
    "level2": "二级指标",
    "direction": "指标方向",
    "target": "年度指标值",
    "comparator": "比较符号",
    "value": "数值",
    "text": "文字",
    "actual": "实际完成值",
    "rule": "评分规则",
    "stated": "自评结果",
    "completion_rate": "完成率",
    "met": "是否完成",
    "score": "得分",
    "deviation_reason": "偏差原因分析及改进措施",
    "total": "总分",
    "grade": "评价等级",
    "by_level1": "各一级指标得分",
    "level1_weights": "各一级指标分值",
    "problems": "问题",
    "recommendations": "建议",
    "team": "评价工作组",
    "report": "报告正文",
}
STEP = re.compile(r"([a-z0-9_]+)(?:\[(\d+)\])?")
LONGEST_NAME = 40


def label_of(path: str, indicators: Sequence[str]) -> str:
    """Such as "绩效指标3「上线业务模块」 年度指标值 数值" for indicators[2].target.value."""
    words = []
    for found in STEP.finditer(path):
        word = LABELS.get(found[1], found[1])
        if found[2] is not None:
            word += str(int(found[2]) + 1)
            if found[1] == "indicators" and int(found[2]) < len(indicators):
                word += f"「{indicators[int(found[2])][:LONGEST_NAME]}」"
        words.append(word)
    return " ".join(words)
