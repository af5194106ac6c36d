"""The screen that concludes a score and a grade; with it the proposed items are assigned."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.models import Verb
from workflow.forms.figures import read_figure
from workflow.forms.review import ConclusionForm, UseForm
from workflow.presentation.live_totals import grade_letter
from workflow.presentation.uses import named_words
from workflow.presentation.words import grade_label
from workflow.screens.base import Handler, Screen, verb
from workflow.screens.review import ReviewScreen

GIVING_A_TOTAL = (Verb.RECHECK, Verb.APPROVE, Verb.SUBMIT)


class GradesTotal(Screen):
    """A screen with a total whose grade follows while it is typed."""

    total_form: ConclusionForm

    def totals(self) -> HttpResponse:
        """The grade of the total as typed."""
        return render(self.request, "workflow/_grade.html", self.grade())

    def grade(self) -> dict[str, Any]:
        letter = grade_letter(self.evaluation, self.typed_total())
        return {"grade": letter, "grade_label": grade_label(letter)}

    def typed_total(self) -> Decimal | None:
        """The total in the field; None while it cannot be read."""
        try:
            found = read_figure(str(self.total_form["total"].value() or ""))
        except forms.ValidationError:
            return None
        return found.value if found else None

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "conclusion": self.total_form,
            "totals_url": reverse("totals", args=[self.task.process_id, self.task.pk]),
            **self.grade(),
        }


class ConclusionScreen(GradesTotal, ReviewScreen):
    """Total, grade, text and items; or a return."""

    template_name = "workflow/task_conclusion.html"

    def build(self, data: Any) -> None:
        super().build(data)
        initial = {"total": self.suggested_total(), "conclusion": "", **self.typed_before}
        self.total_form = ConclusionForm(data, initial=initial)
        self.use_form = UseForm(data, initial=self.typed_before)

    def suggested_total(self) -> Decimal | None:
        """The draft's total; else the last that finance, the department or the unit came to."""
        if not self.evaluation.is_self:
            return self.evaluation.draft_total
        for decision in reversed(self.decisions):
            if decision.verb in GIVING_A_TOTAL and decision.total is not None:
                return decision.total
        return self.evaluation.stated_total

    def handlers(self) -> dict[str, Handler]:
        return {**super().handlers(), Verb.CONCLUDE: self.conclude}

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.total_form
        yield "", self.use_form
        yield from super().named_forms()

    def decision_forms(self) -> list[forms.BaseForm]:
        return [self.total_form, self.use_form, self.review]

    def totals(self) -> HttpResponse:
        """The grade of the total as typed, with the use that the table names for it."""
        return render(self.request, "workflow/_grade_and_use.html", {**self.grade(), **self.named_use()})

    def named_use(self) -> dict[str, str]:
        """What the table names for the total as typed, and why."""
        letter = grade_letter(self.evaluation, self.typed_total())
        return {"named_use": named_words(self.evaluation, letter)}

    def conclude(self) -> HttpResponse:
        valid = self.is_valid()
        if not self.total_form.require_total() or not valid:
            return self.show(422)
        return self.perform(Verb.CONCLUDE, **self.total_form.cleaned_data, **self.use_form.given())

    def context(self) -> dict[str, Any]:
        return {**super().context(), "use_form": self.use_form, **self.named_use()}

    def offered(self) -> dict[str, Any]:
        return {**super().offered(), "primary": verb(_("Conclude"), Verb.CONCLUDE)}
