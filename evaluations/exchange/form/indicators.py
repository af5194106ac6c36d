"""The indicator table, row by row, down to the total."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluations.exchange.form.columns import Column, IndicatorTable, is_repeated
from evaluations.exchange.form.facts import SETTERS, is_head_label
from evaluations.exchange.form.funding import points, rate
from evaluations.exchange.form.levels import level_of, name_and_points
from evaluations.exchange.form.measures import measures
from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell, Place
from evaluations.exchange.form.texts import line_of, text_of
from evaluations.exchange.form.totals import is_foot, is_total, read_subtotal, read_total, subtotal_of
from evaluations.exchange.form.words import half, is_dash
from evaluations.scoring.figures import LEVELS
from evaluations.strict_json import gettext_noop

ONE_PER_ROW = ("weight", "score", "target", "actual", "completion_rate", "met")
TEMPLATE = re.compile(r"指标\d{0,2}[:：]?|…+|\.{2,6}")
NUMBERED = re.compile(r"^指标\s*\d{1,2}\s*[:：]\s*")
YES = frozenset({"是", "已完成", "完成", "达标", "已达标", "达成", "已达成", "已实现", "√", "✓", "✔"})
NO = frozenset({"否", "未完成", "未达标", "未达成", "未实现", "×", "✗", "✘"})


@dataclass
class Levels:
    """The levels that the last row stood under, for rows that leave them blank."""

    level1: str = ""
    level2: str | None = None


def read_indicators(notebook: Notebook, table: IndicatorTable) -> int:
    """Read the rows below the heading; returns the last row that belongs to the table."""
    sheet, levels, last = notebook.sheet, Levels(), table.last_row
    for row in [row for row in sheet.rows() if row > table.last_row]:
        cells = _cells(notebook, table, row)
        own = [cell for cell in sheet.row(row) if cell.column <= table.width[1]]
        if is_repeated(sheet, row, table):
            for cell in sheet.row(row):
                notebook.understood(sheet.take(cell), gettext_noop("repeats the table's heading"))
        elif own and is_total(own[0], cells):
            read_total(notebook, row, cells)
            return row
        elif own and (is_foot(own[0]) or is_head_label(own[0])):
            return last
        elif own and (label := subtotal_of(own, cells)) is not None:
            read_subtotal(notebook, row, label, cells, levels.level1)
        elif own:
            _read_row(notebook, table, cells, levels)
        last = row
    return last


def _cells(notebook: Notebook, table: IndicatorTable, row: int) -> dict[str, Cell]:
    """The cells of a row by column; one that is merged across columns stands in the first only."""
    sheet = notebook.sheet
    seen: set[Place] = set()
    found: dict[str, Cell] = {}
    for key, column in sorted(table.columns.items(), key=lambda pair: pair[1].first):
        shown = [cell for cell in sheet.shown_in(row, column.first, column.last) if cell.place not in seen]
        if shown:
            found[key] = shown[0]
            seen.update(cell.place for cell in shown[:1])
    return found


def _read_row(notebook: Notebook, table: IndicatorTable, cells: Mapping[str, Cell], levels: Levels) -> None:
    row = max(cell.row for cell in cells.values()) if cells else 0
    cells = _of_this_row(notebook, cells, row)
    _read_columns_of_facts(notebook, cells)
    if _is_template(notebook, cells):
        return
    _read_levels(notebook, table, cells, levels)
    name = _name(notebook, cells)
    if name is None:
        return
    text, in_name = name_and_points(name) if "weight" not in table.columns else (name, None)
    weight = points(notebook, notebook.sheet.take(cells["weight"])) if "weight" in cells else None
    if in_name is not None:
        notebook.understood(cells["name"], gettext_noop("names the points, which were read as the weight"))
        weight = format(in_name, "f")
    place = len(notebook.document["indicators"])
    for key, path in (
        ("weight", "weight"),
        ("score", "stated.score"),
        ("target", "target"),
        ("actual", "actual"),
    ):
        if key in cells:
            notebook.sources[f"indicators[{place}].{path}"] = cells[key].address
    notebook.document["indicators"].append(
        {
            "level1": levels.level1,
            "level2": levels.level2,
            "name": text,
            "weight": weight,
            **measures(notebook, cells),
            "rule": None,
            "stated": _stated(notebook, table, cells),
            "deviation_reason": _reason(notebook, cells),
        }
    )


def _of_this_row(notebook: Notebook, cells: Mapping[str, Cell], row: int) -> dict[str, Cell]:
    """Without the figures of another row: a figure merged over several rows counts for the first."""
    kept = {}
    for key, cell in cells.items():
        if key in ONE_PER_ROW and cell.row < row:
            words = gettext_noop("is merged over several indicators: it was read for the first one only")
            notebook.doubtful(cell, words)
            continue
        kept[key] = cell
    return kept


def _read_columns_of_facts(notebook: Notebook, cells: Mapping[str, Cell]) -> None:
    """Forms in one long table repeat project and unit in columns."""
    for key in ("name", "department", "unit"):
        if (cell := cells.get(f"fact:{key}")) and cell.place not in notebook.sheet.taken:
            notebook.sheet.take(cell)
            SETTERS[key](notebook, cell, text_of(notebook, cell))


def _is_template(notebook: Notebook, cells: Mapping[str, Cell]) -> bool:
    """Whether a row is left as the empty form has it ("指标1：", "……")."""
    name = cells.get("name")
    if name is None or not TEMPLATE.fullmatch(half(name.text)):
        return False
    if any(key in cells and not is_dash(cells[key].text) for key in ("target", "actual", "weight", "score")):
        return False
    for key, cell in cells.items():
        if cell.row == name.row and key not in ("level1", "level2"):
            notebook.understood(
                notebook.sheet.take(cell), gettext_noop("is an empty row of the form, and was left out")
            )
    return True


def _read_levels(
    notebook: Notebook, table: IndicatorTable, cells: Mapping[str, Cell], levels: Levels
) -> None:
    for key in ("level1", "level2"):
        if key not in table.columns:
            continue
        cell = cells.get(key)
        if cell is None:
            _carry_over(notebook, cells, levels, key)
            continue
        is_new = cell.place not in notebook.sheet.taken
        notebook.sheet.take(cell)
        text = line_of(notebook, cell)
        label, weight = level_of(text) if text else ("", None)
        if weight is not None and is_new:
            _keep_weight(notebook, cell, key, label, weight)
        if key == "level1":
            if label != levels.level1:
                levels.level2 = None
            if is_new and label and label not in LEVELS:
                notebook.understood(
                    cell, gettext_noop("is no level of the official form; it was kept as written")
                )
            levels.level1 = label
        else:
            levels.level2 = label or None


def _carry_over(notebook: Notebook, cells: Mapping[str, Cell], levels: Levels, key: str) -> None:
    """A blank level stands under the one above, when there is one."""
    name, label = cells.get("name"), getattr(levels, key)
    if name is None:
        return
    if label:
        words = gettext_noop("has a blank level: the one above, %(label)s, was read")
        notebook.understood(name, words, label=label)
    elif key == "level1":
        notebook.doubtful(name, gettext_noop("stands under no level 1"))


def _keep_weight(notebook: Notebook, cell: Cell, key: str, label: str, weight: Decimal) -> None:
    if key == "level1":
        notebook.document["stated"]["level1_weights"].setdefault(label, format(weight, "f"))
        notebook.understood(cell, gettext_noop("names the level's points"))
    else:
        notebook.left(cell, gettext_noop("names points for a level 2, for which a dossier has no place"))


def _name(notebook: Notebook, cells: Mapping[str, Cell]) -> str | None:
    """The indicator's name; a row without one is reported, and left out."""
    cell = cells.get("name")
    text = line_of(notebook, notebook.sheet.take(cell)) if cell else None
    if text:
        return NUMBERED.sub("", text) or text
    if cell is not None and any(fault.path == cell.address for fault in notebook.faults):
        return None
    for key, other in cells.items():
        if (
            key not in ("level1", "level2")
            and other.place not in notebook.sheet.taken
            and not is_dash(other.text)
        ):
            notebook.left(other, gettext_noop("stands in a row without an indicator's name"))
    return None


