"""The small forms in the life of a scheme or a framework."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from evaluations.models.versions import Versioned
from evaluations.template_access import is_maintained_by, maintained_by


class CopyForm(forms.Form):
    """What a copy is called, and whether it is the next version or something new."""

    bureau = forms.ModelChoiceField(Organization.objects.none(), label=_("Finance bureau"), empty_label=None)
    code = forms.CharField(
        label=_("Code"), max_length=50, help_text=_("Small letters, digits and hyphens, as city-2026.")
    )
    name = forms.CharField(label=_("Name"), max_length=200)

    def __init__(self, data: Any, *, user: Any, source: Versioned) -> None:
        own = is_maintained_by(user, source)
        super().__init__(data, initial={"name": source.name, "code": source.code if own else ""})
        if own:
            self.fields["code"].help_text = _(
                "The same code makes the next version of it; another code begins something new."
            )
        bureaus = maintained_by(user)
        self.fields["bureau"].queryset = bureaus  # type: ignore[attr-defined]
        if len(bureaus) == 1:
            self.fields["bureau"].widget = forms.HiddenInput()
            self.initial["bureau"] = bureaus[0].pk


class RetireForm(forms.Form):
    """Why a version is offered no more."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, error_messages={"required": _("Say why it is retired.")}
    )


class TrialForm(forms.Form):
    """Which evaluation a scheme is tried on."""

    evaluation = forms.CharField(label=_("Number of the evaluation"), max_length=40)
