"""What the dossier says in words: the goal, problems, suggestions, chapters of the report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.models import Evaluation, Indicator, Problem, ReportSection, Suggestion
from workflow.forms.rows import RowForm, text_field


class GoalForm(forms.Form):
    """What was aimed at, and what was reached."""

    goal_expected = text_field(Evaluation, "goal_expected", rows=4)
    goal_achieved = text_field(Evaluation, "goal_achieved", rows=4)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ProblemForm(RowForm):
    """A problem, who deals with it, by when, and which indicator it is about."""

    text = text_field(Problem, "text", rows=2, required=True)
    owner = text_field(Problem, "owner")
    due = text_field(Problem, "due")
    indicator = forms.TypedChoiceField(label=_("Indicator"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, indicators: list[Indicator], **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_id = {indicator.pk: indicator for indicator in indicators}
        choices = [("", "—"), *((row.pk, row.name) for row in indicators)]
        self.fields["indicator"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        own = super().values()
        return {**own, "indicator": self.by_id.get(own.get("indicator") or 0)}


class SuggestionForm(RowForm):
    text = text_field(Suggestion, "text", rows=2, required=True)


class SectionForm(RowForm):
    """A chapter of the report; which one is told by its place."""

    text = text_field(ReportSection, "text", rows=5)
