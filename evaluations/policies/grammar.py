"""What a step may do at which stage: the part of the procedure that no bureau may change.

Sources: 财预〔2020〕10号 (kinds of evaluation, art. 22 on the exchange of views). The
patterns read as the works of a stage's steps, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from accounts.roles import HELD_AT, Right, Role
from evaluations.models.choices import Grade, Kind, Stage
from evaluations.policies.parts import Condition, PolicyStage, PolicyStep
from evaluations.strict_json import Fault, gettext_noop

SIGNED_CONCLUSION = "(sign )*conclude( sign)*"
COMMISSIONED: Mapping[str, str] = {
    Stage.MATERIAL: "supply",
    Stage.EXPERT_SCORING: "score",
    Stage.DRAFT_CONCLUSION: "draft( review)*",
    Stage.EXCHANGE_OF_VIEWS: "answer consider",
    Stage.CONCLUSION: SIGNED_CONCLUSION,
}
GRAMMAR: Mapping[str, Mapping[str, str]] = {
    Kind.SELF: {
        Stage.SELF_ASSESSMENT: "fill",
        Stage.UNIT_APPROVAL: "(review( review)*)?",
        Stage.DEPARTMENT_REVIEW: "review( review)*",
        Stage.FINANCE_REVIEW: "((review )*file)?",
        Stage.CONCLUSION: SIGNED_CONCLUSION,
    },
    Kind.DEPARTMENT: COMMISSIONED,
    Kind.FINANCE: COMMISSIONED,
}

# Parts that a person is appointed to on one evaluation: with an agency its own people, without one the
# head of the working group.
AGENCY_PARTS = ("agency_reviewer", "lead_evaluator", "agency_seal")
PARTS = (*AGENCY_PARTS, "group_head")

OF_THE_UNIT = (Right.APPROVE_UNIT, Role.UNIT_APPROVER)
OF_THE_DEPARTMENT = (Right.REVIEW_DEPARTMENT, Role.DEPARTMENT_REVIEWER, Role.DEPARTMENT_HEAD)
OF_THE_BUREAU = (
    Right.REVIEW_FINANCE,
    Role.FINANCE_DIVISION_REVIEWER,
    Role.FINANCE_OFFICER,
    Role.FINANCE_CHIEF,
    Role.BUREAU_LEADER,
)
CONCLUDING = {
    Kind.SELF: (Right.CONCLUDE, Role.FINANCE_CHIEF, Role.BUREAU_LEADER),
    Kind.DEPARTMENT: (Right.CONCLUDE, Role.DEPARTMENT_HEAD),
    Kind.FINANCE: (Right.CONCLUDE, Role.FINANCE_CHIEF, Role.BUREAU_LEADER),
}
RUNNING = {
    Kind.DEPARTMENT: (Role.DEPARTMENT_REVIEWER, Role.DEPARTMENT_HEAD),
    Kind.FINANCE: (Role.FINANCE_OFFICER, Role.FINANCE_CHIEF, Role.BUREAU_LEADER),
}
ESCALATION = (
    Role.UNIT_APPROVER,
    Role.DEPARTMENT_HEAD,
    Role.FINANCE_OFFICER,
    Role.FINANCE_CHIEF,
    Role.BUREAU_LEADER,
)

ALONE = frozenset({"fill", "supply", "file", "draft", "consider", "conclude"})
ALWAYS_PASSED = frozenset({"fill", "supply", "score", "draft", "answer", "consider", "conclude"})
MAY_ADJUST = frozenset({(Stage.DEPARTMENT_REVIEW, "review"), (Stage.FINANCE_REVIEW, "file")})
MOST_DAYS = 365
MOST_NEEDED = 99


def may_be_asked(kind: str, stage: str, work: str) -> tuple[str, ...]:
    """The roles, rights and parts that a step of this work may ask, the usual one first."""
    if work in ("fill", "supply"):
        return (Right.FILL_SELF_ASSESSMENT,)
    if work in ("score", "answer"):
        return ("",)
    if work in ("draft", "consider"):
        return (Right.RUN_EVALUATION,)
    if stage == Stage.DRAFT_CONCLUSION:
        return (*RUNNING[Kind(kind)], *PARTS)
    if stage == Stage.CONCLUSION:
        parts = () if kind == Kind.SELF or work == "conclude" else PARTS
        return (*CONCLUDING[Kind(kind)], *parts)
    at_stage = {Stage.UNIT_APPROVAL: OF_THE_UNIT, Stage.DEPARTMENT_REVIEW: OF_THE_DEPARTMENT}
    return at_stage.get(Stage(stage), OF_THE_BUREAU)


def place_of(kind: str, stage: str, asked: str) -> str:
    """Where whoever is asked holds the role or right."""
    if asked in HELD_AT:
        return HELD_AT[Role(asked)]
    at_stage = {
        Stage.SELF_ASSESSMENT: "unit",
        Stage.MATERIAL: "unit",
        Stage.UNIT_APPROVAL: "unit",
        Stage.DEPARTMENT_REVIEW: "department",
        Stage.FINANCE_REVIEW: "bureau",
    }
    if stage == Stage.CONCLUSION and kind == Kind.SELF:
        return "bureau"
    return at_stage.get(Stage(stage), "evaluator")


def faults_of_stages(kind: str, stages: Sequence[PolicyStage]) -> Iterator[Fault]:
    """What is wrong with a policy's stages and steps, each with its path."""
    grammar = GRAMMAR[kind]
    order = list(grammar)
    given = [each.stage for each in stages]
    for place, stage in enumerate(given):
        if stage not in grammar:
            yield Fault(f"stages[{place}].stage", gettext_noop("this kind of evaluation has no such stage"))
            return
    if given != sorted(given, key=order.index) or len(set(given)) != len(given):
        yield Fault("stages", gettext_noop("each stage stands once, in the order of the procedure"))
        return
    for stage in order:
        if stage not in given and not re.fullmatch(grammar[stage], ""):
            yield Fault("stages", gettext_noop("the stage “%(stage)s” is missing"), {"stage": stage})
    for place, each in enumerate(stages):
        path = f"stages[{place}].steps"
        if not re.fullmatch(grammar[each.stage], " ".join(step.work for step in each.steps)):
            yield Fault(path, gettext_noop("these steps cannot stand at this stage, or not in this order"))
            continue
        if each.stage == Stage.DEPARTMENT_REVIEW and not any(step.condition.is_empty for step in each.steps):
            yield Fault(path, gettext_noop("one of these steps has to apply to every evaluation"))
        for number, step in enumerate(each.steps):
            yield from below(f"{path}[{number}]", _faults_of_step(kind, each.stage, step))


