"""Dongcheng 2020: a finance evaluation concluded by experts at the published 90.8."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from accounts.roles import Role
from approvals.actions.exchange import Views
from approvals.exchange import exchange_of
from approvals.models import ItemKind, PointKind, RectificationItem, Severity, Stance
from evaluations.actions import DossierChanges, declare_conflict, register_expert
from evaluations.models import Indicator, Part, ReviewPolicy
from workflow import appointing, services
from workflow.demo.people import Office, hire
from workflow.demo.story import Case, days_ago, open_case, report_of

NOTE = (
    "总分和一级指标得分与公布的报告一致；报告没有公布三级指标的得分，三级指标的分配仅为示意。"
    "专家席位、逐条交换意见、签字、六项整改的进展是为演示补充的。"
)
NOTICE = (
    "请在期限内提供：立项与预算批复文件、绩效目标申报表、采购与合同资料、资金支付凭证、验收与测试报告、"
    "管理制度、满意度调查资料。"
)
DRAFT = "专家评议平均90.8分，等级为优。主要问题六项，拟列入整改。"
CONCLUSION = "经专家评议并与单位交换意见，综合得分90.8分，等级为优。六项问题列入整改，逐项核实销号。"
CENT = Decimal("0.01")
EXPERTS = (
    ("expert-1", "评审专家甲", ("政务信息化", "财政绩效管理"), "研究员"),
    ("expert-2", "评审专家乙", ("政务信息化", "网络安全"), "高级工程师"),
    ("expert-3", "评审专家丙", ("财政绩效管理",), "副教授"),
)
# The bureau's other people that only this case needs.
OTHERS = {
    "group-head": (Role.FINANCE_DIVISION_REVIEWER, "评价工作组组长"),
    "leader": (Role.BUREAU_LEADER, "分管局领导"),
}


def load(office: Office) -> Case:
    """Two experts score, views are exchanged, it is signed; six problems become items in different states."""
    register(office)
    for post, (role, name) in OTHERS.items():
        with days_ago(400):
            hire(office, office.bureau, role, post, f"{name}（{office.place}）")
    case = opened(office)
    case.attach("lead", 155, "材料清单.txt", "立项、预算、采购、验收、制度、满意度资料共六类。")
    case.turn("supply", "lead", 154, opinion="已按清单提供六类材料，见佐证材料。")
    score(case)
    problems = report_of("dongcheng-2020", case.dossier)
    report_only = DossierChanges(
        sections=problems.sections, problems=problems.problems, suggestions=problems.suggestions
    )
    case.turn("draft", "officer", 128, changes=report_only, total=Decimal("90.8"), conclusion=DRAFT)
    exchange_views(case)
    case.turn("sign", "group-head", 115, opinion="评价报告已经工作组复核。")
    items = propose(case)
    case.turn("conclude", "chief", 110, total=Decimal("90.8"), conclusion=CONCLUSION)
    case.turn("sign", "leader", 108, opinion="同意。")
    put_right(case, items)
    return case


def opened(office: Office) -> Case:
    """Opened, with both experts seated and the head of the working group appointed."""
    case = open_case(
        office,
        "dongcheng-2020",
        kind="finance",
        days=170,
        note=NOTE,
        notice=NOTICE,
        policy=ReviewPolicy.objects.get(code="finance-signed", version=1),
        start_with_figures=True,
    )
    officer = office["officer"]
    for post in ("expert-1", "expert-2"):
        with days_ago(168):
            services.seat_expert(evaluation=case.evaluation, actor=officer, expert=office[post])
    with days_ago(167):
        head = office["group-head"]
        appointing.appoint(evaluation=case.evaluation, actor=officer, person=head, part=Part.GROUP_HEAD)
    return case


# What the unit objects to, by the problem's place: its words, whether they are adopted, and why.
OBJECTIONS = {
    2: (
        "预算编制时已向三家供应商询价，请删去本条。",
        False,
        "询价记录没有归档，取费标准仍不明确，本条保留。",
    ),
    5: (
        "剩余设备未安装是因场地改造，请注明原因。",
        True,
        "情况属实，报告已注明原因，安装使用情况列入整改核实。",
    ),
}


def exchange_views(case: Case) -> None:
    """The unit objects to two problems; one objection is adopted, one is not."""
    exchange = exchange_of(case.evaluation)
    assert exchange is not None
    problems = [point for point in exchange.points if point.kind == PointKind.PROBLEM]
    objected = {problems[place - 1].pk: words for place, (words, _adopted, _why) in OBJECTIONS.items()}
    views = Views(
        {
            point.pk: (Stance.OBJECT, objected[point.pk]) if point.pk in objected else (Stance.AGREE, "")
            for point in exchange.points
        }
    )
    opinion = "总体同意初步结论，对两项问题有不同意见，其余将逐项整改。"
    case.turn("answer", "lead", 120, opinion=opinion, views=views)
    case.turn("answer", "head", 119, opinion="同意初步结论，将督促整改。")
    exchange = exchange_of(case.evaluation)
    assert exchange is not None
    decided = [(adopted, why) for _words, adopted, why in OBJECTIONS.values()]
    considered = {view.pk: made for view, made in zip(exchange.objections, decided, strict=True)}
    case.turn("consider", "officer", 117, opinion="一项采纳，一项不采纳。", considered=considered)


def register(office: Office) -> None:
    """Three experts in the bureau's register; the third has a conflict of interest with the department."""
    profiles = []
    for post, name, expertise, title in EXPERTS:
        with days_ago(400):
            expert = hire(office, office.bureau, Role.EXPERT, post, f"{name}（{office.place}）")
        with days_ago(399):
            profile = register_expert(
                actor=office["officer"],
                bureau=office.bureau,
                expert=expert,
                expertise=expertise,
                employer="某研究机构（演示）",
                post=title,
            )
        profiles.append(profile)
    with days_ago(200):
        declare_conflict(
            actor=office["expert-3"],
            profile=profiles[-1],
            organization=office.department,
            reason="近三年承担过该部门的咨询课题（演示）。",
        )


