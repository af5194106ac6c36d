"""Task screens: for each stage, what its page shows and which verbs it takes."""

from __future__ import annotations

from django.http import HttpRequest

from approvals.models import ItemStage
from audit_log.errors import NotFound
from evaluations.models import Stage
from workflow.models import FlowTask
from workflow.screens.base import Screen
from workflow.screens.commissioned import (
    AnswerScreen,
    CommissionedConclusionScreen,
    DraftScreen,
    ExpertScreen,
)
from workflow.screens.conclusion import ConclusionScreen
from workflow.screens.rectification import CarryOutScreen, PlanScreen, VerifyScreen
from workflow.screens.review import DepartmentReviewScreen, FinanceReviewScreen, ReviewScreen
from workflow.screens.unit import MaterialScreen, SelfAssessmentScreen

SCREENS: dict[str, type[Screen]] = {
    Stage.SELF_ASSESSMENT: SelfAssessmentScreen,
    Stage.UNIT_APPROVAL: ReviewScreen,
    Stage.DEPARTMENT_REVIEW: DepartmentReviewScreen,
    Stage.FINANCE_REVIEW: FinanceReviewScreen,
    Stage.MATERIAL: MaterialScreen,
    Stage.EXPERT_SCORING: ExpertScreen,
    Stage.DRAFT_CONCLUSION: DraftScreen,
    Stage.EXCHANGE_OF_VIEWS: AnswerScreen,
    Stage.CONCLUSION: ConclusionScreen,
    ItemStage.PLANNING: PlanScreen,
    ItemStage.CARRYING_OUT: CarryOutScreen,
    ItemStage.DEPARTMENT_VERIFICATION: VerifyScreen,
    ItemStage.FINANCE_VERIFICATION: VerifyScreen,
}


def screen_for(request: HttpRequest, task: FlowTask) -> Screen:
    """The screen of a step. Raises NotFound for a stage that no person acts at."""
    assert task.evaluation is not None
    found = SCREENS.get(task.stage)
    if found is ConclusionScreen and not task.evaluation.is_self:
        found = CommissionedConclusionScreen
    if found is None:
        raise NotFound()
    return found(request, task)
