"""A ledger of two departments and three years: with closed, reopened, ended, late and repeated items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.roles import Role
from approvals.models import ItemKind, ItemStage, RectificationItem
from evaluations.models import Evaluation, Project, Stage
from tests.cast import (
    World,
    bring,
    bring_item,
    fill,
    open_self_evaluation,
    organization,
    person,
    propose,
    walk_self,
)
from tests.ledger_population import populate
from tests.rectifying import on
from workflow import rectifying, services

EARLIER, LATER, REOPENED = date(2025, 10, 13), date(2026, 3, 9), date(2026, 6, 8)
HOUSING = "衡州市住房保障中心"


def several_departments(
    world: World, make: Callable[..., Evaluation]
) -> tuple[World, list[RectificationItem]]:
    """What ``populate`` makes, and a second department's items; the second world is that department's.

    At its unit delivery fails in 2023 and 2024, and each item of 2023 is closed; one is reopened.
    """
    there = elsewhere(world)
    items = populate(world, make)
    leader = rectifying_leader(world)
    with on(EARLIER):
        kept, again = issued(there, 2023, {"kind": ItemKind.DELIVER}, {"amount": Decimal("30")})
    for item, day in ((kept, date(2025, 11, 3)), (again, date(2025, 12, 1))):
        with on(day):
            bring_item(there, item, ItemStage.CLOSED)
    with on(REOPENED):
        services.reopen(item=again, actor=world.sun, opinion="复发", due=date(2026, 10, 30))
    with on(LATER):
        late, ended = issued(
            there, 2024, {"kind": ItemKind.DELIVER}, {"amount": Decimal("8.5"), "kind": ItemKind.REPAY}
        )
        rectifying.cancel(item=ended, actor=leader, opinion="项目已经撤销。")
    for item in (kept, again, late, ended):
        item.refresh_from_db()
    return there, [*items, kept, again, late, ended]


def rectifying_leader(world: World) -> Any:
    """A second leader of the bureau, beside the one of ``populate``."""
    return person("xu", "小许", Role.BUREAU_LEADER, world.bureau)


def elsewhere(world: World) -> World:
    """The cast of the other department, in the places of Lin's."""
    unit = organization("unit", HOUSING, "122", world.other_department)
    return replace(
        world,
        department=world.other_department,
        unit=unit,
        lin=person("ma", "小马", Role.PROJECT_LEAD, unit),
        wang=person("niu", "小牛", Role.UNIT_APPROVER, unit),
        zhao=world.chu,
    )


def issued(world: World, year: int, *details: dict[str, Any]) -> list[RectificationItem]:
    """Finance's items of a new project of that fiscal year, due three weeks later at first."""
    project = Project(
        code=f"XM-{year}-7{Project.objects.count():02d}",
        name=f"住房保障项目{year}",
        fiscal_year=year,
        unit=world.unit,
        lead=world.lin,
    )
    project.save_as(world.sun)
    evaluation = open_self_evaluation(world, project=project)
    fill(evaluation, world.lin)
    walk = walk_self(world)
    bring(evaluation, Stage.FINANCE_REVIEW, walk)
    items = [propose(world, evaluation, world.sun, **each) for each in details]
    bring(evaluation, Stage.RECTIFICATION, walk)
    for item in items:
        item.refresh_from_db()
    return items
