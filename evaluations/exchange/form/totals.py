"""The total, subtotals and the form's foot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from evaluations.exchange.form.facts import date_of, set_fact
from evaluations.exchange.form.funding import points
from evaluations.exchange.form.levels import level_of
from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell
from evaluations.exchange.form.words import (
    FOOT,
    FOOT_DATE,
    GRADES,
    NOTE,
    SEAL,
    SUBTOTAL,
    TOTALS,
    core,
    half,
    inline,
    is_dash,
)
from evaluations.strict_json import gettext_noop

TOTAL_LINE = re.compile(rf"({'|'.join(sorted(TOTALS, key=len, reverse=True))})[:：]?(\d+(\.\d+)?)分?")
FEW_LETTERS = 60
GRADE_WORDS = frozenset({"优", "良", "中", "差", "优秀", "良好", "中等", "较差"})


def is_total(cell: Cell, cells: Mapping[str, Cell]) -> bool:
    """Whether a row that begins with this cell is the total, not an indicator of that name."""
    if "target" in cells and cells["target"].place != cell.place and not is_dash(cells["target"].text):
        return False
    return core(inline(cell.text)[0]) in TOTALS or bool(TOTAL_LINE.fullmatch(half(cell.text)))


def is_foot(cell: Cell) -> bool:
    """Whether a cell belongs to the foot: who filled in the form, when, the seal, printed notes."""
    label = core(inline(cell.text)[0]) or half(cell.text).strip("()")
    return bool(FOOT.fullmatch(label) or NOTE.match(half(cell.text)) or label in GRADES)


def subtotal_of(own: Sequence[Cell], cells: Mapping[str, Cell]) -> str | None:
    """The level that a row sums up ("产出指标小计"), "" for the level above it; None for no subtotal."""
    if "target" in cells and not is_dash(cells["target"].text) and cells["target"].row == own[0].row:
        return None
    for cell in own:
        if found := SUBTOTAL.fullmatch(core(cell.text)):
            return level_of(found[1])[0] if found[1] else ""
    return None


def read_total(notebook: Notebook, row: int, cells: Mapping[str, Cell]) -> None:
    """Total weight and score; the grade, where it stands in the same row."""
    sheet = notebook.sheet
    own = sheet.row(row)
    label = own[0]
    sheet.take(label)
    if found := TOTAL_LINE.fullmatch(half(label.text)):
        notebook.document["stated"]["total"] = found[2]
    if (weight := cells.get("weight")) and weight.row == row and half(weight.text) not in GRADE_WORDS:
        sheet.take(weight)
        _compare_weights(notebook, weight)
    score = cells.get("score")
    if score is None or score.row != row or score.place == label.place:
        score = next((cell for cell in own[1:] if cell.place not in sheet.taken and points_like(cell)), None)
    if (
        score is not None
        and half(score.text) not in GRADE_WORDS
        and notebook.document["stated"]["total"] is None
    ):
        sheet.take(score)
        notebook.document["stated"]["total"] = points(notebook, score)
        notebook.sources["stated.total"] = score.address
    for cell in own:
        if cell.place not in sheet.taken and half(cell.text) in GRADE_WORDS:
            set_fact(notebook, sheet.take(cell), ("stated", "grade"), half(cell.text))
    read_foot_row(notebook, row)


def read_subtotal(notebook: Notebook, row: int, label: str, cells: Mapping[str, Cell], level1: str) -> None:
    """A subtotal's points and weight, by level 1."""
    level = label or level1
    for cell in notebook.sheet.row(row):
        if SUBTOTAL.fullmatch(core(cell.text)):
            notebook.sheet.take(cell)
    for key, place in (("weight", "level1_weights"), ("score", "by_level1")):
        found = cells.get(key)
        if found is not None and found.row == row:
            notebook.sheet.take(found)
            if (value := points(notebook, found)) is not None:
                notebook.document["stated"][place].setdefault(level, value)


def read_foot(notebook: Notebook, after: int, before: int | None = None) -> None:
    """What stands below the table: date and grade are read, the rest is reported."""
    for row in notebook.sheet.rows():
        if row > after and (before is None or row < before):
            read_foot_row(notebook, row)


def read_foot_row(notebook: Notebook, row: int) -> None:
    for cell in notebook.sheet.row(row):
        if cell.place in notebook.sheet.taken:
            continue
        for line in _labelled(cell):
            _read_labelled(notebook, cell, *line)


def _labelled(cell: Cell) -> list[tuple[str, str]]:
    """The labels of a cell with what stands behind each: "填报人：张三  电话：123" has two."""
    text = half(cell.text)
    if len(text) > FEW_LETTERS or ":" not in text:
        return [inline(cell.text)]
    parts = re.split(
        r"(?<![:：])(?=(?:填报人|填表人|联系人|联系电话|电话|单位负责人|负责人|填报日期|日期)[:：(])", text
    )
    return [inline(part) for part in parts if part]


def _read_labelled(notebook: Notebook, cell: Cell, label: str, content: str) -> None:
    name, sheet = core(label) or half(label).strip("()"), notebook.sheet
    if name not in GRADES and not FOOT.fullmatch(name):
        return
    sheet.take(cell)
    if SEAL.fullmatch(name):
        return
    value = None if content else sheet.right_of(cell)
    if value is not None and (value.place in sheet.taken or is_foot(value)):
        value = None
    if value is not None:
        sheet.take(value)
    source, text = value or cell, content or (value.text if value else "")
    if not text or is_dash(text) or SEAL.fullmatch(core(text)):
        return
    if name in GRADES:
        set_fact(notebook, source, ("stated", "grade"), half(text))
    elif FOOT_DATE.fullmatch(name):
        _read_date(notebook, source, text)
    else:
        notebook.left(source, gettext_noop("has no place in a dossier: persons are known by their roles"))


def _read_date(notebook: Notebook, cell: Cell, text: str) -> None:
    found = date_of(text)
    if found is not None:
        set_fact(notebook, cell, ("evaluation", "report_date"), found)
    elif re.search(r"\d", text):
        notebook.left(cell, gettext_noop("is no date"))


def _compare_weights(notebook: Notebook, cell: Cell) -> None:
    """The total of the weights has no place of its own: it must be what the weights give."""
    from_cell = points(notebook, cell)
    document = notebook.document
    weights = [row["weight"] for row in document["indicators"]] + [document["budget"]["weight"]]
    known = [weight for weight in weights if weight is not None]
    if from_cell is not None and known and sum(map(Decimal, known)) != Decimal(from_cell):
        notebook.doubtful(cell, gettext_noop("is not the sum of the weights that were read"))


def points_like(cell: Cell) -> bool:
    return bool(re.fullmatch(r"\d+(\.\d+)?分?", half(cell.text)))
