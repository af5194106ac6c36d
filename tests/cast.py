"""The fixed cast of people and the small world that the tests play in.

Everybody comes in by the product's own doors: organizations, people and roles by
``accounts.actions``, evaluations and items by ``workflow.services``. Nothing here
writes a stage or a task by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.access import rights_of
from accounts.actions import add_organization, add_person, grant_role
from accounts.models import Organization, User
from accounts.roles import Role
from approvals.actions.gate import Explanations
from approvals.actions.plan import PlannedMeasure
from approvals.models import Decision, ItemStage, RaisedBy, RectificationItem, Verb
from audit_log import clock
from evaluations.models import Evaluation, Kind, Project, Scheme, Stage
from tests.dossier_content import commissioned_start, evidence_file, filled_self_assessment
from workflow import services
from workflow.models import OPEN, FlowTask

PASSWORD = "weighed-and-found-good"
HANDING_IN = (Verb.SUBMIT, Verb.SUPPLY, Verb.DRAFT)


class OneReason(dict[str, str]):
    """The same reason for whatever the checks may find."""

    def get(self, key: str, default: Any = None) -> Any:
        return "已逐项核对原始凭证，数据属实。"


EXPLAINED = Explanations(reasons=OneReason(), acknowledged=True)


@dataclass
class World:
    """One bureau, two departments, three units, and the people in them."""

    scheme: Scheme
    bureau: Organization
    department: Organization
    other_department: Organization
    unit: Organization
    """Below ``department``; Lin's and Wang's."""
    other_unit: Organization
    """Below ``department`` too; Chen's."""
    own_level: Organization
    """``other_department`` itself as a unit."""
    lin: User
    """Project lead of ``unit``."""
    wang: User
    """Unit approver of ``unit``."""
    zhao: User
    """Department reviewer of ``department``."""
    qian: User
    """Department head of ``department``."""
    sun: User
    """Finance officer of the bureau."""
    zhou: User
    """Finance chief of the bureau."""
    wu: User
    """Expert in the bureau's register."""
    zheng: User
    """Expert in the bureau's register."""
    feng: User
    """Auditor at the bureau: reads only."""
    chen: User
    """Project lead of ``other_unit``."""
    chu: User
    """Department reviewer of ``other_department``."""
    wei: User
    """A superuser who holds no role: sees nothing."""
    project: Project
    """Lin's."""
    other_project: Project
    """Chen's."""

    @property
    def people(self) -> dict[str, User]:
        """Everybody, by name."""
        return {name: person for name, person in vars(self).items() if isinstance(person, User)}

    def new_project(self, lead: User | None = None, unit: Organization | None = None) -> Project:
        """One more project, of Lin's when nobody else is named."""
        number = Project.objects.count() + 1
        project = Project(
            code=f"XM-2025-{number:03d}",
            name=f"信息系统建设项目{number}",
            fiscal_year=2025,
            unit=unit or self.unit,
            lead=lead or self.lin,
        )
        project.save_as(self.sun)
        return project

    def free_project(self, kind: str) -> Project:
        """Lin's project when it has no evaluation of this kind yet, else a new one."""
        taken = Evaluation.objects.filter(project=self.project, kind=kind).exists()
        return self.new_project() if taken else self.project


def organization(kind: str, name: str, code: str, parent: Any = None, own: bool = False) -> Organization:
    return add_organization(actor=None, kind=kind, name=name, code=code, parent=parent, is_own_level=own)


def person(username: str, name: str, role: Role | None = None, at: Organization | None = None) -> User:
    """A person who signs in with PASSWORD, and who may hold one role."""
    added = add_person(actor=None, username=username, display_name=name, password=PASSWORD)
    if role and at:
        grant_role(actor=None, user=added, organization=at, role=role)
    return added


