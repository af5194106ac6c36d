"""Cells of an exported workbook: fonts, borders, and text that stays text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from evaluations.exchange.form.layout import places_of

FONT = "宋体"
HEADING_FONT = "黑体"
# What XML cannot hold; the exact text stands on the sheet of other information.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_000  # in the UTF-16 units in which a cell's 32,767 are counted
LIKE_A_FORMULA = ("=", "+", "-", "@", "'")
MOST_PLACES = 12
STYLES: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "boxed": {"border": 1},
    "label": {"border": 1, "align": "center", "bold": True, "bg_color": "#F2F2F2"},
    "centre": {"border": 1, "align": "center"},
    "title": {"align": "center", "bold": True, "font_name": HEADING_FONT, "font_size": 16},
    "year": {"align": "center"},
}


class Styles:
    """The formats of one workbook; each combination is made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.of = cache(self._made)

    def _made(self, name: str, number_format: str = "", quoted: bool = False) -> Format:
        properties: dict[str, Any] = {
            "font_name": FONT,
            "font_size": 10.5,
            "valign": "vcenter",
            "text_wrap": True,
            **STYLES[name],
        }
        if number_format:
            properties["num_format"] = number_format
        if quoted:
            properties["quote_prefix"] = True
        return self._book.add_format(properties)


class Pen:
    """Writes to a sheet; rows and columns count from 0."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet = sheet
        self.styles = styles

    def text(self, row: int, column: int, text: str | None, style: str = "boxed") -> None:
        """A text, whatever it begins with: never a formula, a link or a figure."""
        shown = fitting(text or "")
        is_quoted = shown.startswith(LIKE_A_FORMULA)
        self.sheet.write_string(row, column, shown, self.styles.of(style, "@", is_quoted))

    def figure(self, row: int, column: int, value: Decimal | None, style: str = "centre") -> None:
        """A figure with the places that it was printed with; blank for None."""
        if value is None:
            self.sheet.write_blank(row, column, None, self.styles.of(style))
        else:
            self.sheet.write_number(row, column, float(value), self.styles.of(style, format_for(value)))

    def formula(self, row: int, column: int, formula: str, result: Any, number_format: str) -> None:
        """A formula with the result that a viewer shows who does not compute."""
        style = self.styles.of("centre", number_format)
        self.sheet.write_formula(row, column, formula, style, result)

    def across(self, row: int, first: int, last: int, text: str | None, style: str = "boxed") -> None:
        """A text over several columns."""
        self.block(row, first, row, last, text, style)

    def block(self, top: int, left: int, bottom: int, right: int, text: str | None, style: str) -> None:
        """A text over several rows and columns."""
        if (top, left) != (bottom, right):
            self.sheet.merge_range(top, left, bottom, right, "", self.styles.of(style))
        self.text(top, left, text, style)


def fitting(text: str) -> str:
    """The text as far as a cell can hold it."""
    text = UNWRITABLE.sub("\ufffd", text)
    if len(text.encode("utf-16-le")) <= 2 * LONGEST_CELL:
        return text
    return text[: LONGEST_CELL // 2] + "…"


def format_for(value: Decimal) -> str:
    """The number format that shows a figure with its places."""
    places = min(places_of(value), MOST_PLACES)
    return "0." + "0" * places if places else "0"
