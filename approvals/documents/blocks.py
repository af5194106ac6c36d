"""What a letter is made of: sheets of paragraphs and tables, as PDF and Word both can hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Paragraph:
    """A text, and what it is in the document: its style."""

    style: str
    text: str


@dataclass(frozen=True)
class Table:
    """Rows under headings, or without any; ``widths`` are shares of the page's width in percent."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What begins on a page of its own."""

    blocks: tuple[Paragraph | Table, ...]
    is_landscape: bool = False


@dataclass(frozen=True)
class Letter:
    """The whole document in one language."""

    title: str
    number: str
    author: str
    sheets: tuple[Sheet, ...]
    is_demonstration: bool = False


def sheet_of(blocks: Iterable[Paragraph | Table], *, is_landscape: bool = False) -> Sheet:
    """A sheet of texts that every format can hold."""
    return Sheet(tuple(cleaned(block) for block in blocks), is_landscape)


def cleaned(block: Paragraph | Table) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        return replace(block, text=clean(block.text))
    return replace(block, rows=tuple(tuple(clean(cell) for cell in row) for row in block.rows))


def clean(text: str) -> str:
    """Without the control characters that XML cannot hold, and for which no font has a sign."""
    return UNWRITABLE.sub("\ufffd", text)
