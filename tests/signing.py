"""Finance evaluations whose report is signed before it is concluded, and whose conclusion is signed after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from evaluations.models import Evaluation, Kind, Part, ReviewPolicy, Stage
from tests.cast import World, bring, person, walk_commissioned
from workflow import appointing

AGENCY = "衡州某会计师事务所"


def signed_evaluation(
    world: World,
    commissioned_evaluation: Callable[..., Evaluation],
    *,
    stage: str,
    group_head: User | None = None,
    **options: Any,
) -> Evaluation:
    """A finance evaluation by the policy with signatures, at a stage before the first of them."""
    policy = ReviewPolicy.objects.get(code="finance-signed")
    first = min(stage, Stage.DRAFT_CONCLUSION, key=list(Stage).index)
    evaluation = commissioned_evaluation(first, kind=Kind.FINANCE, policy=policy, **options)
    if group_head is not None:
        appointing.appoint(evaluation=evaluation, actor=world.sun, person=group_head, part=Part.GROUP_HEAD)
    return bring(evaluation, stage, walk_commissioned(world))


def appoint_agency(world: World, evaluation: Evaluation) -> dict[str, User]:
    """The agency's three people."""
    names = {Part.AGENCY_REVIEWER: "reviewer", Part.LEAD_EVALUATOR: "mainly", Part.AGENCY_SEAL: "seal"}
    people = {}
    for part, name in names.items():
        people[str(part)] = person(name, f"机构人员{name}")
        appointing.appoint(
            evaluation=evaluation, actor=world.sun, person=people[str(part)], part=part, agency=AGENCY
        )
    return people
