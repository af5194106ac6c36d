"""The procedures, as one reads them from top to bottom. Graphs only."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Activation, Flow
from viewflow.workflow.flow import StartHandle
from viewflow.workflow.lock import SelectForUpdateLock

from approvals.models import ItemStage
from approvals.procedure import COMMISSIONED_STEPS, ITEM_STEPS, SELF_STEPS
from evaluations.models import Stage
from workflow.models import FlowProcess, FlowTask
from workflow.nodes import Automatic, Finish, Gather, Panel, Step


class JihengFlow(Flow):
    """What every flow here shares: one process table, one task table, a real lock."""

    process_class = FlowProcess
    task_class = FlowTask
    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)


class RectificationFlow(JihengFlow):
    """One item, from the requirement to the proof."""

    process_title = _("Rectification")

    start = StartHandle(this.begin).Next(this.planning)

    planning = Step(ItemStage.PLANNING, ITEM_STEPS).goes_to(this.carrying_out)

    carrying_out = Step(ItemStage.CARRYING_OUT, ITEM_STEPS).goes_to(this.department_verification)

    department_verification = (
        Step(ItemStage.DEPARTMENT_VERIFICATION, ITEM_STEPS)
        .goes_to(this.finance_verification, this.end)
        .returns_to(this.carrying_out)
    )

    finance_verification = (
        Step(ItemStage.FINANCE_VERIFICATION, ITEM_STEPS).goes_to(this.end).returns_to(this.carrying_out)
    )

    end = Finish(ItemStage.CLOSED)

    def begin(self, activation: Activation, item: object) -> FlowProcess:
        return attach(activation, item.evaluation, item)  # type: ignore[attr-defined]


def attach(activation: Activation, evaluation: object, item: object = None) -> FlowProcess:
    """Tie a new process to its evaluation, or to one of its items."""
    process: FlowProcess = activation.process
    process.evaluation = evaluation  # type: ignore[assignment]
    process.item = item  # type: ignore[assignment]
    return process


def start_items(activation: Activation) -> None:
    """Each item goes its own way from here; this process need not wait for it."""
    items = activation.process.evaluation.items.filter(stage=ItemStage.PLANNING).select_related(
        "evaluation__project", "responsible_unit"
    )
    for item in items.order_by("pk"):
        RectificationFlow.start.run(item=item)


class SelfEvaluationFlow(JihengFlow):
    """Unit self-assessment: every budgeted project, every year."""

    process_title = _("Self-evaluation")

    start = StartHandle(this.begin).Next(this.self_assessment)

    self_assessment = Step(Stage.SELF_ASSESSMENT, SELF_STEPS).goes_to(
        this.unit_approval, this.department_review
    )

    unit_approval = (
        Step(Stage.UNIT_APPROVAL, SELF_STEPS).goes_to(this.department_review).returns_to(this.self_assessment)
    )

    department_review = (
        Step(Stage.DEPARTMENT_REVIEW, SELF_STEPS)
        .goes_to(this.finance_review)
        .returns_to(this.self_assessment, this.unit_approval)
    )

    finance_review = (
        Step(Stage.FINANCE_REVIEW, SELF_STEPS)
        .goes_to(this.conclusion)
        .returns_to(this.self_assessment, this.department_review)
    )

    conclusion = (
        Step(Stage.CONCLUSION, SELF_STEPS)
        .goes_to(this.rectification, this.end)
        .returns_to(this.self_assessment, this.finance_review)
    )

    rectification = Automatic(start_items, stage=Stage.RECTIFICATION).Next(this.end)

    end = Finish(Stage.CLOSED)

    def begin(self, activation: Activation, evaluation: object) -> FlowProcess:
        return attach(activation, evaluation)


class CommissionedEvaluationFlow(JihengFlow):
    """Department and finance evaluations: the unit supplies material, experts score."""

    process_title = _("Commissioned evaluation")

    start = StartHandle(this.begin).Next(this.material)

    material = Step(Stage.MATERIAL, COMMISSIONED_STEPS).goes_to(this.panel)

    panel = Panel(stage=Stage.EXPERT_SCORING).Next(this.expert_scoring)

    expert_scoring = Step(Stage.EXPERT_SCORING, COMMISSIONED_STEPS).goes_to(this.gather)

    gather = Gather(stages=(Stage.EXPERT_SCORING, Stage.DRAFT_CONCLUSION)).Next(this.draft_conclusion)

    draft_conclusion = (
        Step(Stage.DRAFT_CONCLUSION, COMMISSIONED_STEPS)
        .goes_to(this.exchange_of_views)
        .returns_to(this.material, this.panel)
    )

    exchange_of_views = Step(Stage.EXCHANGE_OF_VIEWS, COMMISSIONED_STEPS).goes_to(this.conclusion)

    conclusion = (
        Step(Stage.CONCLUSION, COMMISSIONED_STEPS)
        .goes_to(this.rectification, this.end)
        .returns_to(this.material, this.draft_conclusion)
    )

    rectification = Automatic(start_items, stage=Stage.RECTIFICATION).Next(this.end)

    end = Finish(Stage.CLOSED)

    def begin(self, activation: Activation, evaluation: object) -> FlowProcess:
        return attach(activation, evaluation)
