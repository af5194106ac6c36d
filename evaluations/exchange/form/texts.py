"""Texts of cells, as far as they are texts: live formulas and what begins like one are refused."""

from __future__ import annotations

import re
from datetime import date

from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell
from evaluations.exchange.form.targets import read_figure
from evaluations.exchange.form.words import is_dash
from evaluations.strict_json import gettext_noop

# What a spreadsheet would run if the text were ever entered again: a function, a reference to a
# cell or a program, or arithmetic. "=14条", "-5%" and "- 按期完成" are none of these.
LIVE = re.compile(
    r"[=+\-@]\s*(.*[A-Za-z_.][\w.]*\s*\(|.*[|!]|[=+\-@(]*\$?[A-Za-z]{1,3}\$?\d+\s*([-+*/&^<>=:,]|$)"
    r"|[\d\s.,()%]*\d[\d\s.()%]*[-+*/^&][\d\s.()%+\-*/^&]*$|@|[=+][=+\-@])",
    re.DOTALL,
)

# A formula shows itself at its beginning; patterns must not run over pages of text.
LONGEST_LOOK = 200


def text_of(notebook: Notebook, cell: Cell) -> str | None:
    """A cell's text as content; None for a dash. A formula where text belongs is a fault."""
    if cell.is_formula:
        notebook.fault(cell, gettext_noop("holds a formula where a text belongs: enter the text itself"))
        return None
    if is_dash(cell.text):
        return None
    if isinstance(cell.value, date):
        notebook.understood(cell, gettext_noop("holds a date, read as the text %(text)s"), text=cell.text)
    return cell.text or None


def line_of(notebook: Notebook, cell: Cell) -> str | None:
    """A text in one line: a name that was broken to fit its cell is put together again."""
    text = text_of(notebook, cell)
    if text is None or not re.search(r"[\r\n]", text):
        return text
    notebook.understood(cell, gettext_noop("was broken into lines, and read as one"))
    return joined(text)


def joined(text: str) -> str:
    """Lines put together; a space stays only between Latin words."""
    whole = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        is_latin = whole[-1:].isascii() and whole[-1:].isalnum() and line[0].isascii() and line[0].isalnum()
        whole += f" {line}" if is_latin else line
    return whole


def looks_live(cell: Cell) -> bool:
    """Whether a text would be taken for a formula when it is entered again, and nothing marks it as text."""
    if cell.is_formula or cell.is_quoted or not isinstance(cell.value, str):
        return False
    text = cell.text
    if not text.startswith(("=", "+", "-", "@")) or is_dash(text):
        return False
    read = read_figure(text)
    return (read.how != "figure" or bool(read.extra)) and bool(LIVE.match(text[:LONGEST_LOOK]))
