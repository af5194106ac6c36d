"""What a person may try at a step, with words and figures that make sense there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.models import User
from approvals.actions.plan import PlannedMeasure
from approvals.models import Decision, ItemStage, Verb
from approvals.procedure import place_key, step_at, steps_of
from evaluations.models import Evaluation, ScoreSource
from tests.cast import EXPLAINED, all_scores, soon
from tests.dossier_content import evidence_file
from workflow import services
from workflow.attachments import NewFile
from workflow.models import FlowTask

PASSING = {
    ItemStage.ISSUED: Verb.RECEIVE,
    ItemStage.PLANNING: Verb.PLAN,
    ItemStage.OBJECTION: Verb.ANSWER_DISPUTE,
    ItemStage.PLAN_REVIEW: Verb.ACCEPT_PLAN,
    ItemStage.CARRYING_OUT: Verb.REPORT,
    ItemStage.DEPARTMENT_VERIFICATION: Verb.VERIFY,
    ItemStage.FINANCE_VERIFICATION: Verb.VERIFY,
}


def place_of(task: FlowTask) -> dict[str, Any]:
    return {"process_id": task.process_id, "task_id": task.pk}


def passing_verb(task: FlowTask) -> Verb:
    """The verb that passes the step that a task stands for."""
    if task.item_id:
        return PASSING[ItemStage(task.stage)]
    assert task.evaluation is not None
    step = step_at(task.evaluation)
    assert step is not None
    return step.verbs[0]


def possible_returns(evaluation: Evaluation) -> list[str]:
    """Every step of the procedure as a return names it, completed or not."""
    return [place_key(*step.position) for step in steps_of(evaluation)]


def details_of(verb: str, task: FlowTask, *, to: str = "", straight: bool = False) -> dict[str, Any]:
    """The arguments that the verb's action takes."""
    evaluation = task.evaluation
    assert evaluation is not None
    match verb:
        case Verb.SUBMIT | Verb.SUPPLY:
            return {"opinion": "请审核。", "explanations": EXPLAINED, "answers": AllAnswered()}
        case Verb.RETURN | Verb.OBJECT:
            return {"opinion": "请核对后再报。", "to": to, "straight_back": straight}
        case Verb.RECHECK:
            return {"opinion": "已核对原始凭证。", "scores": some_scores(evaluation)}
        case Verb.SCORE:
            return {"scores": all_scores(evaluation)}
        case Verb.DRAFT:
            return {"total": Decimal(88), "conclusion": "初步结论。", "explanations": EXPLAINED}
        case Verb.CONCLUDE:
            return {"total": Decimal(88), "conclusion": "目标基本实现。"}
        case Verb.ANSWER:
            return {"opinion": "没有不同意见。", "answers": AllAnswered()}
        case Verb.PLAN:
            return {"measures": [PlannedMeasure("补签协议。", "项目组", soon(20))]}
        case Verb.ANSWER_DISPUTE:
            return {"adopted": False, "opinion": "合同有约定，维持原要求。"}
        case Verb.REPORT:
            return {"result": "已完成。", "files": [NewFile(**evidence_file())]}
        case Verb.VERIFY | Verb.SEND_BACK:
            return {"opinion": "已核对。"}
        case _:
            return {"opinion": "同意。"}


class AllAnswered(dict[int, str]):
    """An answer to whatever may have been asked."""

    def get(self, key: int, default: Any = None) -> Any:
        return "已补充说明。"


def some_scores(evaluation: Evaluation) -> dict[int, tuple[Decimal, str]]:
    """One indicator scored lower than stated, with its reason."""
    row = (
        evaluation.indicators.filter(scores__source=ScoreSource.STATED).first()
        or evaluation.indicators.first()
    )
    return {row.pk: (Decimal(1), "凭证不足。")} if row else {}


def act(verb: str, task: FlowTask, person: User, **chosen: Any) -> Decision:
    """Try the verb at the step."""
    details = details_of(verb, task, **chosen)
    return services.perform(verb, **place_of(task), actor=person, **details)


def propose(evaluation: Evaluation, person: User) -> None:
    services.raise_item(evaluation=evaluation, actor=person, requirement="按期交付", due=soon())
