"""The procedure as something one reads from top to bottom.

Each kind of evaluation passes its stages in order. A stage names the right that
it asks for, and the organization (a field of the evaluation) where that right
must be held. The flows in ``workflow.flows`` draw the same graph.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.roles import Right
from approvals.models import ItemStage, Verb
from evaluations.models import Evaluation, Kind, Stage


@dataclass(frozen=True)
class Step:
    """One stage: who may act there, and with which verbs."""

    right: Right | None
    held_at: str
    verbs: tuple[Verb, ...]
    returns_to: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()
    """The parts of the dossier that may be written here, as ``DossierChanges.tables`` names them."""
    fills: bool = False
    """The unit fills in the dossier here, or adds files to it."""
    drafts: bool = False
    """The evaluator writes the report's chapters, problems and suggestions here."""

    def organization_id(self, evaluation: Evaluation) -> int | None:
        """Where the right must be held, for this evaluation."""
        found: int | None = getattr(evaluation, f"{self.held_at}_id")
        return found


REPORT = frozenset({"report_facts", "sections", "problems", "suggestions"})
MATERIAL = frozenset({"goal", "budget", "rows", "lines", "stated_totals"})
EVERYTHING = REPORT | MATERIAL | {"stated_scores", "indicators"}

SELF_STEPS: dict[str, Step] = {
    Stage.SELF_ASSESSMENT: Step(
        Right.FILL_SELF_ASSESSMENT, "unit", (Verb.SUBMIT,), tables=EVERYTHING, fills=True
    ),
    Stage.UNIT_APPROVAL: Step(
        Right.APPROVE_UNIT, "unit", (Verb.APPROVE, Verb.RETURN), returns_to=(Stage.SELF_ASSESSMENT,)
    ),
    Stage.DEPARTMENT_REVIEW: Step(
        Right.REVIEW_DEPARTMENT,
        "department",
        (Verb.APPROVE, Verb.RETURN),
        returns_to=(Stage.SELF_ASSESSMENT, Stage.UNIT_APPROVAL),
    ),
    Stage.FINANCE_REVIEW: Step(
        Right.REVIEW_FINANCE,
        "bureau",
        (Verb.ACCEPT, Verb.RECHECK, Verb.RETURN),
        returns_to=(Stage.SELF_ASSESSMENT, Stage.DEPARTMENT_REVIEW),
    ),
    Stage.CONCLUSION: Step(
        Right.CONCLUDE,
        "bureau",
        (Verb.CONCLUDE, Verb.RETURN),
        returns_to=(Stage.SELF_ASSESSMENT, Stage.FINANCE_REVIEW),
    ),
}

COMMISSIONED_STEPS: dict[str, Step] = {
    Stage.MATERIAL: Step(Right.FILL_SELF_ASSESSMENT, "unit", (Verb.SUPPLY,), tables=MATERIAL, fills=True),
    Stage.EXPERT_SCORING: Step(None, "evaluator", (Verb.SCORE,)),
    Stage.DRAFT_CONCLUSION: Step(
        Right.RUN_EVALUATION,
        "evaluator",
        (Verb.DRAFT, Verb.RETURN),
        returns_to=(Stage.MATERIAL, Stage.EXPERT_SCORING),
        tables=REPORT,
        drafts=True,
    ),
    Stage.EXCHANGE_OF_VIEWS: Step(Right.FILL_SELF_ASSESSMENT, "unit", (Verb.ANSWER,), fills=True),
    Stage.CONCLUSION: Step(
        Right.CONCLUDE,
        "evaluator",
        (Verb.CONCLUDE, Verb.RETURN),
        returns_to=(Stage.MATERIAL, Stage.DRAFT_CONCLUSION),
    ),
}

# Where findings are asked about, dismissed, or made into scores and items. The unit's approver and the
# experts read them only.
TURNS_FINDINGS = frozenset(
    {Stage.DEPARTMENT_REVIEW, Stage.FINANCE_REVIEW, Stage.DRAFT_CONCLUSION, Stage.CONCLUSION}
)

ITEM_STEPS: dict[str, Step] = {
    ItemStage.PLANNING: Step(Right.CARRY_OUT_RECTIFICATION, "responsible_unit", (Verb.PLAN,), fills=True),
    ItemStage.CARRYING_OUT: Step(
        Right.CARRY_OUT_RECTIFICATION, "responsible_unit", (Verb.REPORT,), fills=True
    ),
    ItemStage.DEPARTMENT_VERIFICATION: Step(
        Right.VERIFY_DEPARTMENT,
        "department",
        (Verb.VERIFY, Verb.SEND_BACK),
        returns_to=(ItemStage.CARRYING_OUT,),
    ),
    ItemStage.FINANCE_VERIFICATION: Step(
        Right.VERIFY_FINANCE, "bureau", (Verb.VERIFY, Verb.SEND_BACK), returns_to=(ItemStage.CARRYING_OUT,)
    ),
}


def steps_of(evaluation: Evaluation) -> dict[str, Step]:
    """The steps of the evaluation's kind, in order."""
    return SELF_STEPS if evaluation.kind == Kind.SELF else COMMISSIONED_STEPS


def stages_of(evaluation: Evaluation) -> list[str]:
    """The stages that this evaluation passes before rectification, in order."""
    skipped = set() if evaluation.unit_approval else {Stage.UNIT_APPROVAL}
    return [stage for stage in steps_of(evaluation) if stage not in skipped]


def stage_after(evaluation: Evaluation) -> str:
    """The stage that follows when the present one is passed."""
    stages = stages_of(evaluation)
    return stages[stages.index(evaluation.stage) + 1]


def return_targets(evaluation: Evaluation) -> list[str]:
    """Where the present stage may return the dossier to: the unit, or the step before."""
    passed = stages_of(evaluation)
    return [stage for stage in steps_of(evaluation)[evaluation.stage].returns_to if stage in passed]
