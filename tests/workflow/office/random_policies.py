"""Random documents of valid review policies, from a number that a course is played with."""

from __future__ import annotations

from random import Random
from typing import Any

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
from tests.evaluations.policies.samples import CHOICES, has_filing, step

GRADES = "优良中差"
MOST_BUDGET = 800
"""In 万元, about twice what the dossiers here have: a condition on the budget is met or not."""
MOST_VOTES = 3
"""As many as hold a role here."""


def policy_document(random: Random, kind: str) -> dict[str, Any]:
    """Any policy of the grammar, with figures of the order of this office."""
    stages = []
    for stage, pattern in GRAMMAR[kind].items():
        works = random.choice(CHOICES.get(stage, (pattern.split(),)))
        if works:
            made = [policy_step(random, kind, stage, work) for work in works]
            if stage == "department_review":
                made[0].pop("condition")  # one of its steps applies to every evaluation
            stages.append({"stage": stage, "steps": made})
    return {
        "code": "drawn",
        "name": "随机流程",
        "kind": str(kind),
        "stages": stages,
        "stops_at_department": kind == "self" and has_filing(stages) and random.random() < 0.5,
        "panel_rule": random.choice(["mean", "trimmed_mean"]),
        "recheck_threshold": str(random.randrange(30)),
    }


def policy_step(random: Random, kind: str, stage: str, work: str) -> dict[str, Any]:
    """A step that the grammar lets stand at the stage."""
    asked = random.choice(may_be_asked(kind, stage, work))
    found = step(asked, place_of(kind, stage, asked), work)
    if not (work in ALONE or work in ("score", "answer") or asked in PARTS):
        found |= voting(random)
    found["may_adjust"] = (stage, work) in MAY_ADJUST and random.random() < 0.5
    if work not in ALWAYS_PASSED:
        found["condition"] = condition(random, kind)
    if random.random() < 0.5:
        found["days"] = random.randint(1, 60)
    if random.random() < 0.3:
        found |= {"on_timeout": "escalate", "escalate_to": random.choice(ESCALATION)}
    return found


def voting(random: Random) -> dict[str, Any]:
    """One is asked, or several."""
    who = random.choice(["any", "any", "all", "n_of_m", "sequence"])
    found: dict[str, Any] = {"who": who, "veto": who != "any" and random.random() < 0.5}
    return found | ({"needed": random.randint(1, MOST_VOTES)} if who == "n_of_m" else {})


def condition(random: Random, kind: str) -> dict[str, Any]:
    """No condition mostly, else one with some of its parts."""
    parts: dict[str, Any] = {
        "budget_over": str(random.randrange(MOST_BUDGET)),
        "grades": random.sample(GRADES, random.randint(1, len(GRADES))),
        "error_finding": random.random() < 0.5,
        "sample_percent": str(random.randint(1, 100)),
        "agency": random.random() < 0.5,
        "match": random.choice(["all", "any"]),
    }
    fitting = sorted(set(parts) - ({"agency"} if kind == "self" else set()))
    names = random.sample(fitting, random.randint(1, len(fitting))) if random.random() < 0.4 else []
    return {name: parts[name] for name in names}
