"""Moving an evaluation to another scheme or framework: which one, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.models import Evaluation, Framework, Scheme
from evaluations.template_access import offered
from workflow.forms.rows import label


class ChoiceForm(forms.Form):
    """Which scheme or framework the preview is of."""

    scheme = forms.ModelChoiceField(
        Scheme.objects.none(), label=label(Evaluation, "scheme"), required=False, empty_label=_("stays")
    )
    framework = forms.ModelChoiceField(
        Framework.objects.none(), label=label(Evaluation, "framework"), required=False, empty_label=_("stays")
    )

    def __init__(self, data: Any, *, user: Any, evaluation: Evaluation) -> None:
        super().__init__(data)
        schemes = offered(user, Scheme).exclude(pk=evaluation.scheme_id)
        frameworks = offered(user, Framework)
        if evaluation.framework_id is not None:
            frameworks = frameworks.exclude(pk=evaluation.framework_id)
        self.fields["scheme"].queryset = schemes  # type: ignore[attr-defined]
        self.fields["framework"].queryset = frameworks  # type: ignore[attr-defined]
        if evaluation.is_self:
            del self.fields["framework"]

    def clean(self) -> dict[str, Any]:
        """One at a time: each has its own list of what changes."""
        values = self.cleaned_data
        if values.get("scheme") and values.get("framework"):
            self.add_error("framework", _("Move one at a time: first the scheme or first the framework."))
        return values


class ReasonForm(forms.Form):
    """Why the evaluation is moved; it is kept in the history and told to the unit."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages={"required": _("Say why the evaluation is moved.")},
        widget=forms.Textarea({"rows": 3}),
    )
