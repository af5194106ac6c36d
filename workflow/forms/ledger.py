"""What the reader asks of the rectification ledger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from approvals.models import ItemStage

STATUS_CHOICES = [
    ("", _("All")),
    ("open", _("Not closed")),
    ("overdue", _("Overdue")),
    ("closed", _("Closed")),
]
SORT_CHOICES = [
    ("due", _("By due date")),
    ("number", _("By number")),
    ("latest", _("Latest first")),
]


class LedgerFilters(forms.Form):
    """What the reader asks of the ledger, from the address; what it cannot mean is refused."""

    year = forms.TypedChoiceField(label=_("Fiscal year"), required=False, coerce=int, empty_value=None)
    department = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Department"), required=False, empty_label=_("All departments")
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[*STATUS_CHOICES, *ItemStage.choices]
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORT_CHOICES)
    q = forms.CharField(label=_("Search"), required=False, max_length=100)

    def __init__(self, data: Any, *, years: list[int], departments: list[int]) -> None:
        super().__init__(data)
        labels = [(year, _("Year %(year)s") % {"year": year}) for year in sorted(years, reverse=True)]
        self.fields["year"].choices = [("", _("All years")), *labels]  # type: ignore[attr-defined]
        self.fields["department"].queryset = Organization.objects.filter(pk__in=departments)  # type: ignore[attr-defined]

    def clean_sort(self) -> str:
        return self.cleaned_data["sort"] or "due"

    def options_of(self, name: str) -> list[dict[str, Any]]:
        """The options of a choice, as filter_bar.html takes them."""
        chosen = str(self.data.get(name, ""))
        return [
            {"value": value, "label": label, "selected": str(value) == chosen}
            for value, label in self.fields[name].choices  # type: ignore[attr-defined]
        ]
