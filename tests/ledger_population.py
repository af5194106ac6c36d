"""A small ledger in which every kind of row occurs, and the day on which it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from approvals.models import ItemKind, ItemStage, RectificationItem, Severity, Verb
from evaluations.models import Evaluation, Project, Stage
from tests.cast import World, bring, bring_item, do, propose, walk_self
from tests.rectifying import leader_of, on
from workflow import rectifying

TODAY = date(2026, 9, 17)
"""A Thursday, with the Mid-Autumn holiday of 25 to 27 September before it."""
SPRING, AUTUMN = date(2026, 5, 11), date(2026, 9, 7)
INJECTED = '=HYPERLINK("http://elsewhere.example","事项乙")'


def populate(world: World, make: Callable[..., Evaluation]) -> list[RectificationItem]:
    """Items of two years in every state: overdue, due soon, extended, settled in part, ended, proposed."""
    with on(SPRING):
        older = make(Stage.FINANCE_REVIEW, project=older_project(world))
        closed, granted, ended = (
            propose(
                world, older, world.sun, requirement=f"补齐验收手续{letter}", due=date(2026, 6, 30), **each
            )
            for letter, each in zip("子丑寅", OLDER, strict=True)
        )
        bring(older, Stage.RECTIFICATION, walk_self(world))
        bring_item(world, closed, ItemStage.CLOSED)
        bring_item(world, granted, ItemStage.CARRYING_OUT)
        extended = rectifying.ask_extension(
            item=granted, actor=world.lin, due=date(2026, 9, 22), reason="延期交货。"
        )
        rectifying.answer_extension(extension=extended, actor=world.sun, granted=True)
        rectifying.cancel(item=ended, actor=leader_of(world), opinion="项目已经撤销。")
    with on(AUTUMN):
        newer = make(Stage.FINANCE_REVIEW)
        late, asking, partly, elsewhere = (
            propose(world, newer, world.sun, requirement=text, due=due, **each)
            for text, due, each in newer_items(world)
        )
        bring(newer, Stage.RECTIFICATION, walk_self(world))
        bring_item(world, asking, ItemStage.CARRYING_OUT)
        rectifying.ask_extension(item=asking, actor=world.lin, due=date(2026, 10, 30), reason="延期交货。")
        settle_in_part(world, partly)
        bring_item(world, elsewhere, ItemStage.PLANNING)
        proposed = propose(world, newer, world.sun, requirement="拟提事项", due=date(2026, 12, 31))
    items = [closed, granted, ended, late, asking, partly, elsewhere, proposed]
    for item in items:
        item.refresh_from_db()
    return items


OLDER = (
    {"amount": Decimal("5"), "kind": ItemKind.REPAY, "severity": Severity.SERIOUS},
    {"kind": ItemKind.DELIVER, "severity": Severity.GENERAL},
    {"amount": Decimal("7.123456"), "kind": ItemKind.REPAY, "severity": Severity.MINOR},
)


def newer_items(world: World) -> list[tuple[str, date, dict[str, object]]]:
    """Overdue, due soon with an extension asked for, due at the year's end, another unit's."""
    return [
        ("事项甲", date(2026, 9, 11), {"amount": Decimal("12.5"), "kind": ItemKind.REPAY}),
        (INJECTED, date(2026, 9, 24), {"kind": ItemKind.EXPLAIN, "severity": Severity.MINOR}),
        ("事项丙", date(2026, 12, 31), {"amount": Decimal("1234.56"), "kind": ItemKind.SYSTEM}),
        ("事项丁", date(2026, 10, 16), {"responsible_unit": world.other_unit}),
    ]


def older_project(world: World) -> Project:
    project = Project(
        code="XM-2024-001", name="档案数字化项目", fiscal_year=2024, unit=world.unit, lead=world.lin
    )
    project.save_as(world.sun)
    return project


def settle_in_part(world: World, item: RectificationItem) -> None:
    """The department and finance prove 400 万元 repaid; the rest is being carried out."""
    bring_item(world, item, ItemStage.DEPARTMENT_VERIFICATION)
    do(Verb.VERIFY, item, world.zhao, opinion="已查银行回单。", settled=Decimal(400))
    do(Verb.VERIFY, item, world.sun, opinion="与国库核对一致。", settled=Decimal(400))
