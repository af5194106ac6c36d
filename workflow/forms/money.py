"""The project's money in the year, in 万元."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.models import Budget, FundingRow, PaymentLine
from workflow.forms.figures import amount, figure
from workflow.forms.rows import RowForm, label, text_field

YES_OR_NO = [("", _("not answered")), ("yes", _("yes")), ("no", _("no"))]
ANSWERS = {"": None, "yes": True, "no": False}
WORDS = {None: "", True: "yes", False: "no"}


class YesOrNo(forms.TypedChoiceField):
    """Yes, no, or not answered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=YES_OR_NO, coerce=ANSWERS.get, empty_value=None, required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return WORDS.get(value, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(WORDS.get(initial, initial), data)


class MoneyForm(forms.Form):
    """What the unit may say about its money, with or without a score for it."""

    declared = amount(Budget, "declared")
    initial = amount(Budget, "initial")  # type: ignore[assignment]
    annual = amount(Budget, "annual")
    received = amount(Budget, "received")
    paid = amount(Budget, "paid")
    reason = text_field(Budget, "reason", rows=2)

    def values(self) -> dict[str, Any]:
        """The columns of the budget to store."""
        return dict(self.cleaned_data)


class BudgetForm(MoneyForm):
    """The money with the execution score that the self-assessment form asks for."""

    completed_within_budget = YesOrNo(label=label(Budget, "completed_within_budget"))
    weight = figure(
        Budget,
        "weight",
        min_value=0,
        max_value=100,
        help_text=_("Points, when the form scores execution apart."),
    )
    stated_score = figure(Budget, "stated_score", min_value=0)

    def clean(self) -> None:
        weight, score = self.cleaned_data.get("weight"), self.cleaned_data.get("stated_score")
        if score is not None and weight is not None and score > weight:
            self.add_error(
                "stated_score",
                _("The score %(points)s is above the weight %(weight)s.")
                % {"points": score, "weight": weight},
            )


class FundingRowForm(RowForm):
    """A source of funds; which one is told by the row's place, never by what was posted."""

    initial = amount(FundingRow, "initial")  # type: ignore[assignment]
    annual = amount(FundingRow, "annual")
    paid = amount(FundingRow, "paid")


class PaymentLineForm(RowForm):
    """One payment, or one item of the budget with what was paid on it."""

    group = text_field(PaymentLine, "group")
    item = text_field(PaymentLine, "item", required=True)
    date = forms.DateField(
        label=label(PaymentLine, "date"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    planned = amount(PaymentLine, "planned")
    paid = amount(PaymentLine, "paid")
