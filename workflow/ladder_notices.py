"""Whom a rung of an item's ladder tells, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count

from accounts.access import holders_of, people_asked
from accounts.roles import Right, Role, codename_of
from approvals.actions.item_shape import place_of
from approvals.ladder import CHIEF, HEAD, RECEIPT, Reached
from approvals.models import ItemStage, RectificationItem
from approvals.procedure import item_step
from audit_log.record import chain_of, record
from evaluations.calendar import Calendar
from notices import messages
from notices.jobs import announce
from notices.models import Notice
from workflow.models import OPEN, FlowTask

ROLES = {HEAD: Role.DEPARTMENT_HEAD, CHIEF: Role.FINANCE_CHIEF}


@dataclass(frozen=True)
class Told:
    """The cause that a rung's notices name, and how many people have one."""

    source: str
    people: int = 0


@dataclass(frozen=True)
class Place:
    """Who is told: a person by name, or whoever holds a right at an organization."""

    right: str
    organization_id: int | None
    owner_id: int | None = None

    @property
    def names_somebody(self) -> bool:
        """Whether anybody is there; a person by name only as long as they hold the right."""
        if self.owner_id:
            return holders_of(self.right, self.organization_id or 0).filter(pk=self.owner_id).exists()
        return people_asked(self.right, self.organization_id or 0).exists()

    @property
    def recipients(self) -> dict[str, Any]:
        """As ``announce`` takes them."""
        return {
            "owner_id": self.owner_id,
            "right": self.right,
            "organization_id": self.organization_id,
        }


def tell_rungs(
    item: RectificationItem, rungs: Sequence[Reached], calendar: Calendar, today: date
) -> dict[Reached, Told]:
    """Tell of each rung; call it inside the transaction that writes the rungs down, under the lock.

    One that goes up to the department's head or the finance chief is put on record in the
    evaluation's chain.
    """
    told = {}
    for each in rungs:
        source = source_of(item, each)
        message, values = words_of(item, each, calendar, today)
        place = next((place for place in places_of(item, each) if place.names_somebody), None)
        if place is not None:
            announce(
                message=message,
                values=values,
                stage=ItemStage(item.stage).label,
                path=f"/rectification/{item.pk}/",
                source=source,
                **place.recipients,
            )
        if each.rung.group in ROLES:
            note_escalation(item, each)
        told[each] = Told(source)
    return counted(told)


def counted(told: dict[Reached, Told]) -> dict[Reached, Told]:
    """The same with the number of people who have a notice of it."""
    sources = [each.source for each in told.values()]
    rows = Notice.objects.filter(source__in=sources).order_by().values_list("source")
    people = dict(rows.annotate(Count("pk")))
    return {rung: replace(each, people=people.get(each.source, 0)) for rung, each in told.items()}


def source_of(item: RectificationItem, reached: Reached) -> str:
    """What the notices name as their cause: a receipt is one for all items of a notice that a unit has."""
    if reached.arming.kind == RECEIPT and item.notice_id is not None:
        return f"receipt:{item.notice_id}:{item.responsible_unit_id}:{reached.rung.days}"
    return f"ladder:{item.pk}:{reached.arming.key}:{reached.rung.key}"


def words_of(
    item: RectificationItem, reached: Reached, calendar: Calendar, today: date
) -> tuple[str, dict[str, Any]]:
    """The message and its figures, in working days as things stand today, not as the rung counts."""
    due = reached.arming.day
    if reached.arming.kind == RECEIPT:
        return messages.RECEIPT_WAITING, {"project": item.evaluation.project.name, "issued": str(due)}
    left = calendar.left(due, today)
    values = {"item": item.requirement[:60], "due": str(due), "days": str(abs(left))}
    if reached.rung.group in ROLES:
        return messages.ITEM_ESCALATED, values
    if left > 0:
        return messages.ITEM_DUE_SOON, values
    if left < 0:
        return messages.ITEM_OVERDUE, values
    return messages.ITEM_DUE_TODAY, {**values, "ends": str(today)}


def places_of(item: RectificationItem, reached: Reached) -> Iterator[Place]:
    """Who is to be told, and after them who is told instead where nobody is there.

    A vacant post ends no ladder: the office that holds it is told, then the one above.
    """
    evaluation = item.evaluation
    if reached.rung.group == CHIEF:
        yield Place(codename_of(Role.FINANCE_CHIEF), evaluation.bureau_id)
        yield Place(str(Right.VERIFY_FINANCE), evaluation.bureau_id)
        return
    if reached.rung.group == HEAD:
        yield Place(codename_of(Role.DEPARTMENT_HEAD), evaluation.department_id)
    elif reached.arming.kind == RECEIPT:
        # As the notice itself: it is addressed to the unit, whoever has its items in hand.
        yield Place(str(Right.CARRY_OUT_RECTIFICATION), item.responsible_unit_id)
    else:
        yield from asked_now(item)
    yield Place(str(Right.VERIFY_DEPARTMENT), evaluation.department_id)
    yield Place(str(Right.VERIFY_FINANCE), evaluation.bureau_id)


def asked_now(item: RectificationItem) -> Iterator[Place]:
    """Whom the item's open step asks: whoever has it in hand, else the role."""
    step = item_step(item)
    if step is None or step.right is None:
        return
    organization_id = place_of(item, step)
    task = FlowTask.objects.filter(item=item, flow_task_type="HUMAN", status__in=OPEN).first()
    if task is not None and task.owner_id:
        yield Place(str(step.right), organization_id, task.owner_id)
    yield Place(str(step.right), organization_id)


def note_escalation(item: RectificationItem, reached: Reached) -> None:
    """Put on record that an item went up, as ``workflow.deadlines`` does for a task."""
    record(
        chain=chain_of(item.evaluation_id),
        verb="escalate",
        actor=None,
        object=item,
        data={
            "stage": item.stage,
            "to": ROLES[reached.rung.group],
            "due": reached.arming.day,
            "deadline": reached.arming.kind,
        },
    )