def score(case: Case) -> None:
    """Two experts a little apart, whose mean gives the published level-1 totals."""
    published = {level: Decimal(points) for level, points in case.dossier.stated.by_level1.items()}
    levels: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in case.evaluation.indicators.all():
        levels[indicator.level1].append(indicator)
    mean = {}
    for level, indicators in levels.items():
        mean.update(illustrate(indicators, published[level]))
    first, second = {}, {}
    for place, (indicator_id, points) in enumerate(mean.items()):
        apart = Decimal("0.05") if place % 2 else Decimal("-0.05")
        first[indicator_id] = (points + apart, "")
        second[indicator_id] = (points - apart, "")
    for post, days, scores in (("expert-1", 141, first), ("expert-2", 138, second)):
        case.turn(
            "score", post, days, scores=scores, is_illustrative=True, opinion="材料基本齐全，意见见各指标。"
        )


def illustrate(indicators: list[Indicator], total: Decimal) -> dict[int, Decimal]:
    """Split a level's points in proportion to the weights; the remainder goes to the last."""
    weights = [indicator.weight or Decimal(0) for indicator in indicators]
    whole = sum(weights)
    shares = [(total * weight / whole).quantize(CENT, ROUND_DOWN) for weight in weights]
    shares[-1] += total - sum(shares)
    return {indicator.pk: share for indicator, share in zip(indicators, shares, strict=True)}


@dataclass(frozen=True)
class Required:
    """What one problem asks for, by when (days from now), and how it is classed.

    ``is_of_budget`` where the problem is the project's budget itself: the amount involved is then
    the budget that was granted. The report gives no sum for the others.
    """

    text: str
    due_in: int
    kind: ItemKind
    severity: Severity = Severity.GENERAL
    is_of_budget: bool = False


REQUIREMENTS = (
    Required("修订绩效目标和指标，补充可持续使用时间和全面的满意度指标", -3, ItemKind.INDICATOR),
    Required("明确预算编制依据和取费标准，建立分项预算调整审批", 24, ItemKind.SYSTEM, is_of_budget=True),
    Required("补充日常管理方案、风险预案和监管措施", 40, ItemKind.SYSTEM),
    Required("补做安全测试和等级保护测评，完善试运行管理", 6, ItemKind.DELIVER, Severity.SERIOUS),
    Required("完成剩余硬件设备的安装并投入使用", 3, ItemKind.DELIVER),
    Required("面向办事群众补充满意度调查", -30, ItemKind.OTHER, Severity.MINOR),
)


def propose(case: Case) -> list[RectificationItem]:
    """One item for each problem, proposed by whoever concludes."""
    problems = list(case.evaluation.problems.order_by("position"))
    return [
        case.raise_item(
            "chief",
            111,
            required.text,
            required.due_in,
            problem=problem,
            kind=required.kind,
            severity=required.severity,
            amount=case.evaluation.budget.initial if required.is_of_budget else None,
        )
        for problem, required in zip(problems, REQUIREMENTS, strict=True)
    ]


def put_right(case: Case, items: list[RectificationItem]) -> None:
    """Bring the items to six different states."""
    _goals, budget, plans, control, equipment, survey = items
    case.receive("lead", 104)
    case.plan("lead", 100, budget, "修订预算编制办法，分项调整须经集体研究。")
    case.plan("lead", 98, plans, "编写日常管理和风险预案，报局务会审定。")
    report(case, plans, 60, "管理方案.txt", "日常管理方案和风险预案已经审定印发。")
    case.turn("send_back", "reviewer", 52, item=plans, opinion="预案没有写明责任人和演练安排，请补充。")
    case.plan("lead", 97, control, "委托测评机构开展等级保护测评。")
    report(case, control, 30, "测评报告.txt", "等级保护测评已完成，结论为基本符合。")
    case.plan("lead", 96, equipment, "协调场地，分两批安装剩余设备。")
    report(case, equipment, 28, "安装记录.txt", "剩余设备全部安装并投入使用。")
    case.turn("verify", "reviewer", 20, item=equipment, opinion="到大厅逐台核对，设备均在使用。")
    case.plan("lead", 95, survey, "在大厅和线上同时发放问卷。")
    report(case, survey, 70, "满意度调查.txt", "回收群众问卷，满意度达到预期。")
    case.turn("verify", "reviewer", 62, item=survey, opinion="抽查问卷原件，数量和结果相符。")
    case.turn("verify", "officer", 55, item=survey, opinion="调查覆盖办事群众，同意销号。")


def report(case: Case, item: RectificationItem, days: float, name: str, text: str) -> None:
    """Report an item as done, with one file."""
    proof = case.attach("lead", days, name, text, item=item)
    case.turn("report", "lead", days, item=item, result=text, evidence=[proof])
