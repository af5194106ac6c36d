"""The unit's own screens: the self-assessment, and the material for an evaluation that others run."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from approvals.models import Verb
from workflow.forms.dossier import MATERIAL, SELF_ASSESSMENT
from workflow.forms.pasted_cells import Pasted
from workflow.forms.pasting import paste
from workflow.forms.review import NoteForm, WordForm
from workflow.presentation.live_totals import totals_as_typed
from workflow.screens.base import Handler
from workflow.screens.handing_in import HandsIn, HandsInMaterial


class SelfAssessmentScreen(HandsIn):
    """The unit's own form."""

    template_name = "workflow/task_self_assessment.html"
    parts = SELF_ASSESSMENT
    picks_indicators = True

    def build(self, data: Any) -> None:
        self.pasted: Pasted | None = None
        if data is not None and self.asks_to_paste(data):
            self.verb = "paste"
            self.pasted = paste(data, data.get("pasted", ""), data.get("pasted_at", ""))
            data = self.pasted.data
        super().build(data)

    def build_words(self, data: Any) -> None:
        self.words = WordForm(data, initial=self.typed_before)

    def asks_to_paste(self, data: Any) -> bool:
        """Rows that were put into their box are placed before anything is saved: they would be lost."""
        is_forgotten = self.verb in ("save", "pick", Verb.SUBMIT) and str(data.get("pasted", "")).strip()
        return self.verb == "paste" or bool(is_forgotten)

    def handlers(self) -> dict[str, Handler]:
        own: dict[str, Handler] = {"paste": self.show_again, "pick": self.to_the_library}
        return {**super().handlers(), Verb.SUBMIT: self.submit, **own}

    def to_the_library(self) -> HttpResponse:
        """Keep what was typed, then go to pick from the library of indicators."""
        if not self.is_valid():
            return self.show(422)
        self.keep()
        return redirect("pick_indicators", self.task.process_id, self.task.pk)

    def submit(self) -> HttpResponse:
        return self.hand_in(Verb.SUBMIT, opinion=self.words["opinion"].value() or "")

    def totals(self) -> HttpResponse:
        """The panel of totals with the findings, for what is typed at this moment."""
        context = {"totals": totals_as_typed(self.dossier), **self.live()}
        return render(self.request, "workflow/_totals_live.html", context)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "pasted": self.pasted,
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
