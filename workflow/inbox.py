"""What waits for me, what I did, what I started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from approvals.access import visible_items
from approvals.models import NOT_RUNNING, Decision, Verb
from evaluations.access import visible_condition, visible_to
from evaluations.models import Evaluation, Stage
from workflow.access import waiting_for
from workflow.models import FlowTask
from workflow.working_days import due_within, last_overdue

SOON = 2  # working days
STARTING = Q(verb__in=(Verb.OPEN, Verb.SUBMIT, Verb.SUPPLY), item=None)


@dataclass(frozen=True)
class InboxFigures:
    """What the inbox says before its table."""

    waiting: int
    overdue: int
    soon: int
    done: int
    started: int
    due_in_all: int
    under_way: int
    closed: int
    open_items: int


def figures(user: Any) -> InboxFigures:
    """Counted in four statements, whatever the number of rows."""
    late = Q(due__lte=last_overdue())
    tasks = waiting_for(user).aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=late),
        soon=Count("pk", filter=~late & Q(due__lte=due_within(SOON))),
    )
    user._number_waiting = tasks["waiting"]
    begun = STARTING & Q(actor=user.pk) & visible_condition(user, "evaluation__")
    own = Decision.objects.filter(by_or_for(user)).aggregate(
        done=Count("pk", filter=~Q(verb=Verb.OPEN)),
        started=Count("evaluation", filter=begun, distinct=True),
    )
    seen = visible_to(user).aggregate(
        due_in_all=Count("pk"),
        closed=Count("pk", filter=Q(stage=Stage.CLOSED)),
        under_way=Count("pk", filter=~Q(stage=Stage.CLOSED)),
    )
    items = visible_items(user).exclude(stage__in=NOT_RUNNING)
    return InboxFigures(**tasks, **own, **seen, open_items=items.count())


def number_waiting(user: Any) -> int:
    """How many open steps wait for this person, remembered on the person for the length of a request."""
    if not hasattr(user, "_number_waiting"):
        user._number_waiting = waiting_for(user).count()
    number: int = user._number_waiting
    return number


def waiting(user: Any) -> QuerySet[FlowTask]:
    """Open steps for this person, the earliest due date first."""
    return (
        waiting_for(user)
        .select_related(
            "evaluation__project",
            "evaluation__unit",
            "evaluation__budget",
            "evaluation__policy",
            "item__responsible_unit",
            "ballot",
            "owner",
            "organization",
        )
        .order_by(F("due").asc(nulls_last=True), "pk")
    )


def by_or_for(user: Any) -> Q:
    """What makes a decision this person's: made by them, or by somebody who acted for them."""
    return Q(actor=user.pk) | Q(on_behalf_of=user.pk)


def done(user: Any) -> QuerySet[Decision]:
    """What this person decided, or others for them, the latest first."""
    return (
        Decision.objects.filter(by_or_for(user))
        .exclude(verb=Verb.OPEN)
        .select_related(
            "evaluation__project",
            "evaluation__unit",
            "evaluation__budget",
            "item__responsible_unit",
            "actor",
            "on_behalf_of",
        )
        .order_by("-decided_at", "-pk")
    )


def started(user: Any) -> QuerySet[Evaluation]:
    """The evaluations that this person opened or submitted, the latest first."""
    own = Decision.objects.filter(STARTING, actor=user.pk)
    return (
        visible_to(user)
        .filter(pk__in=own.values("evaluation"))
        .select_related("project", "unit", "budget")
        .order_by("-opened_at", "-pk")
    )
