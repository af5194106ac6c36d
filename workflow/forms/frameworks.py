"""A framework's draft as one form: its levels with their weights, and its indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log.errors import InvalidInput
from evaluations.document_changes import digest_of
from workflow.forms.figures import points
from workflow.forms.rows import RowForm, RowFormSet, table
from workflow.forms.rules import as_text
from workflow.forms.scheme_parts import GeneralForm

PLACED = re.compile(r"items\[(?P<place>\d+)\]\.?(?P<key>\w*)")


class LevelRow(RowForm):
    """A level 1 with its points."""

    level = forms.CharField(label=gettext_lazy("Level 1"), max_length=50)
    weight = points(label=gettext_lazy("Weight (points)"))


class ItemRow(RowForm):
    """An indicator of the framework."""

    level1 = forms.CharField(label=gettext_lazy("Level 1"), max_length=50)
    level2 = forms.CharField(label=gettext_lazy("Level 2"), max_length=100, required=False)
    name = forms.CharField(label=gettext_lazy("Indicator"), max_length=200)
    weight = points(
        label=gettext_lazy("Weight (points)"),
        required=False,
        help_text=gettext_lazy("Empty: an equal share of what its level has left."),
    )
    points = forms.CharField(
        label=gettext_lazy("Points to look at, one to a line"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    formula = forms.CharField(label=gettext_lazy("Formula"), max_length=300, required=False)


GROWING: dict[str, type[RowForm]] = {"levels": LevelRow, "items": ItemRow}


class FrameworkForm:
    """The parts of a draft, bound to ``data`` or showing its document."""

    def __init__(self, document: Mapping[str, Any], data: Any = None) -> None:
        self.document = document
        names = {name: document[name] for name in ("name", "source")}
        self.general = GeneralForm(data, prefix="general", initial=names)
        rows = initial_rows(document)
        self.tables: dict[str, RowFormSet] = {
            name: table(form_class)(data, prefix=name, initial=rows[name])
            for name, form_class in GROWING.items()
        }
        self.seen = digest_of(document) if data is None else str(data.get("seen", ""))

    def is_valid(self) -> bool:
        parts: list[Any] = [self.general, *self.tables.values()]
        faulty = [part for part in parts if not part.is_valid()]
        return not faulty

    def kept(self, name: str) -> list[Any]:
        """The rows of a table that count: neither removed nor blank."""
        rows = self.tables[name]
        return [form for form in rows.forms if form not in rows.deleted_forms and not form.is_blank]

    def changed(self) -> dict[str, Any]:
        """The document as typed; call it when the form is valid."""
        levels = [form.cleaned_data for form in self.kept("levels")]
        return {
            **self.document,
            **self.general.cleaned_data,
            "level_weights": {row["level"]: as_text(row["weight"]) for row in levels},
            "items": [item_of(form.cleaned_data) for form in self.kept("items")],
        }

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        """Every single form with the words that name it."""
        yield "", self.general
        words = {"levels": _("Level %(place)s"), "items": _("Indicator %(place)s")}
        for name, rows in self.tables.items():
            for place, form in enumerate(rows.forms, start=1):
                if form not in rows.deleted_forms:
                    yield words[name] % {"place": place}, form

    def place(self, error: InvalidInput) -> None:
        """Put each message at the field that its path in the document names."""
        for path, messages in error.fields.items():
            form, field = self.form_of(path)
            for message in messages:
                form.add_error(field, str(message))

    def form_of(self, path: str) -> tuple[forms.BaseForm, str | None]:
        """The form and the field behind a path such as "items[3].level1"."""
        if found := PLACED.fullmatch(path):
            rows = self.kept("items")
            return rows[int(found["place"])], found["key"] or None
        head, _dot, level = path.partition(".")
        if head == "level_weights":
            rows = self.kept("levels")
            named = [form for form in rows if form.cleaned_data["level"] == level]
            return (named[0], "weight") if named else (self.general, None)
        return self.general, head if head in self.general.fields else None


def item_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """An indicator's row as the document has it."""
    lines = [line.strip() for line in row["points"].splitlines() if line.strip()]
    return {
        "level1": row["level1"],
        "level2": row["level2"],
        "name": row["name"],
        "points": lines,
        "formula": row["formula"] or None,
        "weight": None if row["weight"] is None else as_text(row["weight"]),
    }


def initial_rows(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """A document's rows by table; ``id`` is the place, so that an unchanged row is none that is blank."""
    levels = [
        {"level": level, "weight": Decimal(weight)} for level, weight in document["level_weights"].items()
    ]
    items = [
        {
            **{name: item[name] for name in ("level1", "level2", "name")},
            "points": "\n".join(item["points"]),
            "formula": item.get("formula") or "",
            "weight": item.get("weight") and Decimal(item["weight"]),
        }
        for item in document["items"]
    ]
    return {
        name: [{"id": place, **row} for place, row in enumerate(rows, start=1)]
        for name, rows in (("levels", levels), ("items", items))
    }
