"""Faults and typed texts of any number of forms, in one list for the top of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from audit_log.errors import InvalidInput


def faults_of(named: Iterable[tuple[str, forms.BaseForm]]) -> Iterator[dict[str, str]]:
    """Each message with the field that it stands at: ``{label, anchor, message}``."""
    for name, form in named:
        for field, messages in form.errors.items():
            for message in messages:
                if field == NON_FIELD_ERRORS:
                    yield {"label": name, "anchor": "", "message": str(message)}
                else:
                    yield {
                        "label": joined(name, form[field].label),
                        "anchor": form[field].id_for_label,
                        "message": str(message),
                    }


def typed_in(named: Iterable[tuple[str, forms.BaseForm]]) -> Iterator[dict[str, Any]]:
    """What a person typed that differs from what was stored: ``{label, value}``."""
    for name, form in named:
        for field in form:
            if field.is_hidden or field.name not in form.changed_data:
                continue
            value = field.value()
            if isinstance(value, str) and value.strip() and is_readable(field, value):
                yield {"label": joined(name, field.label), "value": chosen_words(field, value)}


def is_readable(field: forms.BoundField, value: str) -> bool:
    """Whether the value says something to people: a choice that is no more offered is a code only."""
    choices = getattr(field.field, "choices", None)
    return choices is None or value in {str(key) for key, _words in choices}


def chosen_words(field: forms.BoundField, value: str) -> str:
    """The words of a choice, else the value itself."""
    choices = {str(key): words for key, words in getattr(field.field, "choices", ())}
    return str(choices.get(value, value))


def joined(name: str, label: Any) -> str:
    return f"{name} · {label}" if name else str(label)


def place(error: InvalidInput, chosen: Iterable[forms.BaseForm]) -> None:
    """Put the action's messages at the fields of these forms; on top of the first what has none."""
    chosen = list(chosen)
    for key, found in error.fields.items():
        form = next((form for form in chosen if key in form.fields), None)
        for message in found:
            (form or chosen[0]).add_error(key if form else None, str(message))
    if not error.fields:
        chosen[0].add_error(None, str(error))


def place_in_rows(error: InvalidInput, rows: Iterable[forms.BaseForm], whole: forms.BaseForm) -> None:
    """Put messages named with the place of a row (``2-due``) at that row, others on top of ``whole``."""
    for number, row in enumerate(rows):
        own = {
            key.removeprefix(f"{number}-"): found
            for key, found in error.fields.items()
            if key.startswith(f"{number}-")
        }
        if own:
            place(InvalidInput(str(error), fields=own), [row])
    if not error.fields:
        place(error, [whole])
