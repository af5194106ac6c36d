"""Tables in a form: rows that can be added, kept, changed and removed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evaluations.actions import RowChange
from workflow.whole_numbers import whole_number

MOST_ROWS = 500


class RowForm(forms.Form):
    """One row; ``id`` is the stored row's, empty for a new one."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    heading: Any = ""
    """What the row is called where its place fixes it."""

    def values(self) -> dict[str, Any]:
        """The columns to store."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("id", "DELETE")}

    def change(self, position: int) -> RowChange:
        """The row at its place in the table."""
        return RowChange(values={**self.values(), "position": position}, pk=self.cleaned_data.get("id"))

    @property
    def is_blank(self) -> bool:
        """A new row in which nothing was typed."""
        return not self.cleaned_data.get("id") and not self.has_changed()


class RowFormSet(forms.BaseFormSet):
    """Rows under one heading, in the order shown."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if self.can_delete and index is not None:
            form.fields["DELETE"].label = _("Remove this row")

    def changes(self) -> tuple[list[RowChange], list[int]]:
        """What to store, and for each change the place of its form.

        Removed rows come last, so that a place among the changes is also the
        place among the rows that remain.
        """
        kept: list[tuple[RowChange, int]] = []
        removed: list[tuple[RowChange, int]] = []
        for place, form in enumerate(self.forms):
            if form in self.deleted_forms:
                if pk := form.cleaned_data.get("id"):
                    removed.append((RowChange(pk=pk, remove=True), place))
            elif not form.is_blank:
                kept.append((form.change(len(kept)), place))
        both = kept + removed
        return [change for change, place in both], [place for change, place in both]


def table(form_class: type[RowForm]) -> type[RowFormSet]:
    """The form set of one kind of row.

    Of what a request claims to have, one row more than may be is built: enough to refuse it.
    """
    made: type[Any] = forms.formset_factory(
        form_class,
        formset=RowFormSet,
        extra=0,
        can_delete=True,
        max_num=MOST_ROWS,
        validate_max=True,
        absolute_max=MOST_ROWS + 1,
    )
    return made


class FixedTable:
    """Rows that are there once each, known by a key: a source of funds, a chapter.

    Which row it is follows from its place; what is posted cannot change it.
    """

    def __init__(
        self,
        form_class: type[RowForm],
        prefix: str,
        keys: type[models.TextChoices],
        column: str,
        stored: Iterable[models.Model],
        data: Any = None,
    ) -> None:
        self.keys, self.column = list(keys), column
        self.stored = {getattr(row, column): row for row in stored}
        names = [name for name in form_class.base_fields if name != "id"]
        self.forms = [
            form_class(data, prefix=f"{prefix}-{place}", initial=self.initial(key, names))
            for place, key in enumerate(self.keys)
        ]
        for form, key in zip(self.forms, self.keys, strict=True):
            form.heading = key.label

    def initial(self, key: str, names: list[str]) -> dict[str, Any]:
        row = self.stored.get(key)
        return {name: getattr(row, name) for name in names} if row else {}

    @property
    def is_used(self) -> bool:
        """Whether any of the rows has something in it."""
        return bool(self.stored) or any(form.has_changed() for form in self.forms)

    def is_valid(self) -> bool:
        faulty = [form for form in self.forms if not form.is_valid()]
        return not faulty

    def changes(self) -> tuple[list[RowChange], list[int]]:
        """Rows with something in them, rows that were emptied, and the place of each."""
        changes, places = [], []
        for place, (key, form) in enumerate(zip(self.keys, self.forms, strict=True)):
            row, values = self.stored.get(key), form.values()
            if row or any(value not in (None, "") for value in values.values()):
                empty = all(value in (None, "") for value in values.values())
                changes.append(
                    RowChange(
                        values={**values, self.column: key.value}, pk=row.pk if row else None, remove=empty
                    )
                )
                places.append(place)
        return changes, places


def with_one_more(
    data: MultiValueDict[str, Any], prefix: str, form_class: type[RowForm]
) -> MultiValueDict[str, Any]:
    """The posted data with one more blank row in the table called ``prefix``."""
    data = data.copy()
    add_row(data, prefix, form_class)
    return data


def add_row(data: MultiValueDict[str, Any], prefix: str, form_class: type[RowForm]) -> bool:
    """Add a blank row to the data itself; False when the table is full or is none."""
    total = f"{prefix}-TOTAL_FORMS"
    place = whole_number(str(data.get(total, "")))
    if place is None or place >= MOST_ROWS:
        return False
    data[total] = str(place + 1)
    for name, field in form_class.base_fields.items():
        if field.initial is not None:
            data[f"{prefix}-{place}-{name}"] = str(field.initial)
    return True


def initial_of(rows: Iterable[models.Model], names: Iterable[str]) -> list[dict[str, Any]]:
    """Stored rows as a form shows them."""
    names = list(names)
    return [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in rows]


def label(model: type[models.Model], name: str) -> Any:
    """A column's name as a form's label."""
    column: Any = model._meta.get_field(name)
    return capfirst(column.verbose_name)


def text_field(model: type[models.Model], name: str, *, rows: int = 0, **options: Any) -> forms.CharField:
    """The form field of a model's text column; with ``rows`` a text area."""
    column: Any = model._meta.get_field(name)
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        **{
            "label": label(model, name),
            "max_length": column.max_length,
            "required": False,
            "widget": widget,
            **options,
        }
    )


def choice_field(model: type[models.Model], name: str, choices: Any, **options: Any) -> forms.ChoiceField:
    """A select over a fixed list."""
    return forms.ChoiceField(
        **{"label": label(model, name), "choices": choices, "required": False, **options}
    )
