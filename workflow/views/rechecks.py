"""Draws for re-checks: the list, the form with a look before drawing, the result, points side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit_log.errors import InvalidInput, NotFound
from evaluations.access import visible_to
from workflow import rechecking
from workflow.forms.faults import place
from workflow.forms.rechecks import RecheckDrawForm
from workflow.presentation import rechecks as shown
from workflow.rechecking import Outlook
from workflow.views.person_request import PersonRequest

PER_PAGE = 50
MOST_SHOWN = 200


@require_safe
def draws(request: PersonRequest) -> HttpResponse:
    """The draws of the reader's bureau. Raises NotFound for whoever belongs to none."""
    page = Paginator(rechecking.draws_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    may_draw = rechecking.bureaus_drawing(request.user).exists()
    return render(request, "rechecks/draws.html", {"page_obj": page, "may_draw": may_draw})


@require_http_methods(["GET", "HEAD", "POST"])
def draw_recheck(request: PersonRequest) -> HttpResponse:
    """With figures in the address a look at who could be drawn; a POST draws. Raises NotFound."""
    if not rechecking.bureaus_drawing(request.user).exists():
        raise NotFound()
    posted = request.method == "POST"
    asked = posted or bool(request.GET)
    form = RecheckDrawForm((request.POST if posted else request.GET) if asked else None, user=request.user)
    outlook: Outlook | None = None
    if asked and form.is_valid():
        try:
            if posted:
                return drawn(request, form)
            outlook = rechecking.look(**form.asked())
        except InvalidInput as error:
            place(error, [form])
    context: dict[str, Any] = {"form": form, "outlook": outlook}
    if outlook is not None:
        context["rows"] = shown.outlook_rows(outlook)[:MOST_SHOWN]
        context["kept"] = [(name, request.GET.get(name, "")) for name in form.fields]
    return render(request, "rechecks/draw_form.html", context, status=422 if posted else 200)


def drawn(request: PersonRequest, form: RecheckDrawForm) -> HttpResponse:
    """Draw and show what came out. Raises NotAllowed, InvalidInput."""
    draw = rechecking.draw_recheck(actor=request.user, **form.asked())
    words = ngettext(
        "%(number)s self-assessment was drawn and waits for its re-check.",
        "%(number)s self-assessments were drawn and wait for their re-check.",
        draw.number,
    )
    messages.success(request, words % {"number": draw.number})
    return redirect("recheck_draw", draw.pk)


@require_safe
def show_draw(request: PersonRequest, pk: int) -> HttpResponse:
    """What was drawn and how far it is; below, everybody who could have been. Raises NotFound."""
    draw = rechecking.draw_for(request.user, pk)
    chosen = list(rechecking.drawn_of(draw).select_related("evaluation__project", "evaluation__unit"))
    results = rechecking.results_of(chosen)
    above = sum(result.exceeds for result in results.values())
    candidates = draw.candidates.select_related("evaluation__project").order_by("place")
    context = {
        "draw": draw,
        "stats": shown.progress(draw, above),
        "rows": [shown.drawn_row(each, results) for each in chosen],
        "weights": shown.weights_shown(draw),
        "page_obj": Paginator(candidates, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "rechecks/draw.html", context)


@require_safe
def compare(request: PersonRequest, pk: int) -> HttpResponse:
    """Stated, by the department and by finance, indicator by indicator. Raises NotFound."""
    candidate = rechecking.candidate_for(request.user, pk)
    result = rechecking.results_of([candidate]).get(candidate.evaluation_id)
    context = {
        **shown.drawn_row(candidate, {candidate.evaluation_id: result} if result else {}),
        "rows": shown.compared_rows(candidate.evaluation),
        "may_open": visible_to(request.user).filter(pk=candidate.evaluation_id).exists(),
    }
    return render(request, "rechecks/comparison.html", context)
