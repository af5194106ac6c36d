"""Self-assessments that stopped at the department, and re-checks of them, for the tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from approvals.models import Decision, RecheckDraw, Verb
from evaluations.models import Evaluation, Kind, ReviewPolicy, Stage
from tests.cast import World, bring, do, fill, open_self_evaluation, walk_self
from workflow import rechecking


def filed_policy() -> ReviewPolicy:
    """The shipped policy by which a self-assessment ends with the department's review."""
    return ReviewPolicy.objects.get(code="self-filed", version=1)


def stop_at_department(world: World, **options: Any) -> Evaluation:
    """A self-assessment of Lin's that the department has approved, and that is closed with that."""
    options.setdefault("policy", filed_policy())
    evaluation = open_self_evaluation(world, project=world.free_project(Kind.SELF), **options)
    fill(evaluation, world.lin)
    return bring(evaluation, Stage.CLOSED, walk_self(world))


def draw(world: World, **options: Any) -> RecheckDraw:
    """Sun draws among those of 2025; one unless said otherwise."""
    if "percent" not in options:
        options.setdefault("number", 1)
    return rechecking.draw_recheck(bureau=world.bureau, actor=world.sun, fiscal_year=2025, **options)


def points(evaluation: Evaluation, value: str) -> dict[int, tuple[Decimal, str]]:
    """Finance's own points for the indicator of which 18.57 were stated."""
    return {evaluation.indicators.get(name="上线业务模块").pk: (Decimal(value), "核对验收单后核减。")}


def recheck(evaluation: Evaluation, actor: Any, value: str) -> Decision:
    """Re-check with these points for that one indicator."""
    return do(Verb.RECHECK, evaluation, actor, scores=points(evaluation, value), opinion="抽查复核。")


def drawn(world: World, **options: Any) -> Evaluation:
    """A self-assessment that was drawn and waits for finance."""
    evaluation = stop_at_department(world, **options)
    draw(world)
    evaluation.refresh_from_db()
    return evaluation
