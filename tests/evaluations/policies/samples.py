"""Review policies for tests: built from steps, and random ones that are valid."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from evaluations.policies.document import PolicyContent
from evaluations.policies.grammar import (
    ALONE,
    ALWAYS_PASSED,
    ESCALATION,
    GRAMMAR,
    MAY_ADJUST,
    PARTS,
    may_be_asked,
    place_of,
)
from evaluations.policies.shipped import default_policy, shipped_policies

# Works of each stage, as many as the grammar lets stand there.
CHOICES = {
    "unit_approval": ([], ["review"], ["review", "review"]),
    "department_review": (["review"], ["review", "review"], ["review"] * 3),
    "finance_review": ([], ["file"], ["review", "file"], ["review", "review", "file"]),
    "draft_conclusion": (["draft"], ["draft", "review"], ["draft", "review", "review"]),
    "conclusion": (["conclude"], ["sign", "conclude"], ["conclude", "sign"], ["sign", "conclude", "sign"]),
}


def document(kind: str = "self", **changes: Any) -> dict[str, Any]:
    """The product's own policy of a kind as a document, with some keys changed."""
    return {**copy.deepcopy(default_policy(kind).to_json()), **changes}


def shipped(code: str) -> dict[str, Any]:
    return copy.deepcopy(shipped_policies()[code].to_json())


def stage_of(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The steps of a document's stage, to be changed in place."""
    return next(each["steps"] for each in found["stages"] if each["stage"] == name)


def step(asked: str, held_at: str = "bureau", work: str = "review", **more: Any) -> dict[str, Any]:
    return {"work": work, "asked": asked, "held_at": held_at, **more}


def with_steps(kind: str = "self", **stages: list[dict[str, Any]]) -> PolicyContent:
    """The product's own policy with other steps at some stages."""
    found = document(kind)
    for name, steps in stages.items():
        stage_of(found, name)[:] = steps
    return PolicyContent.from_json(found)


FIGURES = st.decimals("0.01", "99999", places=2).map(str)


@st.composite
def conditions(draw: Any, kind: str) -> dict[str, Any]:
    """A condition with some of its parts."""
    parts = {
        "budget_over": FIGURES,
        "grades": st.lists(st.sampled_from("优良中差"), min_size=1, max_size=4, unique=True),
        "error_finding": st.booleans(),
        "sample_percent": st.decimals("0.01", "100", places=2).map(str),
        "agency": st.booleans(),
        "match": st.sampled_from(["all", "any"]),
    }
    fitting = sorted(set(parts) - ({"agency"} if kind == "self" else set()))
    names = draw(st.lists(st.sampled_from(fitting), unique=True))
    return {name: draw(parts[name]) for name in names}


def has_filing(stages: list[dict[str, Any]]) -> bool:
    """Whether finance files, or re-checks, at one of the steps."""
    return any(made["work"] == "file" for stage in stages for made in stage["steps"])


@st.composite
def steps(draw: Any, kind: str, stage: str, work: str) -> dict[str, Any]:
    """A step that the grammar lets stand at the stage."""
    asked = draw(st.sampled_from(may_be_asked(kind, stage, work)))
    found: dict[str, Any] = step(asked, place_of(kind, stage, asked), work)
    if not (work in ALONE or work in ("score", "answer") or asked in PARTS):
        found["who"] = draw(st.sampled_from(["any", "all", "n_of_m", "sequence"]))
        if found["who"] == "n_of_m":
            found["needed"] = draw(st.integers(1, 99))
        found["veto"] = found["who"] != "any" and draw(st.booleans())
    found["may_adjust"] = (stage, work) in MAY_ADJUST and draw(st.booleans())
    if work not in ALWAYS_PASSED:
        found["condition"] = draw(conditions(kind))
    if draw(st.booleans()):
        found["days"] = draw(st.integers(1, 365))
    if draw(st.booleans()):
        found |= {"on_timeout": "escalate", "escalate_to": draw(st.sampled_from(ESCALATION))}
    return found


@st.composite
def documents(draw: Any, kind: str | None = None) -> dict[str, Any]:
    """The document of a valid policy."""
    kind = kind or draw(st.sampled_from(list(GRAMMAR)))
    stages = []
    for stage, pattern in GRAMMAR[kind].items():
        works = draw(st.sampled_from(CHOICES.get(stage, (pattern.split(),))))
        if works:
            made = [draw(steps(kind, stage, work)) for work in works]
            if stage == "department_review":
                made[0].pop("condition")  # one of its steps applies to every evaluation
            stages.append({"stage": stage, "steps": made})
    return {
        "code": "random",
        "name": draw(st.text("甲乙丙丁", min_size=1, max_size=8)),
        "kind": str(kind),
        "stages": stages,
        "stops_at_department": kind == "self" and has_filing(stages) and draw(st.booleans()),
        "panel_rule": draw(st.sampled_from(["mean", "trimmed_mean"])),
        "recheck_threshold": draw(st.decimals("0", "100", places=2).map(str)),
    }
