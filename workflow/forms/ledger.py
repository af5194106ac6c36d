"""What the reader asks of the rectification ledger, from the address; and the views that they keep of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.models import ItemKind, ItemStage, Severity
from workflow.presentation.figures import plain

PILLS = [
    ("", _("All")),
    ("open", _("Not closed")),
    ("soon", _("Due within 5 working days")),
    ("overdue", _("Overdue")),
    ("closed", _("Closed")),
]
FURTHER_STATUSES = [
    ("required", _("Closed or to be closed")),
    ("overdue_original", _("Overdue by the original due date")),
    ("extension", _("Extension asked for")),
]
AGE_CHOICES = [
    ("30", _("Issued up to 30 days ago")),
    ("60", _("Issued 31 to 60 days ago")),
    ("90", _("Issued 61 to 90 days ago")),
    ("180", _("Issued 91 to 180 days ago")),
    ("more", _("Issued more than 180 days ago")),
]
MONEY_CHOICES = [
    ("involved", _("With an amount")),
    ("settled", _("Wholly or partly settled")),
    ("outstanding", _("Not wholly settled")),
]
SORT_CHOICES = [
    ("due", _("By due date")),
    ("number", _("By number")),
    ("latest", _("Latest first")),
    ("amount", _("Largest amount first")),
]


def stages() -> list[tuple[str, Any]]:
    """Each stage that is no status of its own."""
    own = {value for value, _label in PILLS}
    return [(value, capfirst(label)) for value, label in ItemStage.choices if value not in own]


def amount_field(label: Any) -> forms.DecimalField:
    # Whatever a column of 18 digits can hold, 6 of them behind the point.
    widget = forms.NumberInput(attrs={"step": "any", "min": "0", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=18, decimal_places=6, widget=widget
    )


def number_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=None)


class LedgerFilters(forms.Form):
    """The filters, the words and the order; what they cannot mean is refused. Amounts in 万元."""

    year = number_field(_("Fiscal year"))
    year_to = number_field(_("Up to fiscal year"))
    department = number_field(_("Department"))
    unit = number_field(_("Responsible unit"))
    status = forms.ChoiceField(label=_("Status"), required=False)
    age = forms.ChoiceField(
        label=_("Time since issue"), required=False, choices=[("", _("Any time since issue")), *AGE_CHOICES]
    )
    severity = forms.ChoiceField(label=_("Severity"), required=False)
    kind = forms.ChoiceField(label=_("Kind of rectification"), required=False)
    amount_from = amount_field(_("Amount involved from (10,000 yuan)"))
    amount_to = amount_field(_("Amount involved up to (10,000 yuan)"))
    money = forms.ChoiceField(
        label=_("State of the amount"),
        required=False,
        choices=[("", _("With or without an amount")), *MONEY_CHOICES],
    )
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORT_CHOICES)

    def __init__(
        self,
        data: Any,
        *,
        years: Iterable[int],
        departments: Iterable[tuple[int, str]],
        units: Iterable[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        labels = [(year, _("Year %(year)s") % {"year": year}) for year in years]
        self.offer("year", _("All years"), labels)
        self.offer("year_to", _("No further year"), labels)
        self.offer("department", _("All departments"), departments)
        self.offer("unit", _("All units"), units)
        self.offer("status", PILLS[0][1], [*PILLS[1:], *FURTHER_STATUSES, *stages()])
        self.offer("severity", _("All severities"), capitalized(Severity.choices))
        self.offer("kind", pgettext_lazy("rectification", "All kinds"), capitalized(ItemKind.choices))

    def offer(self, name: str, everything: Any, choices: Iterable[tuple[Any, Any]]) -> None:
        self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        least, most = asked.get("amount_from"), asked.get("amount_to")
        if least is not None and most is not None and least > most:
            self.add_error("amount_to", _("The amount up to which is asked is below the one from which."))
        first, last = asked.get("year"), asked.get("year_to")
        if first is not None and last is not None and first > last:
            self.add_error("year_to", _("The year up to which is asked is before the first one."))
        return asked

    def query(self) -> str:
        """What is asked as a query string: the same for the same question, in whatever order it came."""
        query = QueryDict(mutable=True)
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if value not in (None, "") and not (name == "sort" and value == "due"):
                query[name] = shown(value)
        return query.urlencode()

    def options_of(self, name: str) -> list[dict[str, Any]]:
        """The options of a choice, as filter_bar.html takes them."""
        asked = str(self.data.get(name, ""))
        return [
            {"value": value, "label": label, "selected": str(value) == asked}
            for value, label in self.fields[name].choices  # type: ignore[attr-defined]
        ]

    def in_words(self) -> list[tuple[str, str]]:
        """Each filter that chooses something, and the order: label and value, for the head of a file."""
        words = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if name == "sort":
                value = value or "due"
            if value in (None, ""):
                continue
            words.append((str(field.label), label_of(field, value)))
        return words


def shown(value: Any) -> str:
    """A value as it stands in an address; an amount without idle zeros."""
    return plain(value) if isinstance(value, Decimal) else str(value)


def label_of(field: forms.Field, value: Any) -> str:
    """A value in words."""
    if not isinstance(field, forms.ChoiceField):
        return shown(value)
    labels: Any = field.choices
    return next(str(label) for code, label in labels if str(code) == str(value))


def capitalized(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(value, capfirst(label)) for value, label in choices]


class LedgerViewForm(forms.Form):
    """The name under which a reader keeps what they have asked for."""

    name = forms.CharField(
        label=_("Name of the view"),
        max_length=40,
        error_messages={"required": _("Give the view a name.")},
        widget=forms.TextInput(attrs={"class": "input"}),
    )
