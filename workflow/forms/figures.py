"""Figures as people type them: full-width digits, thousands separators, % and comparison signs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

SIGNS = {"≥": ">=", "≧": ">=", "⩾": ">=", "≤": "<=", "≦": "<=", "⩽": "<=", "=>": ">=", "=<": "<="}
TYPED = re.compile(
    r"(?P<sign>>=|<=|>|<|=)?"
    r"(?P<figure>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)"
    r"(?P<unit>%|万元)?"
)
NOT_A_NUMBER = _("“%(text)s” is not a number. Type digits, with a point before decimals, as in 1234.5.")


@dataclass(frozen=True)
class TypedFigure:
    """What was typed: the figure, and the sign before it and the unit behind it."""

    value: Decimal
    sign: str = ""
    unit: str = ""


def normalised(text: str) -> str:
    """Half-width, without spaces, with the signs as they are stored: ≥１２．５％ → >=12.5%."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).replace("\u2212", "-")
    for typed, stored in SIGNS.items():
        text = text.replace(typed, stored)
    return text


def read_figure(text: str) -> TypedFigure | None:
    """The figure in what was typed, None for nothing. Raises ValidationError for anything else."""
    plain = normalised(text)
    if not plain:
        return None
    found = TYPED.fullmatch(plain)
    if not found:
        raise ValidationError(NOT_A_NUMBER, code="invalid", params={"text": text.strip()[:40]})
    value = Decimal(found["figure"].replace(",", ""))
    return TypedFigure(value, found["sign"] or "", found["unit"] or "")


class FigureInput(forms.TextInput):
    """A text field with a keyboard for figures: a browser's number field refuses １２．５％."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str:
        """Without idle zeros: 152.960000 → 152.96; what cannot be read stays as typed."""
        if isinstance(value, Decimal):
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        return super().format_value(value) or ""


class FigureField(forms.DecimalField):
    """A decimal figure; ``units`` are the ends that may be typed behind it, ``signed`` allows ≥ before it."""

    widget = FigureInput

    def __init__(
        self, *, units: tuple[str, ...] = (), signed: bool = False, localize: bool = False, **options: Any
    ) -> None:
        self.units, self.signed = units, signed
        super().__init__(localize=False, **options)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """Nothing of a number field's min, max and step."""
        return {}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            typed = read_figure(str(value))
        except InvalidOperation as error:
            raise ValidationError(NOT_A_NUMBER, code="invalid", params={"text": str(value)[:40]}) from error
        if typed is None:
            return None
        if (typed.sign and not self.signed) or (typed.unit and typed.unit not in self.units):
            raise ValidationError(_("Type the figure alone here, without a sign or a unit."), code="invalid")
        return typed.value


def figure(model: type[models.Model], name: str, **options: Any) -> FigureField:
    """The form field of a model's decimal column, with its label, places and bounds."""
    column: Any = model._meta.get_field(name)
    found: FigureField = column.formfield(form_class=FigureField, **{"required": False, **options})
    found.error_messages["max_decimal_places"] = _("Give at most %(max)s decimal places.")
    return found


def amount(model: type[models.Model], name: str, **options: Any) -> FigureField:
    """An amount in 万元, not below zero."""
    return figure(model, name, min_value=Decimal(0), units=("万元",), **options)


def points(**options: Any) -> FigureField:
    """Points of a score, with two decimal places."""
    messages = {"max_decimal_places": _("Give at most two decimal places.")}
    return FigureField(max_digits=7, decimal_places=2, error_messages=messages, **options)