def make_world() -> World:
    """Build the cast afresh in the database."""
    bureau = organization("bureau", "衡州市财政局", "100")
    department = organization("department", "衡州市人力资源和社会保障局", "110", bureau)
    other_department = organization("department", "衡州市住房和城乡建设局", "120", bureau)
    unit = organization("unit", "衡州市社会保险服务中心", "111", department)
    other_unit = organization("unit", "衡州市就业服务中心", "112", department)
    own_level = organization("unit", "衡州市住房和城乡建设局本级", "121", other_department, own=True)
    wei = person("wei", "小卫")
    wei.is_superuser = wei.is_staff = True
    wei.save_as(None, "superuser")
    lin = person("lin", "小林", Role.PROJECT_LEAD, unit)
    chen = person("chen", "小陈", Role.PROJECT_LEAD, other_unit)
    return World(
        scheme=Scheme.objects.get(code="ministry-2020", version=1),
        bureau=bureau,
        department=department,
        other_department=other_department,
        unit=unit,
        other_unit=other_unit,
        own_level=own_level,
        lin=lin,
        wang=person("wang", "小王", Role.UNIT_APPROVER, unit),
        zhao=person("zhao", "小赵", Role.DEPARTMENT_REVIEWER, department),
        qian=person("qian", "小钱", Role.DEPARTMENT_HEAD, department),
        sun=person("sun", "小孙", Role.FINANCE_OFFICER, bureau),
        zhou=person("zhou", "小周", Role.FINANCE_CHIEF, bureau),
        wu=person("wu", "小吴", Role.EXPERT, bureau),
        zheng=person("zheng", "小郑", Role.EXPERT, bureau),
        feng=person("feng", "小冯", Role.AUDITOR, bureau),
        chen=chen,
        chu=person("chu", "小褚", Role.DEPARTMENT_REVIEWER, other_department),
        wei=wei,
        project=project("XM-2025-901", "社会保险经办信息系统", unit, lin),
        other_project=project("XM-2025-902", "公共就业服务平台", other_unit, chen),
    )


def project(code: str, name: str, unit: Organization, lead: User) -> Project:
    made = Project(code=code, name=name, fiscal_year=2025, unit=unit, lead=lead)
    made.save_as(None)
    return made


# --- Acting at a step -----------------------------------------------------------


def open_task(subject: Evaluation | RectificationItem, actor: User | None = None) -> FlowTask:
    """The step that an evaluation or an item waits at; of several, the actor's own or their role's."""
    if isinstance(subject, Evaluation):
        tasks = FlowTask.objects.filter(evaluation=subject, item=None)
    else:
        tasks = FlowTask.objects.filter(item=subject)
    tasks = tasks.filter(flow_task_type="HUMAN", status__in=OPEN)
    own = tasks.filter(owner=actor) if actor else tasks.none()
    if (found := own.first()) or actor is None:
        return found or tasks.get()
    rights = rights_of(actor)
    of_a_role = [
        task for task in tasks if not task.owner_id and rights.holds(task.right, task.organization_id)
    ]
    return of_a_role[0] if of_a_role else tasks.get()


def do(verb: str, subject: Evaluation | RectificationItem, actor: User, **details: Any) -> Decision:
    """Perform a verb at the step that the subject waits at, by the one door.

    Whoever hands in has an explanation for whatever the checks find, unless the test gives its own.
    """
    task = open_task(subject, actor)
    if verb in HANDING_IN:
        details.setdefault("explanations", EXPLAINED)
    decision = services.perform(verb, process_id=task.process_id, task_id=task.pk, actor=actor, **details)
    subject.refresh_from_db()
    return decision


def report_done(item: RectificationItem, actor: User, result: str = "两个模块已交付并验收。") -> Decision:
    """Attach a file and report the item as carried out."""
    task = open_task(item)
    file = services.attach(process_id=task.process_id, task_id=task.pk, actor=actor, **evidence_file())
    return do(Verb.REPORT, item, actor, result=result, evidence=[file])


def soon(days: int = 30) -> date:
    """A due date that many days from today."""
    return clock.today() + timedelta(days=days)


def all_scores(evaluation: Evaluation, share: str = "0.9") -> dict[int, tuple[Decimal, str]]:
    """The same share of the weight for every indicator, as an expert gives them."""
    return {
        indicator.pk: ((indicator.weight * Decimal(share)).quantize(Decimal("0.01")), "")
        for indicator in evaluation.indicators.all()
    }


# --- Bringing evaluations and items to a stage ----------------------------------


def open_self_evaluation(world: World, **options: Any) -> Evaluation:
    """Opened by the finance officer; it waits for Lin."""
    chosen = options.pop("project", None) or world.free_project(Kind.SELF)
    options = {"scheme": world.scheme, **options}
    return services.open_evaluation(
        actor=options.pop("actor", world.sun), project=chosen, kind=Kind.SELF, **options
    )


def fill(evaluation: Evaluation, actor: User) -> None:
    """Fill in the whole self-assessment and one file, without handing it in."""
    task = open_task(evaluation)
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": actor}
    services.save_draft(**place, changes=filled_self_assessment())
    services.attach(**place, **evidence_file(), indicator=evaluation.indicators.first())


