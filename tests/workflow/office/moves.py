"""What a person may say at a step, with words and figures that make sense there; a whim varies them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from accounts.models import User
from approvals.actions.exchange import Views
from approvals.actions.pointing import Pointer
from approvals.exchange import exchange_of, last_draft
from approvals.findings_on_record import FindingsOnRecord
from approvals.models import Decision, ItemStage, PointerKind, Stance, Verb
from approvals.procedure import step_at
from audit_log import clock
from evaluations.actions import DossierChanges
from evaluations.models import Evaluation, Evidence, ReportSection, Score, ScoreSource
from tests.cast import EXPLAINED, all_scores
from tests.dossier_content import evidence_file
from tests.workflow.office.item_moves import ITEM_DETAILS
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
TOTALS = (Decimal(55), Decimal(70), Decimal(84), Decimal(88), Decimal(96))
USES: tuple[dict[str, Any], ...] = (
    {},
    {"use": "hold", "use_reason": "待整改到位后安排。"},
    {"use": "cut", "percent": Decimal(15), "use_reason": "结余较多。"},
    {"use": "support", "use_reason": "列入民生实事。"},
)


class AllAnswered(dict[int, str]):
    """An answer to whatever may have been asked."""

    def __bool__(self) -> bool:
        return True

    def __missing__(self, question: int) -> str:
        return "已补充说明。"

    def get(self, question: int, default: Any = None) -> Any:
        return self[question]


def place_of(task: FlowTask) -> dict[str, Any]:
    return {"process_id": task.process_id, "task_id": task.pk}


def passing_verb(task: FlowTask, whim: int = 0) -> Verb:
    """A verb that passes the step that a task stands for."""
    if task.item_id:
        return PASSING[ItemStage(task.stage)]
    assert task.evaluation is not None
    step = step_at(task.evaluation)
    assert step is not None
    passing = [verb for verb in step.verbs if verb not in (Verb.RETURN, Verb.OBJECT)]
    return passing[whim % len(passing)]


def act(verb: str, task: FlowTask, person: User, whim: int = 0, **chosen: Any) -> Decision:
    """Do the verb at the step."""
    details = {**details_of(verb, task, whim), **chosen}
    return services.perform(verb, **place_of(task), actor=person, **details)


def details_of(verb: str, task: FlowTask, whim: int = 0) -> dict[str, Any]:
    """The arguments that the verb's action takes."""
    evaluation = task.evaluation
    assert evaluation is not None
    if (of_item := ITEM_DETAILS.get(Verb(verb))) is not None:
        return of_item(task.item, whim)
    details = DETAILS.get(Verb(verb))
    return details(evaluation, whim) if details else {"opinion": "同意。"}


def handed_in(evaluation: Evaluation, whim: int) -> dict[str, Any]:
    """With other words in the dossier than last time, or with the same."""
    details = {"opinion": "请审核。", "explanations": EXPLAINED, "answers": AllAnswered()}
    if whim % 3 == 0:
        return details
    words = f"{clock.now():%m月%d日%H时%M分}核实后填报。"
    changes = DossierChanges(evaluation={"goal_achieved": words})
    return {**details, "changes": changes, "files": [NewFile(**evidence_file())] if whim % 3 == 1 else []}


def sent_back(evaluation: Evaluation, whim: int) -> dict[str, Any]:
    """Pointing at nothing, at an indicator, or at whatever there is."""
    found = pointers(evaluation)
    return {"opinion": "请核对后再报。", "pointers": found[: whim % (len(found) + 1)]}


def pointers(evaluation: Evaluation) -> list[Pointer]:
    """One of each kind that the dossier has."""
    files = Evidence.objects.filter(evaluation=evaluation, withdrawn_at=None, item_link=None)
    rows = {
        PointerKind.INDICATOR: evaluation.indicators.first(),
        PointerKind.FILE: files.first(),
        PointerKind.CHAPTER: ReportSection.objects.filter(evaluation=evaluation).first(),
    }
    return [Pointer(kind, row.pk, "请补充依据。") for kind, row in rows.items() if row is not None]


