"""What lies behind the addresses of withdrawing, handing over, reminding and excusing in the matrix."""

from __future__ import annotations

from evaluations.models import Stage
from tests import votes
from tests.cast import open_task
from tests.permission_scenes import Play, Scene, step
from workflow.models import OPEN, FlowTask
from workflow.working_days import last_overdue


def approved_by_zhao(play: Play) -> Scene:
    """Nobody has acted on Zhao's approval yet."""
    return Scene([play.self_evaluation(Stage.FINANCE_REVIEW).pk], lambda: {"opinion": "漏看一份合同。"})


def departments_step(play: Play) -> Scene:
    """The department's step, for Qian when Zhao hands it over."""
    task = open_task(play.self_evaluation(Stage.DEPARTMENT_REVIEW))
    return step(task, to=play.world.qian.pk, reason="出差，请代为办理。")


def experts_seat(play: Play) -> Scene:
    """Wu's own task to score."""
    evaluation = play.commissioned_evaluation(Stage.EXPERT_SCORING, experts=[play.world.wu])
    return step(open_task(evaluation))


def late_vote(play: Play) -> Scene:
    """Zhao and Qian both have to approve, and Zhao's days are over."""
    policy = votes.published(department_review=[votes.department(who="all")])
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    FlowTask.objects.filter(evaluation=evaluation, status__in=OPEN).update(due=last_overdue())
    return step(open_task(evaluation, play.world.zhao), reason="逾期未审核。")
