"""The terms of rectification of a review policy's draft: days, extensions, and a ladder by severity."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.models import Grade
from evaluations.policies.terms import MOST_DAYS, MOST_EXTENSIONS, SEVERITIES
from workflow.presentation.policy_terms import severity_label
from workflow.whole_numbers import whole_number

LADDER_PATH = re.compile(r"rectification\.ladder\.(?P<severity>\w+)\.(?P<field>\w+)")
BETWEEN = re.compile(r"[,、;\s]+")


class DaysInput(forms.TextInput):
    """Days as they are typed: 10, 5, 3, 1."""

    def format_value(self, value: Any) -> str:
        return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")


class DaysField(forms.Field):
    """Days one after the other, in the order typed; nothing typed is no day."""

    widget = DaysInput

    def to_python(self, value: Any) -> list[int]:
        """The days. Raises ValidationError for what is no list of whole numbers."""
        if isinstance(value, (list, tuple)):
            return list(value)
        words = [word for word in BETWEEN.split(unicodedata.normalize("NFKC", str(value or ""))) if word]
        days = [whole_number(word) for word in words]
        if None in days:
            raise ValidationError(
                _("“%(text)s” is no list of days: type whole numbers, as in 10, 5, 3, 1."),
                code="invalid",
                params={"text": str(value).strip()[:40]},
            )
        return [day for day in days if day is not None]


def day_field(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_DAYS, **options)


class TermsForm(forms.Form):
    """What holds for every item, whatever its severity."""

    measures_days = day_field(gettext_lazy("Days to plan the measures, from the receipt (calendar days)"))
    objection_days = day_field(gettext_lazy("Days to object, from the receipt (calendar days)"))
    extensions = forms.IntegerField(
        label=gettext_lazy("Extensions of one item at most"), min_value=0, max_value=MOST_EXTENSIONS
    )
    holding = forms.MultipleChoiceField(
        label=gettext_lazy("Grades that put next year's similar application on hold"),
        choices=Grade.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "As long as an item is not closed; none: only what the use of a result holds."
        ),
    )


class RungsForm(forms.Form):
    """When reminders of one severity go out, and to whom, in working days from the due date."""

    before = DaysField(label=gettext_lazy("Reminded before the date"), required=False)
    overdue = DaysField(label=gettext_lazy("Reminded when overdue"), required=False)
    head_after = day_field(gettext_lazy("Department head told after"), required=False)
    chief_after = day_field(gettext_lazy("Finance chief told after"), required=False)

    def __init__(self, data: Any, *, severity: str, stored: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=f"ladder-{severity}", initial=dict(stored))
        self.severity, self.stored = severity, stored

    @property
    def title(self) -> str:
        return severity_label(self.severity)


class TermsForms:
    """The part of a policy that is called "rectification", bound to ``data`` or as stored."""

    def __init__(self, data: Any, stored: Mapping[str, Any]) -> None:
        self.stored = stored
        self.general = TermsForm(data, prefix="terms", initial=dict(stored))
        self.rungs = [
            RungsForm(data, severity=severity, stored=stored["ladder"][severity]) for severity in SEVERITIES
        ]

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        """Each form with the words that name it."""
        yield "", self.general
        for row in self.rungs:
            yield row.title, row

    def document(self) -> dict[str, Any]:
        """The part as typed; what cannot be read stays as stored."""
        ladder = {row.severity: {**row.stored, **row.cleaned_data} for row in self.rungs}
        return {**self.stored, **self.general.cleaned_data, "ladder": ladder}

    def form_of(self, path: str) -> tuple[forms.Form, str]:
        """The form and the field behind a path such as "rectification.ladder.minor.before"."""
        if found := LADDER_PATH.fullmatch(path):
            return self.rungs[list(SEVERITIES).index(found["severity"])], found["field"]  # type: ignore[arg-type]
        return self.general, path.removeprefix("rectification.")
