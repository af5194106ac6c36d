"""What a reviewer, an expert or the concluding office types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from approvals.models import UseOfResult
from evaluations.models import Indicator
from workflow.forms.figures import FigureField, points
from workflow.forms.pointing import PointingForm
from workflow.whole_numbers import whole_number


class OpinionForm(forms.Form):
    """An opinion; whether it may be empty is the verb's to say."""

    opinion = forms.CharField(label=_("Opinion"), required=False, widget=forms.Textarea({"rows": 4}))


class WordForm(forms.Form):
    """What a unit says to its reviewers beside the self-assessment."""

    opinion = forms.CharField(label=_("Explanation"), required=False, widget=forms.Textarea({"rows": 4}))


class NoteForm(forms.Form):
    """The covering note to the material that a unit supplies."""

    opinion = forms.CharField(
        label=_("Covering note"),
        help_text=_("Say which material of the list you supply, and what is missing and why."),
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )


class AnswerForm(forms.Form):
    """What an addressee says to the draft conclusion on the whole."""

    opinion = forms.CharField(
        label=_("The answer on the whole"),
        help_text=_("In a few words; what you see differently stands at its point."),
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )


class ReviewForm(PointingForm, OpinionForm):
    """An opinion, where a return goes to, and what it points at."""

    to = forms.ChoiceField(label=_("Where a return goes to"), required=False)
    straight_back = forms.BooleanField(
        label=_("Then straight back to me"),
        help_text=_("Without it the steps between are passed again."),
        required=False,
    )

    def __init__(self, *args: Any, targets: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = list(targets)  # type: ignore[attr-defined]

    def way_back(self) -> dict[str, Any]:
        """The arguments of a return beside its opinion. Call it when the form is valid."""
        chosen = {name: self.cleaned_data[name] for name in ("to", "straight_back")}
        return {**chosen, "pointers": self.pointers()}


class ConclusionForm(forms.Form):
    """A total and the text that goes with it."""

    total = points(label=_("Total score"), required=False, help_text=_("Points out of 100."))
    conclusion = forms.CharField(label=_("Conclusion"), required=False, widget=forms.Textarea({"rows": 8}))

    def require_total(self) -> bool:
        """Note a missing total at its field."""
        if self.cleaned_data.get("total") is None and "total" not in self.errors:
            self.add_error("total", _("Enter the total."))
        return not self.errors


class UseForm(forms.Form):
    """What a concluded result is used for: what the table names unless something else is chosen."""

    use = forms.ChoiceField(label=_("Use of the result"), required=False, choices=[])
    percent = FigureField(
        label=_("Percentage cut"),
        required=False,
        max_digits=5,
        decimal_places=2,
        units=("%",),
        help_text=_("Percent of the annual budget; only for a cut."),
    )
    use_reason = forms.CharField(
        label=_("Reason for the departure"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed where the use departs from the table."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(value, capfirst(str(label))) for value, label in UseOfResult.choices]
        self.fields["use"].choices = [("", _("As the table names it")), *choices]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """The arguments of the verb; a percentage beside a use that cuts nothing means nothing."""
        values = dict(self.cleaned_data)
        if values["use"] not in ("", UseOfResult.CUT):
            values["percent"] = None
        return values


class ScoresForm(forms.Form):
    """Points for each indicator, with a reason or an opinion beside them."""

    def __init__(
        self,
        data: Any,
        *,
        indicators: Iterable[Indicator],
        given: Mapping[int, Decimal | None],
        typed: Mapping[str, str],
    ) -> None:
        self.indicators = list(indicators)
        initial = {f"score-{pk}": value for pk, value in given.items()}
        super().__init__(data, initial={**initial, **typed})
        for indicator in self.indicators:
            score, reason = f"score-{indicator.pk}", f"reason-{indicator.pk}"
            name = {"name": indicator.name}
            self.fields[score] = points(label=_("Score for “%(name)s”") % name, required=False)
            self.fields[reason] = forms.CharField(
                label=_("Reason for the score of “%(name)s”") % name, required=False, max_length=2000
            )
            self.fields[f"findings-{indicator.pk}"] = forms.CharField(
                required=False, max_length=200, widget=forms.HiddenInput
            )

    def given(self) -> dict[int, tuple[Decimal, str]]:
        """Points and reason by indicator, where points were given. Call it when the form is valid."""
        values = self.cleaned_data
        return {
            row.pk: (values[f"score-{row.pk}"], values[f"reason-{row.pk}"])
            for row in self.indicators
            if values[f"score-{row.pk}"] is not None
        }

    def adjusted(self) -> dict[int, int]:
        """The indicator that each finding led to a score of. Call it when the form is valid."""
        return {
            number: row.pk
            for row in self.indicators
            for number in map(whole_number, self.cleaned_data[f"findings-{row.pk}"].split())
            if number is not None
        }
