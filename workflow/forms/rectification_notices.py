"""The particulars of a notice of rectification."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ParticularsForm(forms.Form):
    """What stands in a notice beside its items: to whom in copy, on what basis, whom to ask."""

    copies = forms.CharField(label=_("Copies to"), max_length=300, required=False)
    basis = forms.CharField(
        label=_("Basis"),
        help_text=_("The rules and the plan of work on which the evaluation rests."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    report_due = forms.DateField(
        label=_("Report on the rectification due"),
        help_text=_("The latest due date of the items, when it is left empty."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    contact = forms.CharField(label=_("Contact"), max_length=60, required=False)
    telephone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
