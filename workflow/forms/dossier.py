"""The dossier as one form: its parts, what they change, and where each fault belongs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from evaluations.actions import DossierChanges, last_filled
from evaluations.models import Budget, Evaluation, FundingRow, ReportSection
from evaluations.scoring import ScoringError, grade_of
from workflow.forms.indicators import IndicatorForm, IndicatorTable, indicator_rows
from workflow.forms.money import BudgetForm, FundingRowForm, MoneyForm, PaymentLineForm
from workflow.forms.rows import FixedTable, RowForm, RowFormSet, initial_of, table
from workflow.forms.words import GoalForm, ProblemForm, SectionForm, SuggestionForm
from workflow.whole_numbers import whole_number

LineTable = table(PaymentLineForm)
ProblemTable = table(ProblemForm)
SuggestionTable = table(SuggestionForm)

MONEY = ("goal", "budget", "rows", "lines")
REPORT = ("problems", "suggestions", "sections")
SELF_ASSESSMENT = (*MONEY, "indicators", *REPORT)
MATERIAL = MONEY
GROWING: dict[str, type[RowForm]] = {
    "lines": PaymentLineForm,
    "indicators": IndicatorForm,
    "problems": ProblemForm,
    "suggestions": SuggestionForm,
}


class DossierForm:
    """The parts that a step fills in, bound to ``data`` or showing what is stored."""

    def __init__(self, evaluation: Evaluation, parts: tuple[str, ...], data: Any = None) -> None:
        self.evaluation, self.data = evaluation, data
        self.parts = {name: getattr(self, f"make_{name}")() for name in parts}
        self.places: dict[str, list[int]] = {}
        self.seen = str(last_filled(evaluation)) if data is None else str(data.get("seen", ""))

    def __getitem__(self, name: str) -> Any:
        return self.parts[name]

    def make_goal(self) -> forms.Form:
        names = ("goal_expected", "goal_achieved")
        return GoalForm(self.data, initial={name: getattr(self.evaluation, name) for name in names})

    def make_budget(self) -> forms.Form:
        budget = self.evaluation.budget
        form_class = BudgetForm if self.evaluation.is_self else MoneyForm
        initial = {name: getattr(budget, name) for name in form_class.base_fields}
        return form_class(self.data, prefix="budget", initial=initial)

    def make_rows(self) -> FixedTable:
        stored = self.evaluation.budget.rows.all()
        return FixedTable(FundingRowForm, "rows", FundingRow.Name, "name", stored, self.data)

    def make_sections(self) -> FixedTable:
        stored = self.evaluation.sections.all()
        return FixedTable(SectionForm, "sections", ReportSection.Chapter, "chapter", stored, self.data)

    def make_lines(self) -> RowFormSet:
        columns = ("group", "item", "date", "planned", "paid")
        return LineTable(
            self.data, prefix="lines", initial=initial_of(self.evaluation.budget.lines.all(), columns)
        )

    def make_indicators(self) -> RowFormSet:
        return IndicatorTable(self.data, prefix="indicators", initial=indicator_rows(self.evaluation))

    def make_problems(self) -> RowFormSet:
        rows = initial_of(self.evaluation.problems.all(), ("text", "owner", "due", "indicator_id"))
        for row in rows:
            row["indicator"] = row.pop("indicator_id")
        options = {"indicators": list(self.evaluation.indicators.all())}
        return ProblemTable(self.data, prefix="problems", initial=rows, form_kwargs=options)

    def make_suggestions(self) -> RowFormSet:
        rows = initial_of(self.evaluation.suggestions.all(), ("text",))
        return SuggestionTable(self.data, prefix="suggestions", initial=rows)

    def is_valid(self) -> bool:
        faulty = [name for name, part in self.parts.items() if not part.is_valid()]
        return not faulty

    def changes(self) -> DossierChanges:
        """What to store; call it when the form is valid."""
        tables = {}
        for name, part in self.parts.items():
            if name not in ("goal", "budget"):
                tables[name], self.places[name] = part.changes()
        goal = self.parts["goal"].values() if "goal" in self.parts else {}
        budget = self.parts["budget"].values() if "budget" in self.parts else {}
        seen = whole_number(self.seen)
        return DossierChanges(evaluation={**goal, **self.stated()}, budget=budget, seen=seen, **tables)

    def stated(self) -> dict[str, Any]:
        """The total that the stated scores give with its grade; nothing while one is missing.

        A total that the unit has published without its parts stays as it is.
        """
        total = self.stated_total()
        if total is None:
            return {}
        try:
            return {
                "stated_total": total,
                "stated_grade": grade_of(total, self.evaluation.scheme.as_parameters()),
            }
        except ScoringError:
            return {"stated_total": total, "stated_grade": ""}

    def stated_total(self) -> Decimal | None:
        """The sum of the stated scores and the execution score, in points; None while one is missing."""
        if "indicators" not in self.parts:
            return None
        rows = [filled(form) for form in self.indicator_forms()]
        budget = filled(self.parts["budget"])
        scores = [row.get("score") for row in rows]
        if budget.get("weight") is not None:
            scores.append(budget.get("stated_score"))
        if not rows or None in scores or any(row.get("weight") is None for row in rows):
            return None
        return sum((score for score in scores if score is not None), Decimal(0))

    def indicator_forms(self) -> list[IndicatorForm]:
        """The rows of the indicator table that count: neither removed nor blank. Call after is_valid."""
        return [form for form in self.parts["indicators"].forms if counts(form)]

    def typed_budget(self) -> Budget:
        """The money as it stands in the form, unsaved; what cannot be read is left out."""
        return Budget(**filled(self.parts["budget"]))

    def form_of(self, name: str) -> tuple[Any, str]:
        """The form and the field that a key such as "indicators-0-actual_value" names."""
        part, _dash, rest = name.partition("-")
        if part == "budget":
            return self.parts.get("budget"), rest
        digits, _dash, field = rest.partition("-")
        place = whole_number(digits)
        if part in self.parts and place is not None:
            places = self.places.get(part, [])
            index = places[place] if place < len(places) else place
            rows = self.parts[part].forms
            return (rows[index] if index < len(rows) else None), field
        return self.parts.get("goal"), name

    def all_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        """Every single form with the words that name its row."""
        for name, part in self.parts.items():
            if isinstance(part, forms.BaseForm):
                yield "", part
                continue
            for place, form in enumerate(part.forms, start=1):
                if counts(form):
                    yield str(getattr(form, "heading", "") or row_name(name, form, place)), form


def counts(form: Any) -> bool:
    """Whether a row is neither removed nor blank; its good fields can be read either way."""
    if not form.is_bound:
        return True
    form.is_valid()
    return not form.cleaned_data.get("DELETE") and not form.is_blank


def filled(form: Any) -> dict[str, Any]:
    """The fields of a form that can be read: as typed, or as stored."""
    form.is_valid()
    return dict(form.cleaned_data) if form.is_bound else dict(form.initial)


def row_name(table_name: str, form: Any, place: int) -> str:
    """How a message calls a row: by its name, else by its place."""
    for field in ("name", "item"):
        if field in form.fields and form[field].value():
            return str(form[field].value())
    names = {
        "indicators": _("Indicator %(place)s"),
        "lines": _("Payment line %(place)s"),
        "problems": _("Problem %(place)s"),
        "suggestions": _("Suggestion %(place)s"),
    }
    return names[table_name] % {"place": place}
