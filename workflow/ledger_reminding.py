"""Reminding at many items at once, each by itself: a refused row holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.access import visible_items
from approvals.models import RectificationItem
from audit_log.errors import InvalidInput, JihengError, NotFound, WrongStage
from workflow.door import refusals_noted
from workflow.handing_over import remind
from workflow.models import OPEN, FlowTask

logger = logging.getLogger(__name__)

MOST = 200
UNFORESEEN = _(
    "The program failed at this item, and nobody was reminded. "
    "The error is in the log: please tell whoever looks after the system."
)


@dataclass(frozen=True)
class Reminder:
    """What became of one row: ``task`` was reminded of, or ``refusal`` says why not.

    ``item`` is None for a row that is not the actor's: nobody learns what it was.
    """

    item: RectificationItem | None
    task: FlowTask | None = None
    refusal: JihengError | None = None


def remind_several(actor: User, item_ids: Iterable[int]) -> list[Reminder]:
    """Remind whoever each item's open step asks, each in its own transaction with every check of one.

    A task is reminded of at most once a day. Raises InvalidInput for more than 200 items: then
    nobody is reminded.
    """
    wanted = list(dict.fromkeys(item_ids))
    if len(wanted) > MOST:
        words = _("At most %(most)s items are reminded of at once; you chose %(number)s.")
        raise InvalidInput(words % {"most": MOST, "number": len(wanted)})
    items, tasks = read(actor, wanted)
    return [attempt(actor, pk, items.get(pk), tasks.get(pk)) for pk in wanted]


def read(
    actor: User, wanted: Sequence[int]
) -> tuple[Mapping[int, RectificationItem], Mapping[int, FlowTask]]:
    """The items that the actor may see, and the step that each waits at: two statements."""
    items = visible_items(actor).select_related("responsible_unit").in_bulk(wanted)
    waiting = FlowTask.objects.filter(item__in=items, flow_task_type="HUMAN", status__in=OPEN)
    tasks = {task.item_id: task for task in waiting.select_related("owner", "organization").order_by("-pk")}
    return items, {pk: task for pk, task in tasks.items() if pk is not None}


def attempt(actor: User, pk: int, item: RectificationItem | None, task: FlowTask | None) -> Reminder:
    """Remind at one item; a refusal is a result here, and so is what nobody foresaw: it is logged.

    A lost connection is raised: it would fail at every other row, too.
    """
    try:
        return Reminder(item, send(actor, pk, item, task))
    except JihengError as error:
        return Reminder(item, task, error)
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        logger.exception("Nobody could be reminded of item %s with others.", pk)
        return Reminder(item, task, JihengError(UNFORESEEN))


def send(actor: User, pk: int, item: RectificationItem | None, task: FlowTask | None) -> FlowTask:
    """One reminder by the door of a single one; what never comes so far is noted here."""
    if item is None or task is None:
        with refusals_noted("remind", actor, "item", pk):
            if item is None:
                raise NotFound(_("This item does not exist, or it is not yours."))
            raise WrongStage(_("Nobody is asked to do anything at this item now."))
    remind(process_id=task.process_id, task_id=task.pk, actor=actor)
    return task
