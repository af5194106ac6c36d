"""What is done with the filtered rows of the ledger: taken along as a file, or reminded of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from audit_log import clock
from audit_log.errors import AlreadyHandled, InvalidInput, NotFound
from evaluations.exchange.writing import FORMATS
from workflow import ledger as ledgers
from workflow.ledger_files import printed, workbook
from workflow.ledger_reminding import Reminder, remind_several
from workflow.presentation.ledger import LedgerFile, file_of
from workflow.presentation.words import holder_of
from workflow.views.ledger import Asked, address, asked_for
from workflow.views.person_request import PersonRequest
from workflow.whole_numbers import whole_number


@dataclass(frozen=True)
class Form:
    """A kind of file, and how many rows it takes at most."""

    media_type: str
    most: int
    write: Callable[[LedgerFile], bytes]


FORMS: Mapping[str, Form] = {
    "xlsx": Form(FORMATS["xlsx"].media_type, workbook.MOST_ROWS, workbook.ledger_xlsx),
    "pdf": Form("application/pdf", printed.MOST_ROWS, printed.ledger_pdf),
}


@require_safe
def export(request: PersonRequest, form: str) -> HttpResponse:
    """Exactly the rows that the filters choose, in the order of the page, as a file.

    Raises NotFound for a form that there is not, InvalidInput for more rows than it takes.
    """
    if form not in FORMS:
        raise NotFound()
    kind = FORMS[form]
    asked = asked_for(request.user, request.GET)
    rows = list(asked.in_order[: kind.most + 1])
    if len(rows) > kind.most:
        raise too_many(asked, form, kind.most)
    file = file_of(rows, asked.filters.in_words(), request.user)
    response = HttpResponse(kind.write(file), content_type=kind.media_type)
    name = f"{file.title}-{clock.today():%Y-%m-%d}.{form}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def too_many(asked: Asked, form: str, most: int) -> InvalidInput:
    """What to do instead."""
    values = {"most": most, "number": asked.rows.count()}
    if form == "pdf":
        words = _(
            "A PDF holds at most %(most)s rows; these filters find %(number)s. "
            "Filter more narrowly, or take the Excel file."
        )
    else:
        words = _(
            "A workbook holds at most %(most)s rows; these filters find %(number)s. "
            "Filter more narrowly, by year for instance."
        )
    return InvalidInput(words % values)


@require_POST
def remind(request: PersonRequest) -> HttpResponse:
    """Remind at each ticked item, or at every open one of the filters, and tell what became of it.

    Raises InvalidInput for too many, NotFound when none of them is the reader's.
    """
    query = QueryDict(request.POST.get("query", ""))
    if "all" in request.POST:
        item_ids = open_ones(asked_for(request.user, query))
    else:
        item_ids = [whole_number(text) or 0 for text in request.POST.getlist("item")]
    if not item_ids:
        messages.info(request, _("Tick the items at which you want to remind first."))
        return redirect(address(query.urlencode()))
    results = remind_several(request.user, item_ids)
    if all(result.item is None for result in results):
        raise NotFound()
    done = sum(result.refusal is None for result in results)
    words = ngettext("%(done)s of %(all)s reminder sent", "%(done)s of %(all)s reminders sent", len(results))
    context = {
        "heading": words % {"done": done, "all": len(results)},
        "rows": [result_row(result) for result in results],
        "back_url": address(query.urlencode()),
    }
    return render(request, "workflow/ledger_reminded.html", context)


def open_ones(asked: Asked) -> list[int]:
    """The open items among those that the filters choose, in the order of the page."""
    rows = asked.in_order.filter(ledgers.OPEN)
    return list(rows.values_list("pk", flat=True))


def result_row(result: Reminder) -> dict[str, Any]:
    """A row of the page that tells: who was reminded, or why nobody was."""
    if result.refusal is None:
        tone, tag = "green", _("Reminded")
    elif isinstance(result.refusal, AlreadyHandled):
        tone, tag = "amber", _("Not reminded again")
    else:
        tone, tag = "red", _("Refused")
    item = result.item
    return {
        "item": item,
        "url": reverse("item", args=[item.pk]) if item else "",
        "holder": holder_of(result.task) if result.task else "",
        "tone": tone,
        "tag": tag,
        "reason": "" if result.refusal is None else str(result.refusal),
    }
