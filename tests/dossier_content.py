"""What the tests' dossiers are filled with: invented figures, weights of 90 points and execution of 10."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from evaluations.actions import DossierChanges, RowChange

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def evidence_file(name: str = "验收报告.pdf", content: bytes = PDF) -> dict[str, Any]:
    """A small file as ``services.attach`` takes it."""
    return {"file": ContentFile(content, name=name), "name": name}


def indicator(
    level1: str, level2: str, name: str, weight: str, score: str | None = None, **values: Any
) -> RowChange:
    """A row of the indicator table; ``score`` is what the unit states."""
    figures = {
        key: Decimal(value) if key.endswith("_value") else value
        for key, value in {"kind": "quantitative", **values}.items()
    }
    row = {"level1": level1, "level2": level2, "name": name, "weight": Decimal(weight), **figures}
    return RowChange(values=row, score=None if score is None else Decimal(score))


def figures(direction: str, target: str, actual: str, unit: str) -> dict[str, Any]:
    """Target and actual of a quantitative indicator."""
    sign = {"higher": "≥", "lower": "≤"}[direction]
    return {
        "direction": direction,
        "comparator": {"higher": ">=", "lower": "<="}[direction],
        "target_value": target,
        "target_text": f"{sign}{target}{unit}",
        "actual_value": actual,
        "actual_text": f"{actual}{unit}",
        "unit_of_measure": unit,
    }


def words(target: str, actual: str) -> dict[str, Any]:
    """Target and actual of a qualitative indicator."""
    return {"kind": "qualitative", "target_text": target, "actual_text": actual}


def numbered(rows: list[RowChange]) -> list[RowChange]:
    """The rows with their positions."""
    return [
        RowChange(values={**row.values, "position": place}, score=row.score) for place, row in enumerate(rows)
    ]


def stated_indicators() -> list[RowChange]:
    """Eight indicators as a unit states them: 88.57 of 90 points."""
    return numbered(
        [
            indicator(
                "产出", "数量指标", "上线业务模块", "20", "18.57", **figures("higher", "28", "26", "个")
            ),
            indicator("产出", "质量指标", "系统验收合格率", "10", "10", **figures("higher", "95", "97", "%")),
            indicator("产出", "时效指标", "平均办结时间", "10", "10", **figures("lower", "15", "12", "分钟")),
            indicator("产出", "成本指标", "建设成本", "10", "10", **figures("lower", "300", "297", "万元")),
            indicator(
                "效益", "社会效益指标", "网上办理比例", "15", "15", **figures("higher", "80", "86", "%")
            ),
            indicator("效益", "社会效益指标", "数据泄露事件", "10", "10", **figures("lower", "0", "0", "起")),
            indicator("效益", "可持续影响指标", "运行维护机制", "5", "5", **words("建立", "已建立并执行")),
            indicator(
                "满意度", "服务对象满意度", "群众满意度", "10", "10", **figures("higher", "90", "93", "%")
            ),
        ]
    )


def framework_indicators() -> list[RowChange]:
    """Six indicators that experts score: 100 points."""
    return numbered(
        [
            indicator("决策", "项目立项", "立项依据充分性", "15", **words("依据充分", "依据充分")),
            indicator("过程", "资金管理", "资金使用合规性", "15", **words("合规", "合规")),
            indicator("过程", "组织实施", "管理制度健全性", "10", **words("健全", "基本健全")),
            indicator("产出", "产出数量", "改造小区数量", "20", **figures("higher", "12", "11", "个")),
            indicator("产出", "产出质量", "一次验收合格率", "15", **figures("higher", "100", "98", "%")),
            indicator("效益", "项目效益", "居民满意度", "25", **figures("higher", "90", "88", "%")),
        ]
    )


def filled_self_assessment() -> DossierChanges:
    """A complete self-assessment: 98.24 points stated, 290 of 300 万元 paid."""
    return DossierChanges(
        evaluation={
            "goal_expected": "建成覆盖全部经办业务的信息系统。",
            "goal_achieved": "二十六个模块上线，两个模块顺延。",
            "stated_total": Decimal("98.24"),
            "stated_grade": "优",
        },
        budget={
            "declared": Decimal("320"),
            "initial": Decimal("280"),
            "annual": Decimal("300"),
            "received": Decimal("300"),
            "paid": Decimal("290"),
            "weight": Decimal("10"),
            "stated_score": Decimal("9.67"),
            "reason": "尾款待两个模块交付后支付。",
        },
        rows=[
            funding("total", "280", "300", "290"),
            funding("appropriation", "260", "280", "270"),
            funding("carried_over", "20", "20", "20"),
        ],
        lines=[
            payment(0, "软件开发", "220", "212"),
            payment(1, "硬件购置", "80", "78"),
        ],
        indicators=stated_indicators(),
        sections=[RowChange(values={"chapter": "overview", "text": "项目为经办业务提供统一的信息平台。"})],
        problems=[RowChange(values={"text": "两个模块未按期交付。", "owner": "信息科", "due": "2026年底"})],
        suggestions=[RowChange(values={"text": "与承建方约定分阶段交付时间。"})],
    )


def funding(name: str, initial: str, annual: str, paid: str) -> RowChange:
    amounts = {"initial": Decimal(initial), "annual": Decimal(annual), "paid": Decimal(paid)}
    return RowChange(values={"name": name, **amounts})


def payment(position: int, item: str, planned: str, paid: str) -> RowChange:
    amounts = {"planned": Decimal(planned), "paid": Decimal(paid)}
    return RowChange(values={"position": position, "item": item, **amounts})


def commissioned_start() -> DossierChanges:
    """What a department or finance evaluation starts with: indicators without any stated score."""
    return DossierChanges(
        budget={"annual": Decimal("500"), "paid": Decimal("480")}, indicators=framework_indicators()
    )
