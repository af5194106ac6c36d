"""The procedure as something one reads from top to bottom.

Each kind of evaluation passes its stages in order; its review policy says which
steps each stage has. What a step may do follows from its work: the table below.
A step names the right that it asks for, and the organization (a field of the
evaluation) where that right must be held.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from accounts.roles import Right, codename_of
from approvals.models import ItemStage, RaisedBy, RectificationItem, Verb
from evaluations.models import Evaluation, Kind, Stage
from evaluations.policies.chosen import policy_of
from evaluations.policies.grammar import GRAMMAR, PARTS
from evaluations.policies.parts import PolicyStep


@dataclass(frozen=True)
class Step:
    """One step: who may act there, and with which verbs."""

    right: str | None
    held_at: str
    verbs: tuple[Verb, ...]
    returns_to: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()
    """The parts of the dossier that may be written here, as ``DossierChanges.tables`` names them."""
    fills: bool = False
    """The unit fills in the dossier here, or adds files to it."""
    drafts: bool = False
    """The evaluator writes the report's chapters, problems and suggestions here."""
    stage: str = ""
    number: int = 0
    policy: PolicyStep | None = None
    """What the review policy says of it; None for a rectification item's step."""

    def organization_id(self, evaluation: Evaluation) -> int | None:
        """Where the right must be held, for this evaluation."""
        found: int | None = getattr(evaluation, f"{self.held_at}_id")
        return found

    @property
    def is_joint(self) -> bool:
        """Whether several people are asked here, each with a ballot."""
        return self.policy is not None and self.policy.is_joint

    @property
    def asks_seats(self) -> bool:
        """Whether the seated experts are asked."""
        return self.policy is not None and self.policy.work == "score"

    @property
    def part(self) -> str:
        """The part that a person is appointed to, where the step asks no role."""
        return self.policy.asked if self.policy and self.policy.asked in PARTS else ""

    @property
    def position(self) -> Position:
        return self.stage, self.number


Position = tuple[str, int]

REPORT = frozenset({"report_facts", "sections", "problems", "suggestions"})
MATERIAL = frozenset({"goal", "budget", "rows", "lines", "stated_totals"})
EVERYTHING = REPORT | MATERIAL | {"stated_scores", "indicators"}

VERBS_OF: dict[str, tuple[Verb, ...]] = {
    "fill": (Verb.SUBMIT,),
    "supply": (Verb.SUPPLY,),
    "review": (Verb.APPROVE, Verb.RETURN),
    "file": (Verb.ACCEPT, Verb.RECHECK, Verb.RETURN),
    "score": (Verb.SCORE,),
    "draft": (Verb.DRAFT, Verb.RETURN),
    "answer": (Verb.ANSWER,),
    "consider": (Verb.CONSIDER, Verb.RETURN),
    "sign": (Verb.SIGN, Verb.RETURN),
    "conclude": (Verb.CONCLUDE, Verb.RETURN),
}
TABLES_OF = {"fill": EVERYTHING, "supply": MATERIAL, "draft": REPORT}
FILLING = ("fill", "supply", "answer")

# Where findings are asked about, dismissed, or made into scores and items. The unit's approver and the
# experts read them only.
TURNS_FINDINGS = frozenset(
    {Stage.DEPARTMENT_REVIEW, Stage.FINANCE_REVIEW, Stage.DRAFT_CONCLUSION, Stage.CONCLUSION}
)