def walk_self(world: World) -> dict[str, Callable[[Evaluation], Any]]:
    """What passes each stage of a self-evaluation."""
    return {
        Stage.SELF_ASSESSMENT: lambda e: do(Verb.SUBMIT, e, world.lin, opinion="请审核。"),
        Stage.UNIT_APPROVAL: lambda e: do(Verb.APPROVE, e, world.wang, opinion="同意报送。"),
        Stage.DEPARTMENT_REVIEW: lambda e: do(Verb.APPROVE, e, world.zhao, opinion="材料齐全。"),
        Stage.FINANCE_REVIEW: lambda e: do(Verb.ACCEPT, e, world.sun, opinion="予以备案。"),
        Stage.CONCLUSION: lambda e: do(
            Verb.CONCLUDE, e, world.zhou, total=Decimal("96.5"), conclusion="目标基本实现。"
        ),
    }


def walk_commissioned(world: World) -> dict[str, Callable[[Evaluation], Any]]:
    """What passes each stage of a department or finance evaluation."""

    def score_all(evaluation: Evaluation) -> None:
        for seat in list(evaluation.seats.select_related("expert")):
            do(Verb.SCORE, evaluation, seat.expert, scores=all_scores(evaluation))

    def exchange_views(evaluation: Evaluation) -> None:
        do(Verb.ANSWER, evaluation, world.lin, opinion="没有不同意见。")
        if evaluation.stage == Stage.EXCHANGE_OF_VIEWS and evaluation.step == 0:
            do(Verb.ANSWER, evaluation, world.qian, opinion="部门没有不同意见。")
        do(Verb.CONSIDER, evaluation, world.zhao if by_department(evaluation) else world.sun)

    def by_department(evaluation: Evaluation) -> bool:
        return evaluation.kind == Kind.DEPARTMENT

    return {
        Stage.MATERIAL: lambda e: do(Verb.SUPPLY, e, world.lin, opinion="材料共一份。"),
        Stage.EXPERT_SCORING: score_all,
        Stage.DRAFT_CONCLUSION: lambda e: do(
            Verb.DRAFT,
            e,
            world.zhao if by_department(e) else world.sun,
            total=Decimal("90"),
            conclusion="初步结论：良好以上。",
        ),
        Stage.EXCHANGE_OF_VIEWS: exchange_views,
        Stage.CONCLUSION: lambda e: do(
            Verb.CONCLUDE,
            e,
            world.qian if by_department(e) else world.zhou,
            total=Decimal("90"),
            conclusion="实现了预期目标。",
        ),
    }


def bring(evaluation: Evaluation, stage: str, walk: dict[str, Callable[[Evaluation], Any]]) -> Evaluation:
    """Pass stage after stage until ``stage`` is reached."""
    while evaluation.stage != stage:
        walk[evaluation.stage](evaluation)
        evaluation.refresh_from_db()
    return evaluation


@pytest.fixture
def world(db: None) -> World:
    """The fixed cast."""
    return make_world()


@pytest.fixture
def as_() -> Callable[[User | None], Client]:
    """A browser in which somebody has signed in: ``as_(world.lin)``; ``as_(None)`` is nobody."""

    def signed_in(who: User | None) -> Client:
        client = Client()
        if who is not None:
            client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def self_evaluation(world: World) -> Callable[..., Evaluation]:
    """Make a self-evaluation and bring it to a stage.

    ``self_evaluation(stage=Stage.CONCLUSION)``; ``filled=False`` leaves the
    dossier of the first stage empty. Stages after the conclusion need items:
    ``rectification`` proposes one at finance review.
    """

    def make(stage: str = Stage.SELF_ASSESSMENT, *, filled: bool = True, **options: Any) -> Evaluation:
        evaluation = open_self_evaluation(world, **options)
        if filled:
            fill(evaluation, evaluation.project.lead)
        walk = walk_self(world)
        if stage == Stage.RECTIFICATION:
            bring(evaluation, Stage.FINANCE_REVIEW, walk)
            propose(world, evaluation, world.sun)
        return bring(evaluation, stage, walk)

    return make


