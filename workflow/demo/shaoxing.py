"""Shaoxing 2019: concluded at the published 98, with the two undelivered modules to be put right."""

from __future__ import annotations

from decimal import Decimal

from approvals.models import ItemKind, Severity
from workflow.demo.people import Office
from workflow.demo.story import Case, open_case, report_of

NOTE = (
    "自评数据与公布的报告一致，结论沿用公布的98分。单位、部门、财政各环节的意见和两项整改事项是为演示补充的："
    "报告本身是部门重点评价，没有公布财政部门的结论。"
)
CONCLUSION = (
    "项目总体完成较好，沿用自评98分，等级为优。档案、稽核两个模块没有交付，按规则测算该指标应得9.29分，自评8分偏紧；"
    "两个模块列入整改。"
)

EVIDENCE = (
    ("系统开发数量(共性指标)", "模块验收清单.txt", "28个模块中26个通过验收，档案、稽核模块未交付。"),
    ("等级保护测评(共性指标)", "等级保护测评结论.txt", "测评结论：通过。"),
    ("用户使用满意度(共性指标)", "满意度调查汇总.txt", "满意和较满意占92%。"),
)


def load(office: Office) -> Case:
    """Accepted by finance, concluded; one item is closed, one is overdue."""
    case = open_case(office, "shaoxing-2019", kind="self", days=150, note=NOTE)
    case.fill("lead", 128, report_of("shaoxing-2019", case.dossier))
    indicators = {indicator.name: indicator for indicator in case.evaluation.indicators.all()}
    for indicator, name, text in EVIDENCE:
        case.attach("lead", 126, name, text, indicator=indicators[indicator])
    case.turn("submit", "lead", 124, real=True)
    case.turn("approve", "approver", 120, opinion="同意报送。")
    case.turn("approve", "reviewer", 112, opinion="两个模块未交付，相应费用已核减，自评扣分有据，同意。")
    problem = case.evaluation.problems.order_by("position").last()
    # The fees of both modules were deducted before: no money is left to be put right.
    delivery = {"problem": problem, "kind": ItemKind.DELIVER}
    text = "建成档案模块，完成积压业务的电子档案归档"
    archive = case.raise_item("officer", 101, text, due_in=-9, severity=Severity.SERIOUS, **delivery)
    audit = case.raise_item("officer", 101, "重建稽核模块，统一取数规则", due_in=-20, **delivery)
    case.turn("accept", "officer", 100, opinion="自评材料完整，予以备案；两个未交付模块列入整改。")
    case.turn("conclude", "chief", 95, total=Decimal("98"), conclusion=CONCLUSION)
    case.receive("lead", 92)
    case.plan("lead", 88, archive, "与承建单位重签开发计划，先完成归档接口，再分批补录历史档案。")
    case.plan("lead", 88, audit, "梳理稽核取数口径，重写取数规则并用上年数据复核。")
    proof = case.attach(
        "lead", 41, "稽核模块验收记录.txt", "稽核模块验收通过，取数规则共用一套口径。", item=audit
    )
    case.turn(
        "report",
        "lead",
        41,
        item=audit,
        result="稽核模块已重建并通过验收，抽查数据与核心系统一致。",
        evidence=[proof],
    )
    case.turn("verify", "reviewer", 35, item=audit, opinion="现场抽查取数结果，与核心系统一致。")
    case.turn("verify", "officer", 29, item=audit, opinion="验收记录齐全，同意销号。")
    return case
