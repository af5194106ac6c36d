"""Reports as plain data, made up for these tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from approvals.documents.report import (
    EvaluationReport,
    FundingLine,
    Goal,
    IndicatorRow,
    Money,
    Opinion,
    Payment,
    PhaseGoal,
    RectificationRow,
    ReportKind,
    ScoreSet,
    Section,
    Signatures,
    Subtotal,
    Totals,
)


def points(text: str) -> Decimal:
    return Decimal(text)


INDICATORS = (
    IndicatorRow(
        level1="产出",
        level2="数量指标",
        name="完成升级的业务模块数量",
        weight=points("25"),
        target="28个",
        actual="26个",
        scores=ScoreSet(stated=points("22"), computed=points("23.21"), department=points("22")),
        explanation="25 × 26 ÷ 28 = 23.21",
        opinion="两个模块未按期交付，同意自评得分。",
        deviation_reason="需求在年中调整，两个模块顺延至下一年度交付。",
    ),
    IndicatorRow(
        level1="产出",
        level2="质量指标",
        name="系统验收合格率",
        weight=points("25"),
        target="100%",
        actual="100%",
        scores=ScoreSet(stated=points("25"), computed=points("25"), department=points("25")),
        explanation="已完成，得满分",
    ),
    IndicatorRow(
        level1="效益",
        level2="社会效益指标",
        name="业务平均办理时长",
        weight=points("30"),
        target="≤15分钟",
        actual="12分钟",
        scores=ScoreSet(stated=points("30"), computed=points("30"), department=points("28")),
        explanation="已完成，得满分",
        opinion="抽样时段偏短，酌减2分。",
    ),
    IndicatorRow(
        level1="满意度",
        level2="服务对象满意度指标",
        name="办事群众满意度",
        weight=points("10"),
        target="≥90%",
        actual="92%",
        scores=ScoreSet(stated=points("10"), computed=points("10"), department=points("10")),
        explanation="已完成，得满分",
    ),
)

SELF = EvaluationReport(
    kind=ReportKind.SELF,
    title="业务系统升级项目支出绩效自评表",
    number="JX-2023-0007",
    fiscal_year=2023,
    project_name="业务系统升级项目",
    unit="示例市政务服务中心",
    department="示例市政务服务管理局",
    bureau="示例市财政局",
    made_on=date(2024, 6, 28),
    leaders=("项目负责人",),
    signatures=Signatures(filled_in_by="项目负责人", filled_in_on=date(2024, 3, 11)),
    money=Money(
        declared=points("160"),
        initial=points("152.96"),
        annual=points("125.46"),
        received=points("125.46"),
        paid=points("121.250001"),
        rate=points("96.6444"),
        weight=points("10"),
        scores=ScoreSet(stated=points("9.66"), computed=points("9.66"), department=points("9.66")),
        explanation="10 × 121.25 ÷ 125.46 = 9.66",
        sources=(
            FundingLine(
                name="当年财政拨款",
                initial=points("140"),
                annual=points("112.5"),
                paid=points("110"),
                rate=points("97.7778"),
            ),
            FundingLine(
                name="上年结转资金", initial=points("12.96"), annual=points("12.96"), paid=points("11.25")
            ),
            FundingLine(name="其他资金"),
        ),
        payments=(
            Payment(item="系统改造首付款", group="改造", paid_on=date(2023, 5, 9), paid=points("80")),
            Payment(item="系统改造尾款", group="改造", paid_on=date(2023, 12, 1), paid=points("41.250001")),
        ),
    ),
    goal=Goal(
        expected="完成二十八个业务模块升级，群众办事更快。",
        achieved="完成二十六个模块升级并通过验收。",
        phases=(PhaseGoal(period="2023年6月底前", text="完成需求调研"),),
    ),
    indicators=INDICATORS,
    subtotals=(
        Subtotal(
            level1="预算执行",
            weight=points("10"),
            scores=ScoreSet(stated=points("9.66"), computed=points("9.66"), department=points("9.66")),
        ),
        Subtotal(
            level1="产出",
            weight=points("50"),
            scores=ScoreSet(stated=points("47"), computed=points("48.21"), department=points("47")),
        ),
        Subtotal(
            level1="效益",
            weight=points("30"),
            scores=ScoreSet(stated=points("30"), computed=points("30"), department=points("28")),
        ),
        Subtotal(
            level1="满意度",
            weight=points("10"),
            scores=ScoreSet(stated=points("10"), computed=points("10"), department=points("10")),
        ),
    ),
    totals=Totals(
        scores=ScoreSet(stated=points("96.66"), computed=points("97.87"), department=points("94.66")),
        stated_grade="优",
        concluded=points("94.66"),
        grade="优",
    ),
    problems=("两个模块未按期交付。",),
    suggestions=("与承建单位商定新的交付日期。",),
    notes=("原表未公布分值，按二级指标内等权分配。",),
    demonstration_note="财政部门的意见为演示而设。",
    opinions=(
        Opinion(
            stage="部门审核",
            organization="示例市政务服务管理局",
            role="部门审核人",
            verb="退回修改",
            opinion="请补充验收材料。",
            decided_on=date(2024, 3, 20),
        ),
        Opinion(
            stage="部门审核",
            organization="示例市政务服务管理局",
            role="部门审核人",
            verb="审核通过",
            opinion="材料已补齐，同意。",
            decided_on=date(2024, 4, 2),
            round=2,
        ),
        Opinion(
            stage="财政复核",
            organization="示例市财政局",
            role="绩效科经办人",
            verb="备案",
            opinion="予以备案。",
            decided_on=date(2024, 5, 6),
            round=2,
            total=points("94.66"),
            is_demonstration=True,
        ),
    ),
    rectification=(
        RectificationRow(
            number="ZG-2024-001",
            requirement="交付两个未完成的模块。",
            responsible_unit="示例市政务服务中心",
            original_due=date(2024, 5, 31),
            due=date(2024, 6, 15),
            status="整改中",
            is_overdue=True,
        ),
        RectificationRow(
            number="ZG-2024-002",
            requirement="补充满意度调查样本。",
            responsible_unit="示例市政务服务中心",
            original_due=date(2024, 5, 31),
            due=date(2024, 5, 31),
            status="已销号",
            closed_on=date(2024, 5, 20),
        ),
    ),
)

DECISION = (
    IndicatorRow(
        level1="决策",
        level2="项目立项",
        name="立项依据充分性",
        weight=points("5"),
        scores=ScoreSet(panel=points("4.36")),
        opinion="依据较充分。",
        is_illustrative=True,
    ),
    IndicatorRow(
        level1="过程",
        level2="资金管理",
        name="资金使用合规性",
        weight=points("5"),
        scores=ScoreSet(panel=points("4.50")),
    ),
)

FINANCE = replace(
    SELF,
    kind=ReportKind.FINANCE,
    title="业务系统升级项目财政绩效评价报告",
    number="CZPJ-2023-0002",
    team=("财政绩效评价工作组", "评审专家组"),
    indicators=DECISION + INDICATORS,
    subtotals=(
        Subtotal(level1="决策", weight=points("5"), scores=ScoreSet(panel=points("4.36"))),
        Subtotal(level1="过程", weight=points("5"), scores=ScoreSet(panel=points("4.50"))),
        *(
            replace(part, scores=ScoreSet(panel=part.weight and part.weight * Decimal("0.9")))
            for part in SELF.subtotals[1:]
        ),
    ),
    totals=Totals(scores=ScoreSet(panel=points("90.80")), concluded=points("90.80"), grade="优"),
    conclusion="项目立项有据，资金使用规范，主要目标基本实现。",
    sections=(
        Section(
            chapter="overview", text="项目对在用业务系统进行升级改造。\n\n改造分两期实施，本年度为第一期。"
        ),
        Section(chapter="purpose", text="检验资金使用的效果，为以后年度预算安排提供依据。"),
        Section(chapter="conclusion", text="评价工作组听取汇报、查阅资料并实地察看后形成结论。"),
        Section(chapter="decision", text="立项程序完整，目标设置有待细化。"),
        Section(chapter="experience", text="统一门户减少了群众往返次数。"),
    ),
)

DEPARTMENT = replace(FINANCE, kind=ReportKind.DEPARTMENT, title="业务系统升级项目部门绩效评价报告")


def with_indicators(count: int) -> EvaluationReport:
    """A self-assessment with this many indicators, each with a long reason."""
    rows = tuple(
        IndicatorRow(
            level1=("产出", "效益", "满意度")[index * 3 // count],
            level2=f"分类{index // 4:02d}",
            name=f"第{index + 1:03d}项指标",
            weight=points("0.5"),
            target="≥100%",
            actual="98%",
            scores=ScoreSet(stated=points("0.49"), computed=points("0.49")),
            explanation="0.5 × 98 ÷ 100 = 0.49",
            deviation_reason="材料到货晚于计划，已与供货单位商定补救办法。" * 2,
        )
        for index in range(count)
    )
    return replace(SELF, indicators=rows)
