"""Random review policies that the office's people can complete."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from evaluations.models import Kind, Stage
from evaluations.policies.document import PolicyContent
from evaluations.policies.grammar import ALWAYS_PASSED, PARTS, may_be_asked, place_of
from evaluations.policies.parts import Condition, PolicyStage, PolicyStep

HOLDERS = 3
"""How many people hold each role that a policy may ask."""

conditions = st.one_of(
    st.just(Condition()),
    st.builds(Condition, budget_over=st.sampled_from([Decimal(100), Decimal(500)])),
    st.builds(Condition, error_finding=st.booleans()),
    st.builds(Condition, grades=st.sampled_from([("优",), ("良", "中"), ("差",)])),
    st.builds(
        Condition,
        sample_percent=st.sampled_from([Decimal(20), Decimal(60)]),
        budget_over=st.just(Decimal(300)),
        match=st.sampled_from(["all", "any"]),
    ),
)


@st.composite
def steps(draw: Any, kind: str, stage: str, work: str) -> PolicyStep:
    """A step of this work, with whatever the grammar lets it ask."""
    offered = [asked for asked in may_be_asked(kind, stage, work) if asked not in PARTS]
    asked = str(draw(st.sampled_from(offered)))
    who = (
        draw(st.sampled_from(["any", "any", "all", "n_of_m", "sequence"]))
        if work in ("review", "sign")
        else "any"
    )
    return PolicyStep(
        work=work,  # type: ignore[arg-type]
        asked=asked,
        held_at=place_of(kind, stage, asked),  # type: ignore[arg-type]
        who=who,
        needed=draw(st.integers(1, 2)) if who == "n_of_m" else None,
        veto=who != "any" and draw(st.booleans()),
        may_adjust=(stage, work) in ((Stage.DEPARTMENT_REVIEW, "review"), (Stage.FINANCE_REVIEW, "file"))
        and draw(st.booleans()),
        condition=Condition() if work in ALWAYS_PASSED else draw(conditions),
    )


def some(work: str, least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.just(work), min_size=least, max_size=2)


SELF: dict[str, st.SearchStrategy[list[str]]] = {
    Stage.SELF_ASSESSMENT: st.just(["fill"]),
    Stage.UNIT_APPROVAL: some("review"),
    Stage.DEPARTMENT_REVIEW: some("review", 1),
    Stage.FINANCE_REVIEW: st.one_of(st.just([]), some("review").map(lambda before: [*before, "file"])),
    Stage.CONCLUSION: some("sign").map(lambda after: ["conclude", *after]),
}
COMMISSIONED: dict[str, st.SearchStrategy[list[str]]] = {
    Stage.MATERIAL: st.just(["supply"]),
    Stage.EXPERT_SCORING: st.just(["score"]),
    Stage.DRAFT_CONCLUSION: some("review").map(lambda after: ["draft", *after]),
    Stage.EXCHANGE_OF_VIEWS: st.just(["answer", "consider"]),
    Stage.CONCLUSION: some("sign").map(lambda after: ["conclude", *after]),
}


@st.composite
def policies(draw: Any, kind: str) -> PolicyContent:
    """A policy of this kind, valid by the grammar."""
    works = SELF if kind == Kind.SELF else COMMISSIONED
    stages = []
    for stage, works_at in works.items():
        chosen = [draw(steps(kind, stage, work)) for work in draw(works_at)]
        if stage == Stage.DEPARTMENT_REVIEW:  # one of its steps has to apply to everything
            chosen[0] = replace(chosen[0], condition=Condition())
        if chosen:
            stages.append(PolicyStage(str(stage), tuple(chosen)))
    return PolicyContent(
        code="random",
        name="随机审核流程",
        kind=str(kind),  # type: ignore[arg-type]
        stages=tuple(stages),
        stops_at_department=kind == Kind.SELF and draw(st.booleans()),
    )
