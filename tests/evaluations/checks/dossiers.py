"""A dossier without any fault, to be spoilt in one place; and what the checks say of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from evaluations.checks import Finding, ProductFacts, case_of, findings_of
from evaluations.dossier import Dossier, parse_dossier
from evaluations.scoring import SchemeParameters


def indicator(
    level1: str, level2: str | None, name: str, weight: str | None, **details: Any
) -> dict[str, Any]:
    """An indicator's document; ``details`` are keys of it, by default a target of 100 % met in full."""
    return {
        "level1": level1,
        "level2": level2,
        "name": name,
        "weight": weight,
        "kind": "quantitative",
        "direction": "higher",
        "target": {"comparator": ">=", "value": "100", "unit": "%", "text": "100%"},
        "actual": {"value": "100", "text": "100%"},
        "rule": None,
        "stated": {"completion_rate": None, "met": True, "score": weight},
        "deviation_reason": None,
    } | details


def measured(
    comparator: str | None, target: str, actual: str, unit: str = "", direction: str = "higher"
) -> dict[str, Any]:
    """The keys of a quantitative indicator: "≥735人次", reached 780."""
    sign = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}.get(comparator or "", "")
    return {
        "direction": direction,
        "target": {
            "comparator": comparator,
            "value": target,
            "unit": unit or None,
            "text": f"{sign}{target}{unit}",
        },
        "actual": {"value": actual, "text": f"{actual}{unit}"},
    }


def in_words(target: str | None, actual: str | None) -> dict[str, Any]:
    """The keys of a qualitative indicator."""
    return {
        "kind": "qualitative",
        "direction": None,
        "target": {"comparator": None, "value": None, "unit": None, "text": target},
        "actual": {"value": None, "text": actual},
    }


def stated(score: str | None, met: bool | None = None, rate: str | None = None) -> dict[str, Any]:
    """What the unit states about an indicator."""
    return {"completion_rate": rate, "met": met, "score": score}