@pytest.fixture
def commissioned_evaluation(world: World) -> Callable[..., Evaluation]:
    """Make a department or finance evaluation with two experts and bring it to a stage."""

    def make(stage: str = Stage.MATERIAL, *, kind: str = Kind.FINANCE, **options: Any) -> Evaluation:
        office = world.zhao if kind == Kind.DEPARTMENT else world.sun
        experts = options.pop("experts", (world.wu, world.zheng))
        evaluation = services.open_evaluation(
            actor=office,
            project=options.pop("project", None) or world.free_project(kind),
            kind=kind,
            scheme=world.scheme,
            notice="请提供立项、资金和验收材料。",
            changes=commissioned_start(),
            **options,
        )
        for expert in experts:
            services.seat_expert(evaluation=evaluation, actor=office, expert=expert)
        walk = walk_commissioned(world)
        if stage == Stage.RECTIFICATION:
            bring(evaluation, Stage.DRAFT_CONCLUSION, walk)
            propose(world, evaluation, office)
        return bring(evaluation, stage, walk)

    return make


def propose(world: World, evaluation: Evaluation, actor: User, **details: Any) -> RectificationItem:
    """Propose an item at the evaluation's present step."""
    given = {"requirement": "按期交付剩余两个模块", "due": soon(), **details}
    return services.raise_item(evaluation=evaluation, actor=actor, **given)


@pytest.fixture
def item_at(world: World, self_evaluation: Callable[..., Evaluation]) -> Callable[..., RectificationItem]:
    """Make a self-evaluation with one item and bring the item to a stage.

    ``item_at(stage=ItemStage.FINANCE_VERIFICATION, raised_by=RaisedBy.FINANCE)``;
    an item that finance did not raise is sampled on its way to finance.
    """
    proposers = {
        RaisedBy.SELF: (Stage.SELF_ASSESSMENT, world.lin),
        RaisedBy.DEPARTMENT: (Stage.DEPARTMENT_REVIEW, world.zhao),
        RaisedBy.FINANCE: (Stage.FINANCE_REVIEW, world.sun),
    }

    def make(
        stage: str = ItemStage.PLANNING, *, raised_by: str = RaisedBy.FINANCE, **details: Any
    ) -> RectificationItem:
        place, proposer = proposers[RaisedBy(raised_by)]
        evaluation = self_evaluation(place)
        item = propose(world, evaluation, proposer, **details)
        if stage == ItemStage.DRAFT:
            return item
        bring(evaluation, Stage.RECTIFICATION, walk_self(world))
        item.refresh_from_db()
        if stage == ItemStage.FINANCE_VERIFICATION and not item.needs_finance:
            services.sample(item=item, actor=world.sun)
        return bring_item(world, item, stage)

    return make


def planned(item: RectificationItem, *texts: str) -> list[PlannedMeasure]:
    """Measures that are done by the item's due date."""
    return [PlannedMeasure(text, "项目组", item.due) for text in texts or ("与承建方签订补充协议。",)]


def carrier(world: World, item: RectificationItem) -> User:
    """Whoever the item asks at the unit."""
    owner: User | None = open_task(item).owner
    by_role = world.chen if item.responsible_unit == world.other_unit else world.lin
    return owner or by_role


def overseer(world: World, item: RectificationItem) -> User:
    """Whoever accepts the item's measures and answers an objection to it."""
    return world.sun if item.raised_by == RaisedBy.FINANCE else world.zhao


def bring_item(world: World, item: RectificationItem, stage: str) -> RectificationItem:
    """Pass step after step until the item is at ``stage``; the unit objects only on its way to that."""

    def plan() -> None:
        if stage == ItemStage.OBJECTION:
            do(Verb.DISPUTE, item, carrier(world, item), opinion="两个模块的需求已经取消。")
        else:
            do(Verb.PLAN, item, carrier(world, item), measures=planned(item))

    verbs: dict[str, Callable[[], Any]] = {
        ItemStage.ISSUED: lambda: do(Verb.RECEIVE, item, carrier(world, item)),
        ItemStage.PLANNING: plan,
        ItemStage.OBJECTION: lambda: do(
            Verb.ANSWER_DISPUTE,
            item,
            overseer(world, item),
            adopted=False,
            opinion="合同有约定，维持原要求。",
        ),
        ItemStage.PLAN_REVIEW: lambda: do(Verb.ACCEPT_PLAN, item, overseer(world, item)),
        ItemStage.CARRYING_OUT: lambda: report_done(item, carrier(world, item)),
        ItemStage.DEPARTMENT_VERIFICATION: lambda: do(
            Verb.VERIFY, item, world.zhao, opinion="现场查看，已上线。"
        ),
        ItemStage.FINANCE_VERIFICATION: lambda: do(
            Verb.VERIFY, item, world.sun, opinion="核对验收单，属实。"
        ),
    }
    item.refresh_from_db()
    while item.stage != stage:
        verbs[item.stage]()
        item.refresh_from_db()
    return item