def approved(evaluation: Evaluation, whim: int) -> dict[str, Any]:
    """With another score where the step allows it, tied to the finding that led to it."""
    step = step_at(evaluation)
    if whim % 2 or step is None or step.policy is None or not step.policy.may_adjust:
        return {"opinion": "同意。"}
    scores = some_scores(evaluation)
    findings = FindingsOnRecord(evaluation).latest
    adjusted = {found.pk: found.indicator_id for found in findings if found.indicator_id in scores}
    return {"opinion": "同意，调整一项得分。", "scores": scores, "adjusted": adjusted}


def some_scores(evaluation: Evaluation) -> dict[int, tuple[Decimal, str]]:
    """One indicator scored lower than stated, with its reason."""
    stated = evaluation.indicators.filter(scores__source=ScoreSource.STATED)
    row = stated.first() or evaluation.indicators.first()
    return {row.pk: (Decimal(1), "凭证不足。")} if row else {}


def as_stated(evaluation: Evaluation) -> dict[int, tuple[Decimal, str]]:
    """Finance comes to what the unit stated."""
    stated = Score.objects.filter(indicator__evaluation=evaluation, source=ScoreSource.STATED)
    return {score.indicator_id: (score.points, "") for score in stated.order_by("round")}


def answered(evaluation: Evaluation, whim: int) -> dict[str, Any]:
    """Agreeing with the draft as a whole, or objecting to some of its points, or adding one."""
    details = {"opinion": "意见见各条。", "answers": AllAnswered()}
    draft = last_draft(evaluation)
    if whim % 3 == 0 or draft is None:
        return details
    stances = [
        (Stance.OBJECT, "与实际不符，附验收单。") if (place + whim) % 2 else (Stance.AGREE, "")
        for place in range(draft.points.count())
    ]
    said = dict(zip((point.pk for point in draft.points.all()), stances, strict=True))
    return {**details, "views": Views(said, ["建议补充满意度调查。"] if whim % 4 == 1 else [])}


def considered(evaluation: Evaluation, whim: int) -> dict[str, Any]:
    """Every objection adopted or not, with a reason."""
    exchange = exchange_of(evaluation)
    objections = exchange.objections if exchange else []
    weighed = {view.pk: ((view.place + whim) % 2 == 0, "已核对原始凭证。") for view in objections}
    return {"opinion": "已逐条研究。", "considered": weighed}


def concluded(evaluation: Evaluation, whim: int) -> dict[str, Any]:
    """Any grade, and a use of the result as the table names it or another with its reason."""
    total = {"total": TOTALS[whim % len(TOTALS)], "conclusion": "目标基本实现。"}
    return {**total, **USES[whim // len(TOTALS) % len(USES)]}


DETAILS: dict[Verb, Callable[[Evaluation, int], dict[str, Any]]] = {
    Verb.SUBMIT: handed_in,
    Verb.SUPPLY: handed_in,
    Verb.APPROVE: approved,
    Verb.RETURN: sent_back,
    Verb.OBJECT: sent_back,
    Verb.RECHECK: lambda evaluation, whim: {
        "opinion": "已核对原始凭证。",
        "scores": some_scores(evaluation) if whim % 2 else as_stated(evaluation),
    },
    Verb.SCORE: lambda evaluation, whim: {"scores": all_scores(evaluation, ("0.9", "0.6", "0.75")[whim % 3])},
    Verb.DRAFT: lambda evaluation, whim: {
        "total": TOTALS[whim % len(TOTALS)],
        "conclusion": "初步结论。",
        "explanations": EXPLAINED,
    },
    Verb.ANSWER: answered,
    Verb.CONSIDER: considered,
    Verb.CONCLUDE: concluded,
}