CORRECT: Mapping[str, Any] = {
    "format": "dossier/1",
    "currency_unit": "万元",
    "project": {
        "unit": "江州市政务服务中心",
        "department": "江州市政务服务管理局",
        "region": "江州市",
        "name": "网上办事平台建设",
        "fiscal_year": 2023,
    },
    "evaluation": {
        "kind": "self",
        "scheme": "ministry-2020",
        "title": "网上办事平台建设项目支出绩效自评表",
        "report_date": "2024-03-15",
        "base_date": "2023-12-31",
    },
    "budget": {
        "declared": "130",
        "initial": "120",
        "annual": "120",
        "received": "120",
        "paid": "117.6",
        "stated_execution_rates": ["98%"],
        "weight": "10",
        "stated_score": "9.8",
        "rows": [
            {
                "name": "年度资金总额",
                "initial": "120",
                "annual": "120",
                "paid": "117.6",
                "weight": "10",
                "rate": "98%",
                "score": "9.8",
            },
            {"name": "其中：当年财政拨款", "initial": "100", "annual": "100", "paid": "98", "rate": "98%"},
            {"name": "上年结转资金", "initial": "20", "annual": "20", "paid": "19.6", "rate": "98%"},
            {"name": "其他资金", "initial": "0", "annual": "0", "paid": "0"},
        ],
        "lines": [
            {
                "item": "平台软件开发",
                "group": "平台建设",
                "date": "2023-04-20",
                "budget": "70",
                "paid": "69",
            },
            {
                "item": "自助终端购置",
                "group": "平台建设",
                "date": "2023-08-15",
                "budget": "30",
                "paid": "29.4",
            },
            {
                "item": "操作培训",
                "group": "平台建设",
                "date": "2023-12-08",
                "budget": "20",
                "paid": "19.2",
            },
        ],
        "stated_totals": [
            {"group": "平台建设", "column": "budget", "amount": "120"},
            {"group": "平台建设", "column": "paid", "amount": "117.6"},
            {"group": None, "column": "paid", "amount": "117.6"},
        ],
    },
    "goal": {
        "expected": "建成网上办事平台，完成操作培训，方便群众办事。",
        "achieved": "平台按期建成并通过验收，操作培训全部完成，群众办事更加方便。",
    },
    "indicators": [
        indicator("产出指标", "数量指标", "系统模块开发数量", "10", **measured(">=", "12", "12", "个")),
        indicator("产出指标", "数量指标", "操作培训人次", "10", **measured(">=", "735", "780", "人次")),
        indicator("产出指标", "质量指标", "系统验收合格率", "10"),
        indicator("产出指标", "质量指标", "系统故障率", "5", **measured("<=", "0.5", "0.3", "%", "lower")),
        indicator("产出指标", "时效指标", "故障响应时间", "5", **measured("<=", "30", "22", "分钟", "lower")),
        indicator(
            "产出指标", "成本指标", "项目总成本", "10", **measured("<=", "120", "117.6", "万元", "lower")
        ),
        indicator(
            "效益指标",
            "社会效益指标",
            "网上办理率",
            "10",
            **measured(">=", "85", "81.6", "%"),
            stated=stated("9.6", met=False, rate="96%"),
            deviation_reason="部分老年群众不熟悉线上流程，已安排人员现场引导。",
        ),
        indicator(
            "效益指标", "社会效益指标", "服务群众人次", "10", **measured(">=", "20000", "21500", "人次")
        ),
        indicator(
            "效益指标", "可持续影响指标", "运行维护机制健全性", "10", **in_words("建立健全", "建立健全")
        ),
        indicator(
            "满意度指标",
            "服务对象满意度指标",
            "办事群众满意度",
            "10",
            **measured(">=", "90", "93.5", "%"),
        ),
    ],
    "stated": {
        "total": "99.4",
        "grade": "优",
        "by_level1": {"产出": "50", "效益": "29.6", "满意度": "10"},
        "level1_weights": {"产出": "50", "效益": "30", "满意度": "10"},
    },
    "problems": [
        {
            "text": "网上办理率未达到年度指标值，老年群众使用线上渠道的比例偏低。",
            "owner": "综合科",
            "due": "2024-06-30",
            "indicator": "网上办理率",
        }
    ],
    "recommendations": ["由综合科牵头，2024年6月底前增设引导岗位，提高网上办理率。"],
    "team": ["绩效评价工作组组长", "财务科会计"],
}


WHOLE = ("by_level1", "level1_weights")


def correct_dossier(**changes: Any) -> Dossier:
    """The correct dossier with changes: objects are merged into it key by key, lists place by place.

    ``indicators={2: {"weight": "11"}}`` changes the third indicator only, a list
    replaces them all; printed subtotals and level weights are always replaced as a whole.
    """
    return parse_dossier(merged(CORRECT, changes))


def merged(document: Any, changes: Any) -> Any:
    """A copy of the document with the changes in it."""
    if isinstance(changes, dict) and isinstance(document, Mapping):
        return {
            key: merged(None if key in WHOLE else document.get(key), changes[key])
            if key in changes
            else copy.deepcopy(document[key])
            for key in {**document, **changes}
        }
    if isinstance(changes, dict) and isinstance(document, list):
        return [
            merged(row, changes[place]) if place in changes else copy.deepcopy(row)
            for place, row in enumerate(document)
        ]
    return copy.deepcopy(changes)


def codes(
    dossier: Dossier, scheme: SchemeParameters | None = None, product: ProductFacts | None = None
) -> set[str]:
    """The codes of everything that is found."""
    return {finding.code for finding in findings_of(case_of(dossier, scheme, product))}


def found(
    code: str,
    dossier: Dossier,
    scheme: SchemeParameters | None = None,
    product: ProductFacts | None = None,
) -> list[Finding]:
    """What one check finds."""
    return [finding for finding in findings_of(case_of(dossier, scheme, product)) if finding.code == code]


def told(
    code: str,
    dossier: Dossier,
    scheme: SchemeParameters | None = None,
    product: ProductFacts | None = None,
) -> list[tuple[str, str, str]]:
    """What one check finds, as (subject, stated, expected)."""
    return [
        (finding.subject.text, finding.stated, finding.expected)
        for finding in found(code, dossier, scheme, product)
    ]
