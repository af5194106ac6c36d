"""The forms of an item's page: progress, extensions, the end, a new beginning."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.forms.files import FileForm


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")


def text_input(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "input"})


class ReopenForm(forms.Form):
    """Why finance reopens a closed item, and until when it has to be put right."""

    opinion = forms.CharField(
        label=_("Reason"), error_messages={"required": _("Say why you reopen it.")}, widget=text_input()
    )
    due = forms.DateField(
        label=_("New due date"),
        error_messages={"required": _("Enter the new due date.")},
        widget=day_input(),
    )


class ProgressForm(FileForm):
    """How far the carrying out has come, with the files that show it."""

    percent = forms.IntegerField(
        label=_("Done so far (percent)"),
        min_value=0,
        max_value=100,
        error_messages={"required": _("Enter a percentage from 0 to 100.")},
        widget=forms.NumberInput(attrs={"min": 0, "max": 100, "step": 1}),
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        help_text=_("Today, when it is left empty."),
        widget=day_input(),
    )
    text = forms.CharField(
        label=_("What was done"), error_messages={"required": _("Write what was done.")}, widget=text_input()
    )
    field_order = ("percent", "day", "text", "file", "file_description")

    def entry(self) -> dict[str, Any]:
        """What the action takes. Call it when the form is valid."""
        return {name: self.cleaned_data[name] for name in ("percent", "day", "text")}


class ExtensionForm(forms.Form):
    """Until when the unit wants more time, and why."""

    due = forms.DateField(
        label=_("Due date asked for"),
        error_messages={"required": _("Enter the due date that you ask for.")},
        widget=day_input(),
    )
    reason = forms.CharField(
        label=_("Why the due date cannot be kept"),
        error_messages={"required": _("Say why the due date cannot be kept.")},
        widget=text_input(),
    )


class ExtensionAnswerForm(forms.Form):
    """Granted, until when; or refused, with a reason."""

    due = forms.DateField(
        label=_("Granted until"),
        required=False,
        help_text=_("The day asked for, or another later one. A refusal needs none."),
        widget=day_input(),
    )
    reason = forms.CharField(
        label=_("Reason of the answer"),
        required=False,
        help_text=_("A refusal needs a reason."),
        widget=text_input(),
    )


class CancelForm(forms.Form):
    """Why an item need not be put right any more."""

    opinion = forms.CharField(
        label=_("Why it need not be put right any more"),
        error_messages={"required": _("Say why it need not be put right any more.")},
        widget=text_input(),
    )
