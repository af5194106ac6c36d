"""Review policies made for a test, and people who vote by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from accounts.roles import Role
from approvals.models import Ballot, Decision, Verb
from audit_log import clock
from evaluations.models import Evaluation, ReviewPolicy, Stage
from tests.cast import World, do, person
from tests.evaluations.policies.samples import step, with_steps
from workflow.models import OPEN, FlowTask

Steps = list[dict[str, Any]]


def published(kind: str = "self", **stages: Steps) -> ReviewPolicy:
    """The product's own policy with other steps at some stages, published."""
    content = with_steps(kind, **stages)
    policy = ReviewPolicy(
        code=f"votes-{ReviewPolicy.objects.count()}",
        name=content.name,
        content=content.to_json(),
        status=ReviewPolicy.Status.PUBLISHED,
        published_at=clock.now(),
    )
    policy.save_as(None)
    return policy


def department(**more: Any) -> dict[str, Any]:
    """A review by the department; ``who="all"`` asks all of its reviewers."""
    return step("review_department", "department", **more)


def colleagues(world: World, number: int) -> list[User]:
    """More people who may review for the department."""
    return [
        person(f"colleague{place}", f"审核员{place}", Role.DEPARTMENT_REVIEWER, world.department)
        for place in range(number)
    ]


def agree(evaluation: Evaluation, *people: User, opinion: str = "同意。") -> Decision:
    """Each votes for it, one after the other; the last one's decision."""
    return [do(Verb.APPROVE, evaluation, voter, opinion=opinion) for voter in people][-1]


def object_to(evaluation: Evaluation, *people: User, **details: Any) -> Decision:
    """Each votes against it; the last one's decision."""
    details = {"opinion": "请补充合同。", **details}
    return [do(Verb.OBJECT, evaluation, voter, **details) for voter in people][-1]


def asked(evaluation: Evaluation) -> list[User | None]:
    """Whom the open tasks of the evaluation ask, None for a role; in the order of the ballots."""
    tasks = FlowTask.objects.filter(
        evaluation=evaluation, item=None, flow_task_type="HUMAN", status__in=OPEN
    ).select_related("owner")
    return [task.owner for task in tasks.order_by("ballot__place", "pk")]


def position(evaluation: Evaluation) -> tuple[str, int, int]:
    """Stage, step and round."""
    return evaluation.stage, evaluation.step, evaluation.round


def ballots(evaluation: Evaluation) -> list[Ballot]:
    """The ballots of the present step, in their order."""
    return list(
        Ballot.objects.filter(
            evaluation=evaluation, stage=evaluation.stage, step=evaluation.step, round=evaluation.round
        )
    )


def at_departments_vote(
    world: World, self_evaluation: Callable[..., Evaluation], **of_step: Any
) -> tuple[Evaluation, list[User]]:
    """A self-assessment that waits for the votes of the department's three reviewers, and they."""
    voters = [world.zhao, world.qian, *colleagues(world, 1)]
    policy = published(department_review=[department(**of_step)])
    return self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy), voters
