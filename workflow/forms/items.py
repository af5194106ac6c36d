"""Each step of a rectification item that runs: what is typed at the receipt, the plan, the reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.actions.plan import PlannedMeasure
from workflow.forms.files import FileForm

ROWS_OF_A_PLAN = 3
MOST_ROWS = 40
DAY = {"type": "date"}


class MeasureForm(forms.Form):
    """One row of a plan; a row without any words is none."""

    text = forms.CharField(
        label=_("Measure"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    who = forms.CharField(label=_("Carried out by"), required=False, max_length=60)
    by_when = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )

    def is_empty(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in ("text", "who", "by_when"))


class PlanForm(forms.Form):
    """The measures, row by row, with some rows to spare; and an objection instead of a plan."""

    opinion = forms.CharField(
        label=_("Why you object to this item"), required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, data: Any, *, planned: Sequence[PlannedMeasure] = (), more: int = 0) -> None:
        """``planned`` is what stands in the rows at first; ``more`` are blank rows to add to those typed."""
        super().__init__(data)
        before = [{"text": each.text, "who": each.who, "by_when": each.by_when} for each in planned]
        rows = max(len(before) + 1, ROWS_OF_A_PLAN) if data is None else rows_in(data) + more
        self.rows = [
            MeasureForm(data, prefix=f"measure-{place}", initial=before[place] if place < len(before) else {})
            for place in range(min(max(rows, 1), MOST_ROWS))
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    @property
    def filled(self) -> list[MeasureForm]:
        """The rows with words in them."""
        return [row for row in self.rows if not row.is_empty()]

    def measures(self) -> list[PlannedMeasure]:
        """The rows with words in them; the places of the others close up."""
        return [PlannedMeasure(**row.cleaned_data) for row in self.filled]


def rows_in(data: Any) -> int:
    """How many rows a posted page had."""
    places = [int(found[1]) for name in data if (found := re.match(r"measure-(\d{1,3})-", name))]
    return max(places, default=-1) + 1


class ReceiptForm(forms.Form):
    opinion = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea({"rows": 2}))


class AcceptanceForm(forms.Form):
    opinion = forms.CharField(
        label=_("What you think of the measures"), required=False, widget=forms.Textarea({"rows": 3})
    )


class ObjectionForm(forms.Form):
    """What an objection comes to: requirement and amount written anew, or kept, with reasons."""

    adopted = forms.ChoiceField(
        label=_("The objection is"),
        choices=[("yes", _("adopted")), ("no", _("not adopted"))],
        required=False,
        widget=forms.RadioSelect,
    )
    requirement = forms.CharField(
        label=_("Requirement after the objection"),
        help_text=_("Only where the objection is adopted."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    amount = forms.DecimalField(
        label=_("Amount involved after the objection (10,000 yuan)"),
        help_text=_("Only where the objection is adopted. Left empty, no money is involved any more."),
        required=False,
        max_digits=18,
        decimal_places=6,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    opinion = forms.CharField(label=_("Reasons"), required=False, widget=forms.Textarea({"rows": 4}))

    @property
    def says_no_amount(self) -> bool:
        """The field was sent and is empty; what was not sent at all says nothing of money."""
        return "amount" in self.data and self.cleaned_data.get("amount") is None


class ReportForm(FileForm):
    result = forms.CharField(
        label=_("Result"),
        help_text=_("What was done, and what it led to."),
        required=False,
        widget=forms.Textarea({"rows": 6}),
    )


class VerificationForm(forms.Form):
    opinion = forms.CharField(
        label=_("What was checked, or what is still missing"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    settled = forms.DecimalField(
        label=_("Amount proved settled (10,000 yuan)"),
        help_text=_("Less than what is outstanding closes a part: the rest goes back to the unit."),
        required=False,
        max_digits=18,
        decimal_places=6,
    )

    def __init__(self, data: Any, *, outstanding: Decimal | None = None) -> None:
        """``outstanding`` is what is left of the amount involved, in 万元; None where there is none."""
        super().__init__(data, initial={"settled": outstanding and f"{outstanding.normalize():f}"})
        if outstanding is None:
            del self.fields["settled"]
