"""The procedures, as one reads them from top to bottom. Graphs only."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Activation, Flow
from viewflow.workflow.lock import SelectForUpdateLock

from approvals.models import ItemStage
from evaluations.models import Stage
from workflow.automatic_nodes import Automatic, Begin, Finish
from workflow.models import FlowProcess, FlowTask
from workflow.nodes import Step


class JihengFlow(Flow):
    """What every flow here shares: one process table, one task table, a real lock."""

    process_class = FlowProcess
    task_class = FlowTask
    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)


class RectificationFlow(JihengFlow):
    """One item, from the notice to the proof; reopened it begins anew with the measures."""

    process_title = _("Rectification")

    start = Begin(this.begin).Next(this.issued)

    issued = Step(ItemStage.ISSUED).leads_to(this.planning, this.end)

    planning = Step(ItemStage.PLANNING).leads_to(this.plan_review, this.objection, this.end)

    objection = Step(ItemStage.OBJECTION).leads_to(this.planning, this.end)

    plan_review = Step(ItemStage.PLAN_REVIEW).leads_to(this.planning, this.carrying_out, this.end)

    carrying_out = Step(ItemStage.CARRYING_OUT).leads_to(this.department_verification, this.end)

    department_verification = Step(ItemStage.DEPARTMENT_VERIFICATION).leads_to(
        this.carrying_out, this.finance_verification, this.end
    )

    finance_verification = Step(ItemStage.FINANCE_VERIFICATION).leads_to(this.carrying_out, this.end)

    end = Finish(ItemStage.CLOSED, ItemStage.CANCELLED)

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
    items = activation.process.evaluation.items.filter(stage=ItemStage.ISSUED).select_related(
        "evaluation__project", "responsible_unit"
    )
    for item in items.order_by("pk"):
        RectificationFlow.start.run(item=item)


class SelfEvaluationFlow(JihengFlow):
    """Unit self-assessment: every budgeted project, every year.

    From top to bottom; the review policy may leave stages out, give a stage several
    steps, and a return may lead to any stage above and straight back again.
    """

    process_title = _("Self-evaluation")

    start = Begin(this.begin).Next(this.self_assessment)

    self_assessment = Step(Stage.SELF_ASSESSMENT).leads_to(
        this.unit_approval, this.department_review, this.finance_review, this.conclusion
    )

    unit_approval = Step(Stage.UNIT_APPROVAL).leads_to(
        this.self_assessment, this.department_review, this.finance_review, this.conclusion
    )

    department_review = Step(Stage.DEPARTMENT_REVIEW).leads_to(
        this.self_assessment,
        this.unit_approval,
        this.finance_review,
        this.conclusion,
        this.rectification,
        this.end,
    )

    finance_review = Step(Stage.FINANCE_REVIEW).leads_to(
        this.self_assessment,
        this.unit_approval,
        this.department_review,
        this.conclusion,
        this.rectification,
        this.end,
    )

    conclusion = Step(Stage.CONCLUSION).leads_to(
        this.self_assessment,
        this.unit_approval,
        this.department_review,
        this.finance_review,
        this.rectification,
        this.end,
    )

    rectification = Automatic(start_items, stage=Stage.RECTIFICATION).Next(this.end)

    end = Finish(Stage.CLOSED)

    def begin(self, activation: Activation, evaluation: object) -> FlowProcess:
        return attach(activation, evaluation)


class CommissionedEvaluationFlow(JihengFlow):
    """Department and finance evaluations: the unit supplies material, experts score."""

    process_title = _("Commissioned evaluation")

    start = Begin(this.begin).Next(this.material)

    material = Step(Stage.MATERIAL).leads_to(
        this.expert_scoring, this.draft_conclusion, this.exchange_of_views, this.conclusion
    )

    expert_scoring = Step(Stage.EXPERT_SCORING).leads_to(
        this.draft_conclusion, this.exchange_of_views, this.conclusion
    )

    draft_conclusion = Step(Stage.DRAFT_CONCLUSION).leads_to(
        this.material, this.expert_scoring, this.exchange_of_views, this.conclusion
    )

    exchange_of_views = Step(Stage.EXCHANGE_OF_VIEWS).leads_to(
        this.material, this.expert_scoring, this.draft_conclusion, this.conclusion
    )

    conclusion = Step(Stage.CONCLUSION).leads_to(
        this.material,
        this.expert_scoring,
        this.draft_conclusion,
        this.exchange_of_views,
        this.rectification,
        this.end,
    )

    rectification = Automatic(start_items, stage=Stage.RECTIFICATION).Next(this.end)

    end = Finish(Stage.CLOSED)

    def begin(self, activation: Activation, evaluation: object) -> FlowProcess:
        return attach(activation, evaluation)
