"""The unit's own screens: the self-assessment, and the material for an evaluation that others run."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from approvals.models import Verb
from workflow.forms.dossier import MATERIAL, SELF_ASSESSMENT
from workflow.forms.review import NoteForm
from workflow.presentation.live_totals import totals_as_typed
from workflow.screens.base import Handler
from workflow.screens.handing_in import HandsIn, HandsInMaterial


class SelfAssessmentScreen(HandsIn):
    """The unit's own form."""

    template_name = "workflow/task_self_assessment.html"
    parts = SELF_ASSESSMENT

    def handlers(self) -> dict[str, Handler]:
        return {**super().handlers(), Verb.SUBMIT: self.submit}

    def submit(self) -> HttpResponse:
        return self.hand_in(Verb.SUBMIT, opinion=self.words["opinion"].value() or "")

    def totals(self) -> HttpResponse:
        """The panel of totals with the findings, for what is typed at this moment."""
        context = {"totals": totals_as_typed(self.dossier), **self.live()}
        return render(self.request, "workflow/_totals_live.html", context)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "totals": totals_as_typed(self.dossier),
            "totals_url": reverse("totals", args=[self.task.process_id, self.task.pk]),
        }


class MaterialScreen(HandsInMaterial):
    """The unit supplies what the notice lists; it never states a score."""

    template_name = "workflow/task_material.html"
    parts = MATERIAL

    def build_words(self, data: Any) -> None:
        self.words = NoteForm(data, initial=self.typed_before)

    def handlers(self) -> dict[str, Handler]:
        return {**super().handlers(), Verb.SUPPLY: self.supply}

    def supply(self) -> HttpResponse:
        return self.hand_in(Verb.SUPPLY, opinion=self.words["opinion"].value() or "")
