"""The forms of an item's page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReopenForm(forms.Form):
    """Why finance reopens a closed item, and until when it has to be put right."""

    opinion = forms.CharField(
        label=_("Reason"),
        error_messages={"required": _("Say why you reopen it.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )
    due = forms.DateField(
        label=_("New due date"),
        error_messages={"required": _("Enter the new due date.")},
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )
