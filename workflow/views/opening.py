"""Opening an evaluation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import rights_for_reading
from accounts.roles import Right
from audit_log.errors import InvalidInput, NotFound
from workflow import services
from workflow.forms.faults import faults_of, place
from workflow.forms.opening import OpeningForm, ProjectForm, units_run_by
from workflow.on_hold import Holds
from workflow.views.person_request import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
def open_evaluation(request: PersonRequest) -> HttpResponse:
    """Choose or enter a project and open its evaluation. Raises NotFound for whoever runs none."""
    rights = rights_for_reading(request.user)
    if not rights.anywhere(Right.RUN_EVALUATION):
        raise NotFound()
    data = request.POST if request.method == "POST" else None
    project, opening = ProjectForm(data, rights=rights), OpeningForm(data, user=request.user, rights=rights)
    project.mark(Holds(request.user, units_run_by(rights).values("pk")).of)
    if data is None:
        return page(request, project, opening)
    if all([project.is_valid(), opening.is_valid()]):
        try:
            evaluation = services.open_evaluation(
                actor=request.user, **project.chosen(), **opening.cleaned_data
            )
        except InvalidInput as error:
            place(error, (project, opening))
        else:
            messages.success(
                request, _("The evaluation %(number)s was opened.") % {"number": evaluation.number}
            )
            return redirect("dossier", evaluation.pk)
    return page(request, project, opening, status=422)


def page(
    request: PersonRequest, project: ProjectForm, opening: OpeningForm, status: int = 200
) -> HttpResponse:
    """The form, with what is wrong with it on top."""
    faults = list(faults_of((("", project), ("", opening)))) if status != 200 else []
    context = {"project": project, "opening": opening, "faults": faults}
    return render(request, "workflow/open_evaluation.html", context, status=status)
