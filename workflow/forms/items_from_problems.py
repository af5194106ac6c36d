"""One item for each of the report's problems that is ticked: common dates and units, rows to change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from approvals.models import ItemKind, Severity
from evaluations.models import Evaluation, Problem
from workflow.forms.items_proposed import units_of


class CommonForm(forms.Form):
    """What goes for every ticked problem whose row says nothing else."""

    due = forms.DateField(
        label=_("Due date of all"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    responsible_unit = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Responsible unit of all"), required=False, empty_label=None
    )


class ProblemRow(forms.Form):
    """One problem of the report, made into an item when it is ticked."""

    chosen = forms.BooleanField(label=_("Make it an item"), required=False)
    requirement = forms.CharField(label=_("Requirement"), required=False, widget=forms.Textarea({"rows": 2}))
    due = forms.DateField(
        label=_("Due date"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    responsible_unit = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Responsible unit"),
        required=False,
        empty_label=_("the same as for all"),
    )
    kind = forms.ChoiceField(label=_("Kind of rectification"), choices=ItemKind, required=False)
    severity = forms.ChoiceField(
        label=_("Severity of the problem"), choices=Severity, required=False, initial=Severity.GENERAL
    )
    amount = forms.DecimalField(
        label=_("Amount involved (10,000 yuan)"),
        required=False,
        max_digits=18,
        decimal_places=6,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )

    def __init__(self, data: Any, *, problem: Problem, made: int) -> None:
        """``made`` is how many items rest on the problem already."""
        super().__init__(
            data,
            prefix=f"problem-{problem.pk}",
            initial={"requirement": problem.text, "kind": ItemKind.OTHER, "severity": Severity.GENERAL},
        )
        self.problem, self.made = problem, made

    @property
    def is_chosen(self) -> bool:
        return bool(self.cleaned_data.get("chosen"))

    def details(self, common: dict[str, Any]) -> dict[str, Any]:
        """What the action takes, with the common values where the row has none of its own."""
        own = self.cleaned_data
        return {
            "problem": self.problem,
            "indicator": self.problem.indicator,
            "requirement": own["requirement"],
            "due": own["due"] or common["due"],
            "responsible_unit": own["responsible_unit"] or common["responsible_unit"],
            "kind": own["kind"] or ItemKind.OTHER,
            "severity": own["severity"] or Severity.GENERAL,
            "amount": own["amount"],
        }


class ItemsFromProblemsForm:
    """The common fields and the rows; valid when at least one is ticked and each ticked one is whole."""

    def __init__(self, data: Any, *, evaluation: Evaluation) -> None:
        units = list(units_of(evaluation))
        self.common = CommonForm(data, prefix="all", initial={"responsible_unit": evaluation.unit_id})
        problems = evaluation.problems.select_related("indicator").prefetch_related("items")
        self.rows = [ProblemRow(data, problem=problem, made=len(problem.items.all())) for problem in problems]
        for form in (self.common, *self.rows):
            field = form.fields["responsible_unit"]
            field.queryset = units_of(evaluation)  # type: ignore[attr-defined]
            blank = [("", field.empty_label)] if field.empty_label else []  # type: ignore[attr-defined]
            field.choices = [*blank, *((unit.pk, str(unit)) for unit in units)]  # type: ignore[attr-defined]
        self.is_bound = data is not None

    def __iter__(self) -> Iterator[forms.Form]:
        return iter((self.common, *self.rows))

    def is_valid(self) -> bool:
        """What is not ticked is not looked at."""
        if not self.is_bound:
            return False
        for form in self:
            form.is_valid()
        for row in self.rows:
            if not row.is_chosen:
                row.errors.clear()
        common = self.common.cleaned_data.get("due")
        for row in self.chosen:
            if not (row.cleaned_data.get("due") or common or "due" in row.errors):
                row.add_error("due", _("Set a due date here or one for all."))
        if not self.chosen:
            self.common.add_error(None, _("Tick at least one problem."))
        return not any(form.errors for form in self)

    @property
    def chosen(self) -> list[ProblemRow]:
        """The ticked rows."""
        return [row for row in self.rows if row.is_chosen]

    def details(self) -> list[dict[str, Any]]:
        """What each item is proposed with, in the order of the problems."""
        return [row.details(self.common.cleaned_data) for row in self.chosen]

    def named(self) -> Iterator[tuple[str, forms.Form]]:
        """Every form with the words that name its row, for the list of faults."""
        yield "", self.common
        for number, row in enumerate(self.rows, start=1):
            yield str(_("Problem %(number)s") % {"number": number}), row