ITEM_STEPS: dict[str, Step] = {
    ItemStage.ISSUED: Step(Right.CARRY_OUT_RECTIFICATION, "responsible_unit", (Verb.RECEIVE,), fills=True),
    ItemStage.PLANNING: Step(
        Right.CARRY_OUT_RECTIFICATION, "responsible_unit", (Verb.PLAN, Verb.DISPUTE), fills=True
    ),
    ItemStage.OBJECTION: Step(Right.VERIFY_DEPARTMENT, "department", (Verb.ANSWER_DISPUTE,)),
    ItemStage.PLAN_REVIEW: Step(
        Right.VERIFY_DEPARTMENT,
        "department",
        (Verb.ACCEPT_PLAN, Verb.SEND_BACK),
        returns_to=(ItemStage.PLANNING,),
    ),
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


# Whoever raised an item answers an objection to it and looks at its measures: finance those of its own.
AT_FINANCE = {
    stage: replace(ITEM_STEPS[stage], right=str(Right.VERIFY_FINANCE), held_at="bureau")
    for stage in (ItemStage.OBJECTION, ItemStage.PLAN_REVIEW)
}


def item_step(item: RectificationItem, stage: str | None = None) -> Step | None:
    """What the item's present step asks, or that of another stage; None before and after its course."""
    at = stage or item.stage
    if item.raised_by == RaisedBy.FINANCE and at in AT_FINANCE:
        return AT_FINANCE[ItemStage(at)]
    return ITEM_STEPS.get(at)


@lru_cache(maxsize=2048)
def made(stage: str, number: int, policy: PolicyStep, drawn: bool = False) -> Step:
    """A policy's step with what its work means.

    What was ``drawn`` for a re-check is compared as it stands: finance neither files it
    unseen nor has it written anew.
    """
    verbs = VERBS_OF[policy.work]
    if policy.work == "file" and drawn:
        verbs = (Verb.RECHECK,)
    elif policy.work == "file" and not policy.may_adjust:
        verbs = tuple(verb for verb in verbs if verb != Verb.RECHECK)
    if policy.who != "any":
        verbs = tuple(Verb.OBJECT if verb == Verb.RETURN else verb for verb in verbs)
    asks_the_unit = policy.work == "answer"
    right = Right.FILL_SELF_ASSESSMENT if asks_the_unit else codename_of(policy.asked)
    return Step(
        right=None if policy.asked in PARTS or policy.work == "score" else str(right),
        held_at="unit" if asks_the_unit else policy.held_at,
        verbs=verbs,
        tables=TABLES_OF.get(policy.work, frozenset()),
        fills=policy.work in FILLING,
        drafts=policy.work == "draft",
        stage=stage,
        number=number,
        policy=policy,
    )


def step_of(evaluation: Evaluation, stage: str, number: int = 0) -> Step | None:
    """The evaluation's step at a position; None where its policy has none."""
    policy = policy_of(evaluation).step(stage, number)
    return made(stage, number, policy, evaluation.drawn_at is not None) if policy else None


def step_at(evaluation: Evaluation) -> Step | None:
    """The step where the evaluation stands; None in rectification and when closed."""
    return step_of(evaluation, evaluation.stage, evaluation.step)


def steps_of(evaluation: Evaluation) -> list[Step]:
    """Every step that the evaluation may have to pass, in order."""
    return [
        made(stage, number, policy, evaluation.drawn_at is not None)
        for stage, number, policy in policy_of(evaluation).positions()
        if stage in stages_of(evaluation)
    ]


def stages_of(evaluation: Evaluation) -> list[str]:
    """The stages that this evaluation passes before rectification, in order."""
    policy = policy_of(evaluation)
    left_out = set()
    if not evaluation.unit_approval:
        left_out.add(Stage.UNIT_APPROVAL)
    if policy.stops_at_department and evaluation.drawn_at is None:
        left_out |= {Stage.FINANCE_REVIEW, Stage.CONCLUSION}
    return [each.stage for each in policy.stages if each.steps and each.stage not in left_out]


def order_of(kind: str) -> list[str]:
    """The stages of a kind, in the order of the procedure."""
    return list(GRAMMAR[Kind(kind)])


def place_key(stage: str, number: int) -> str:
    """A position as a form's choice: the stage, with the step's number behind its first."""
    return f"{stage}:{number}" if number else str(stage)
