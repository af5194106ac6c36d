"""Task screens: for each work of a step, what its page shows and which verbs it takes."""

from __future__ import annotations

from django.http import HttpRequest

from approvals.models import ItemStage, Verb
from approvals.procedure import step_of
from audit_log.errors import NotFound
from evaluations.models import Stage
from workflow.models import FlowTask
from workflow.screens.base import Screen
from workflow.screens.commissioned import CommissionedConclusionScreen, DraftScreen, ExpertScreen
from workflow.screens.conclusion import ConclusionScreen
from workflow.screens.exchange import AnswerScreen, CommissionedSignScreen, ConsiderScreen
from workflow.screens.rectification import (
    CarryOutScreen,
    ObjectionScreen,
    PlanReviewScreen,
    PlanScreen,
    ReceiptScreen,
    VerifyScreen,
)
from workflow.screens.review import (
    DepartmentReviewScreen,
    FilingScreen,
    RecheckScreen,
    ReviewScreen,
    SignScreen,
)
from workflow.screens.unit import MaterialScreen, SelfAssessmentScreen

SCREENS: dict[str, type[Screen]] = {
    "fill": SelfAssessmentScreen,
    "review": ReviewScreen,
    "file": FilingScreen,
    "supply": MaterialScreen,
    "score": ExpertScreen,
    "draft": DraftScreen,
    "answer": AnswerScreen,
    "consider": ConsiderScreen,
    "sign": SignScreen,
    "conclude": ConclusionScreen,
}
OF_COMMISSIONED: dict[str, type[Screen]] = {
    "sign": CommissionedSignScreen,
    "conclude": CommissionedConclusionScreen,
}
OF_ITEMS: dict[str, type[Screen]] = {
    ItemStage.ISSUED: ReceiptScreen,
    ItemStage.PLANNING: PlanScreen,
    ItemStage.OBJECTION: ObjectionScreen,
    ItemStage.PLAN_REVIEW: PlanReviewScreen,
    ItemStage.CARRYING_OUT: CarryOutScreen,
    ItemStage.DEPARTMENT_VERIFICATION: VerifyScreen,
    ItemStage.FINANCE_VERIFICATION: VerifyScreen,
}


def screen_for(request: HttpRequest, task: FlowTask) -> Screen:
    """The screen of a step. Raises NotFound for a stage that no person acts at."""
    found = OF_ITEMS.get(task.stage) if task.item_id else screen_of_work(task)
    if found is None:
        raise NotFound()
    return found(request, task)


def screen_of_work(task: FlowTask) -> type[Screen] | None:
    """The screen for what the policy's step does; where scores may be given it is one with scores."""
    evaluation = task.evaluation
    step = step_of(evaluation, task.stage, task.step) if evaluation else None
    if evaluation is None or step is None or step.policy is None:
        return None
    if not evaluation.is_self and step.policy.work in OF_COMMISSIONED:
        return OF_COMMISSIONED[step.policy.work]
    if task.stage == Stage.DEPARTMENT_REVIEW and step.policy.may_adjust:
        return DepartmentReviewScreen
    if Verb.RECHECK in step.verbs:
        return RecheckScreen
    return SCREENS[step.policy.work]
