"""What is asked before self-assessments are drawn for a re-check."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from approvals.actions.draw_recheck import NO_SIZE
from audit_log import clock
from evaluations.models import Campaign, Kind
from evaluations.sampling import USUAL_WEIGHTS, RecheckWeights
from workflow.forms.figures import FigureField
from workflow.rechecking import bureaus_drawing

WEIGHT: dict[str, Any] = {
    "min_value": Decimal(0),
    "max_value": Decimal(1000),
    "decimal_places": 4,
    "error_messages": {"required": _("Enter a weight; with 0 it does not count.")},
}
WEIGHTS = ("amount", "error", "warning", "low_execution")


class RecheckDrawForm(forms.Form):
    """Out of what, how many, and what makes a project likelier to be drawn."""

    bureau = forms.ModelChoiceField(Organization.objects.none(), label=_("Bureau"), empty_label=None)
    fiscal_year = forms.IntegerField(
        label=_("Fiscal year"),
        min_value=2000,
        max_value=2100,
        error_messages={"required": _("Enter the fiscal year.")},
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=_("Campaign"),
        required=False,
        empty_label=_("all self-assessments of the year"),
    )
    number = forms.IntegerField(label=_("How many projects"), required=False, min_value=1, max_value=10_000)
    percent = FigureField(
        label=_("Or which percentage"),
        required=False,
        units=("%",),
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        decimal_places=2,
        help_text=_("Of those that could be drawn, rounded up."),
    )
    amount = FigureField(
        label=_("For each 1 million yuan of annual budget"), initial=USUAL_WEIGHTS.amount, **WEIGHT
    )
    error = FigureField(
        label=_("For each error handed in with a reason"), initial=USUAL_WEIGHTS.error, **WEIGHT
    )
    warning = FigureField(label=_("For each warning"), initial=USUAL_WEIGHTS.warning, **WEIGHT)
    low_execution = FigureField(
        label=_("For an execution rate below 80%"), initial=USUAL_WEIGHTS.low_execution, **WEIGHT
    )

    def __init__(self, data: Any = None, *, user: Any) -> None:
        bureaus = bureaus_drawing(user)
        initial = {"fiscal_year": clock.today().year - 1, "bureau": bureaus.first(), "percent": Decimal(10)}
        super().__init__(data, initial=initial)
        campaigns = Campaign.objects.filter(kind=Kind.SELF, organizer__in=bureaus).order_by("-pk")
        self.fields["bureau"].queryset = bureaus  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One size, not two."""
        cleaned: dict[str, Any] = super().clean() or {}
        faulty = {"number", "percent"} & set(self.errors)
        if not faulty and (cleaned.get("number") is None) == (cleaned.get("percent") is None):
            self.add_error("number", NO_SIZE)
        return cleaned

    def asked(self) -> dict[str, Any]:
        """The arguments of the draw."""
        given = self.cleaned_data
        weights = RecheckWeights(**{name: given[name] for name in WEIGHTS})
        plain = {name: given[name] for name in ("bureau", "fiscal_year", "campaign", "number", "percent")}
        return {**plain, "weights": weights}

    @property
    def size_fields(self) -> list[forms.BoundField]:
        """What is drawn from, and how many."""
        return [self[name] for name in self.fields if name not in WEIGHTS]

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        """What makes a project likelier to be drawn."""
        return [self[name] for name in WEIGHTS]
