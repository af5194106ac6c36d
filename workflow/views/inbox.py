"""The inbox: what waits for the reader comes first."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from approvals.models import ItemStage
from evaluations.models import Stage
from workflow import inbox as boxes
from workflow.presentation import inbox as rows
from workflow.presentation.bulk import inbox_bar
from workflow.presentation.links import address, choice, kept, known
from workflow.presentation.talk import asked_of
from workflow.working_days import due_within, last_overdue

ROWS_A_PAGE = 20
TABS: dict[str, tuple[Any, Any, Any]] = {
    "waiting": (gettext_lazy("To do"), boxes.waiting, rows.waiting_rows),
    "done": (gettext_lazy("Done"), boxes.done, rows.done_rows),
    "started": (gettext_lazy("Started by me"), boxes.started, rows.started_rows),
}
# Annual budget in 万元: from, up to but without.
AMOUNTS: dict[str, tuple[Any, int | None, int | None]] = {
    "small": (gettext_lazy("under 1 million yuan"), None, 100),
    "middle": (gettext_lazy("1 to 5 million yuan"), 100, 500),
    "large": (gettext_lazy("5 million yuan and more"), 500, None),
}
OF_EVALUATIONS = ("number", "project__name", "unit__name")
OF_ITEMS = ("item__number", "item__requirement", "item__responsible_unit__name")


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me, what I did, what I started.

    At most 13 statements, one for what waits but is not mine to decide, and one for whose I act.
    """
    tab = known(request, "tab", TABS) or "waiting"
    figures = boxes.figures(request.user)
    _label, read, present = TABS[tab]
    everything = read(request.user)
    asked = asked_for(request, tab)
    paginator = Paginator(everything.filter(asked), ROWS_A_PAGE)
    if not asked:
        paginator.count = getattr(figures, tab)  # counted already
    page = paginator.get_page(request.GET.get("page"))
    shown = present(page, request.user)
    asked_of_me = asked_of(request.user)
    context = {
        "tab": tab,
        "heading": heading(figures.waiting + len(asked_of_me)),
        "asked_of_me": asked_of_me if tab == "waiting" else [],
        "stats": stats_of(figures),
        "pills": pills_of(request, tab, figures),
        "choices": choices_of(request),
        "hidden": kept(request, "tab", "due"),
        "search": request.GET.get("q", ""),
        "is_filtered": bool(asked),
        "page_obj": page,
        "rows": shown,
        "several": several_of(request, page, shown) if tab == "waiting" else None,
    }
    return render(request, "workflow/inbox.html", context)


def several_of(request: HttpRequest, page: Page[Any], shown: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What stands under the table, for the rows that have a box."""
    ticked = [task for task, row in zip(page, shown, strict=True) if row["tick"]]
    return inbox_bar(request, ticked, page.paginator.count)


def heading(waiting: int) -> str:
    """The answer first: how many."""
    if not waiting:
        return _("Nothing waits for you today")
    words = ngettext(
        "%(number)s matter waits for you today", "%(number)s matters wait for you today", waiting
    )
    return words % {"number": waiting}


def stats_of(figures: boxes.InboxFigures) -> list[dict[str, Any]]:
    """How late, how much, how many under way."""
    here = reverse("inbox")
    under_way = _("evaluations under way (%(all)s due, %(closed)s closed)")
    return [
        {
            "value": figures.overdue,
            "label": _("overdue"),
            "tone": "red" if figures.overdue else "",
            "url": f"{here}?due=overdue",
        },
        {
            "value": figures.soon,
            "label": _("due within two working days"),
            "tone": "amber" if figures.soon else "",
            "url": f"{here}?due=soon",
        },
        {
            "value": figures.under_way,
            "label": under_way % {"all": figures.due_in_all, "closed": figures.closed},
            "url": reverse("evaluation_list"),
        },
        {"value": figures.open_items, "label": _("rectification items not closed"), "url": reverse("ledger")},
    ]


def pills_of(request: HttpRequest, tab: str, figures: boxes.InboxFigures) -> list[dict[str, Any]]:
    """The tabs with their numbers; what was searched stays."""
    return [
        {
            "label": label,
            "url": address(request, tab=name, due=None, stage=None),
            "count": getattr(figures, name),
            "current": name == tab,
        }
        for name, (label, _read, _present) in TABS.items()
    ]


def choices_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The stage and the amount."""
    return [
        choice(request, "stage", _("Stage"), stages(), _("All stages")),
        choice(
            request,
            "amount",
            _("Annual budget"),
            [(name, label) for name, (label, _from, _to) in AMOUNTS.items()],
            _("All amounts"),
        ),
    ]


def stages() -> list[tuple[str, Any]]:
    """Every stage of an evaluation and of an item; "closed" is both and stands once."""
    found = dict(Stage.choices)
    found |= {value: label for value, label in ItemStage.choices if value not in found}
    return list(found.items())


def asked_for(request: HttpRequest, tab: str) -> Q:
    """The search and the filters as a condition on the tab's rows; empty when nothing is asked."""
    prefix = "" if tab == "started" else "evaluation__"
    return (
        searched(request.GET.get("q", "").strip(), prefix)
        & of_stage(known(request, "stage", dict(stages())))
        & of_amount(known(request, "amount", AMOUNTS), prefix)
        & falling_due(request.GET.get("due", "") if tab == "waiting" else "")
    )


def searched(text: str, prefix: str) -> Q:
    """Number, project or unit contains the text."""
    if not text:
        return Q()
    fields = [prefix + field for field in OF_EVALUATIONS] + list(OF_ITEMS if prefix else ())
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": text})
    return condition


def of_stage(stage: str) -> Q:
    return Q(stage=stage) if stage else Q()


def of_amount(name: str, prefix: str) -> Q:
    """The annual budget lies in the named range."""
    if not name:
        return Q()
    _label, least, most = AMOUNTS[name]
    condition = Q()
    if least is not None:
        condition &= Q(**{f"{prefix}budget__annual__gte": least})
    if most is not None:
        condition &= Q(**{f"{prefix}budget__annual__lt": most})
    return condition


def falling_due(which: str) -> Q:
    """Overdue, or due within two working days."""
    late = Q(due__lte=last_overdue())
    if which == "overdue":
        return late
    return ~late & Q(due__lte=due_within(boxes.SOON)) if which == "soon" else Q()