def _stated(notebook: Notebook, table: IndicatorTable, cells: Mapping[str, Cell]) -> dict[str, Any]:
    def taken(key: str) -> Cell | None:
        return notebook.sheet.take(cells[key]) if key in cells else None

    completion, met, score = taken("completion_rate"), taken("met"), taken("score")
    heading: Column | None = table.columns.get("completion_rate")
    in_percent = heading is not None and "%" in half(heading.heading.text)
    return {
        "completion_rate": rate(notebook, completion, in_percent) if completion else None,
        "met": _met(notebook, met) if met else None,
        "score": points(notebook, score) if score else None,
    }


def _met(notebook: Notebook, cell: Cell) -> bool | None:
    text = half(cell.text)
    if text in YES or text in NO:
        return text in YES
    if not is_dash(text):
        notebook.left(cell, gettext_noop("is neither yes nor no"))
    return None


def _reason(notebook: Notebook, cells: Mapping[str, Cell]) -> str | None:
    """The reason, and the measures of a column of their own below it."""
    texts = [_text(notebook, cells.get(key)) for key in ("reason", "measures")]
    return "\n".join(filter(None, texts)) or None


def _text(notebook: Notebook, cell: Cell | None) -> str | None:
    return None if cell is None else text_of(notebook, notebook.sheet.take(cell))
