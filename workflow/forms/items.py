"""Proposing a rectification item, and each step of one that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import holders_at, holders_of
from accounts.models import Organization, User
from accounts.roles import Right
from approvals.actions.plan import PlannedMeasure
from approvals.models import RecordedFinding
from evaluations.models import Evaluation, Problem
from workflow.forms.files import FileForm
from workflow.whole_numbers import whole_number

ROWS_OF_A_PLAN = 4


class ItemForm(forms.Form):
    """What has to be put right, out of which problem, by whom, by when."""

    requirement = forms.CharField(
        label=_("Requirement"),
        required=False,
        help_text=_("What has to be put right, so that anyone can see whether it was done."),
        widget=forms.Textarea({"rows": 3}),
    )
    due = forms.DateField(
        label=_("Due date"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    problem = forms.ModelChoiceField(
        Problem.objects.none(), label=_("From problem"), required=False, empty_label=_("no stated problem")
    )
    responsible_unit = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Responsible unit"), required=False, empty_label=None
    )
    responsible_person = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Responsible person"),
        required=False,
        empty_label=_("the project's lead"),
    )

    finding = forms.ModelChoiceField(RecordedFinding.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        evaluation: Evaluation,
        ground: RecordedFinding | None = None,
        requirement: str = "",
        problem: Problem | None = None,
        unfinished: Mapping[str, str] | None = None,
    ) -> None:
        """``ground`` is the finding that the item rests on; the others are what stands in its fields.

        ``unfinished`` is a posted page on which an item may be typed that is not proposed yet: it
        stays as it was typed, and is not looked at.
        """
        initial = {
            "responsible_unit": evaluation.unit_id,
            "finding": ground,
            "requirement": requirement,
            "problem": problem,
        }
        begun = as_begun(unfinished) if data is None and unfinished else {}
        finding = whole_number(str((data or begun).get("item-finding" if data else "finding", "")))
        self.ground = ground or (evaluation.findings.filter(pk=finding).first() if finding else None)
        self.is_open = bool(self.ground or begun)
        super().__init__(data, prefix="item", initial={**initial, **begun})
        self.evaluation = evaluation
        units = Organization.objects.filter(kind=Organization.Kind.UNIT, parent=evaluation.department_id)
        people = holders_at(Right.CARRY_OUT_RECTIFICATION, units.values_list("pk", flat=True))
        self.fields["finding"].queryset = evaluation.findings.all()  # type: ignore[attr-defined]
        self.fields["problem"].queryset = evaluation.problems.all()  # type: ignore[attr-defined]
        self.fields["responsible_unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["responsible_person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Only somebody who may carry it out for the unit can be responsible."""
        values = self.cleaned_data
        if not values.get("due") and "due" not in self.errors:
            self.add_error("due", _("Set a due date that has not passed."))
        unit = values.get("responsible_unit") or self.evaluation.unit
        person = values.get("responsible_person") or self.evaluation.project.lead
        holders = holders_of(Right.CARRY_OUT_RECTIFICATION, unit.pk)
        if person is not None and not holders.filter(pk=person.pk).exists():
            self.add_error(
                "responsible_person",
                _("%(person)s does not carry out rectification there.") % {"person": person},
            )


def as_begun(posted: Mapping[str, str]) -> dict[str, str]:
    """The fields of an item as they were typed; empty while its requirement and its date are."""
    typed = {name.removeprefix("item-"): posted[name] for name in posted if name.startswith("item-")}
    return typed if typed.get("requirement", "").strip() or typed.get("due") else {}


class MeasureForm(forms.Form):
    """One row of a plan; a row without any words is none."""

    text = forms.CharField(
        label=_("Measure"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    who = forms.CharField(label=_("Carried out by"), required=False, max_length=60)
    by_when = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def is_empty(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in ("text", "who", "by_when"))


class PlanForm(forms.Form):
    """The measures, row by row, with some rows to spare; and an objection instead of a plan."""

    opinion = forms.CharField(
        label=_("Why you object to this item"), required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, data: Any, *, planned: Sequence[PlannedMeasure] = ()) -> None:
        super().__init__(data)
        rows = max(len(planned) + 1, ROWS_OF_A_PLAN)
        before = [{"text": each.text, "who": each.who, "by_when": each.by_when} for each in planned]
        self.rows = [
            MeasureForm(data, prefix=f"measure-{place}", initial=before[place] if place < len(before) else {})
            for place in range(rows)
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def measures(self) -> list[PlannedMeasure]:
        """The rows with words in them; the places of the others close up."""
        self.rows = [row for row in self.rows if not row.is_empty()] or self.rows[:1]
        return [PlannedMeasure(**row.cleaned_data) for row in self.rows if not row.is_empty()]


class ReceiptForm(forms.Form):
    opinion = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea({"rows": 2}))


class AcceptanceForm(forms.Form):
    opinion = forms.CharField(
        label=_("What you think of the measures"), required=False, widget=forms.Textarea({"rows": 3})
    )


class ObjectionForm(forms.Form):
    """What an objection comes to: the requirement written anew, or kept, with reasons."""

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
    opinion = forms.CharField(label=_("Reasons"), required=False, widget=forms.Textarea({"rows": 4}))


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
        label=_("Amount proved settled (万元)"),
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