def below(path: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    """The faults of a part with their paths from the document's root."""
    for fault in faults:
        yield Fault(f"{path}.{fault.path}", fault.words, fault.values)


def _faults_of_step(kind: str, stage: str, step: PolicyStep) -> Iterator[Fault]:
    if step.asked not in may_be_asked(kind, stage, step.work):
        yield Fault("asked", gettext_noop("this step cannot ask “%(asked)s”"), {"asked": step.asked})
    elif step.held_at != place_of(kind, stage, step.asked):
        yield Fault("held_at", gettext_noop("whoever is asked here holds the role elsewhere"))
    yield from _faults_of_votes(step)
    if step.may_adjust and (stage, step.work) not in MAY_ADJUST:
        yield Fault("may_adjust", gettext_noop("scores are not adjusted at this step"))
    if step.days is not None and not 1 <= step.days <= MOST_DAYS:
        yield Fault("days", gettext_noop("must be from 1 to 365"))
    yield from _faults_of_timeout(step)
    if kind == Kind.SELF and step.condition.agency is not None:
        yield Fault("condition.agency", gettext_noop("no agency carries a self-assessment out"))
    yield from _faults_of_condition(step)


def _faults_of_votes(step: PolicyStep) -> Iterator[Fault]:
    several = step.who != "any"
    if several and (step.work in ALONE or step.work in ("score", "answer") or step.asked in PARTS):
        yield Fault("who", gettext_noop("this step asks one person"))
    if step.who == "n_of_m" and (step.needed is None or not 1 <= step.needed <= MOST_NEEDED):
        yield Fault("needed", gettext_noop("say how many have to agree, from 1 to 99"))
    if step.who != "n_of_m" and step.needed is not None:
        yield Fault("needed", gettext_noop("belongs to “N of M” only"))
    if step.veto and not several:
        yield Fault("veto", gettext_noop("belongs to steps that ask several people"))


def _faults_of_timeout(step: PolicyStep) -> Iterator[Fault]:
    if step.on_timeout == "escalate" and step.escalate_to not in ESCALATION:
        yield Fault("escalate_to", gettext_noop("say to which role it is escalated"))
    if step.on_timeout != "escalate" and step.escalate_to:
        yield Fault("escalate_to", gettext_noop("belongs to “escalate” only"))


def _faults_of_condition(step: PolicyStep) -> Iterator[Fault]:
    condition: Condition = step.condition
    if not condition.is_empty and step.work in ALWAYS_PASSED:
        yield Fault("condition", gettext_noop("nobody passes by this step: it has no condition"))
    if condition.budget_over is not None and condition.budget_over < 0:
        yield Fault("condition.budget_over", gettext_noop("must not be negative"))
    if condition.sample_percent is not None and not Decimal(0) < condition.sample_percent <= 100:
        yield Fault("condition.sample_percent", gettext_noop("must be above 0 and at most 100"))
    if unknown := [grade for grade in condition.grades if grade not in Grade.values]:
        yield Fault("condition.grades", gettext_noop("“%(grade)s” is no grade"), {"grade": unknown[0]})
