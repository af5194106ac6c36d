"""An indicator's target and actual, from up to four cells of its row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from evaluations.exchange.form.comparing import Measure, actual_value
from evaluations.exchange.form.figures import is_figure
from evaluations.exchange.form.funding import tell_invisible, unread, usable
from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell
from evaluations.exchange.form.shown import divisor_of
from evaluations.exchange.form.targets import comparator_of, read_figure, unit_of
from evaluations.exchange.form.texts import line_of, text_of
from evaluations.exchange.form.words import half, is_dash
from evaluations.scoring.exact import printed
from evaluations.strict_json import gettext_noop

PRINTED_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
REVERSED = re.compile(r"反向|逆向|负向|越[低小少]越[好优]")
FORWARD = re.compile(r"正向|越[高大多]越[好优]")
LONGEST_UNIT = 20


def measures(notebook: Notebook, cells: Mapping[str, Cell]) -> dict[str, Any]:
    """kind, direction, target and actual of one row, as dossier/1 writes them."""
    target, actual = (_measure(notebook, cells.get(key)) for key in ("target", "actual"))
    nature = _taken(notebook, cells.get("nature"))
    way = _taken(notebook, cells.get("way"))
    _add_nature(notebook, target, nature)
    _add_nature(notebook, target, way)
    _add_unit(notebook, target, _taken(notebook, cells.get("unit")))
    value = actual_value(notebook, target, actual, half(cells["name"].text) if "name" in cells else "")
    kind = _kind(target, value, nature)
    return {
        "kind": kind,
        "direction": _direction(notebook, target, nature, cells),
        "target": {
            "comparator": target.read.comparator if target.read.how == "figure" else None,
            "value": _written(notebook, target, target.read.value),
            "unit": target.read.unit,
            "text": target.text,
        },
        "actual": {"value": _written(notebook, actual, value), "text": actual.text},
    }


def _taken(notebook: Notebook, cell: Cell | None) -> Cell | None:
    return None if cell is None else notebook.sheet.take(cell)


def _measure(notebook: Notebook, cell: Cell | None) -> Measure:
    if cell is None:
        return Measure()
    notebook.sheet.take(cell)
    if cell.is_formula and (not usable(notebook, cell) or isinstance(cell.value, Decimal)):
        if not usable(notebook, cell):
            unread(notebook, cell)
            return Measure()
        text: str | None = cell.text
    elif cell.is_error:
        unread(notebook, cell)
        return Measure()
    else:
        text = line_of(notebook, cell)
    if text is None:
        return Measure()
    measure = Measure(text, read_figure(text), cell)
    _tell_how(notebook, measure, cell)
    return measure


def _tell_how(notebook: Notebook, measure: Measure, cell: Cell) -> None:
    read = measure.read
    if read.how == "figure":
        tell_invisible(notebook, cell)
    if read.how == "several":
        notebook.doubtful(cell, gettext_noop("was read as words: there is no single figure in it"))
    elif read.how == "date":
        notebook.understood(cell, gettext_noop("was read as words: dates are compared by a person"))
    elif read.extra:
        notebook.understood(
            cell,
            gettext_noop("was read as the figure %(figure)s; passed over: %(extra)s"),
            figure=format(read.value or 0, "f"),
            extra=read.extra[:40],
        )
    if isinstance(cell.value, Decimal) and read.value is not None:
        stored = cell.value * 100 if "%" in cell.number_format else cell.value
        divisor = divisor_of(cell.value, cell.number_format)
        if divisor == 1 and stored != read.value:
            words = gettext_noop("stores %(stored)s, and was read as it is shown")
            notebook.understood(cell, words, stored=format(cell.value, "f")[:20])


def _add_nature(notebook: Notebook, target: Measure, nature: Cell | None) -> None:
    """What the column 指标性质 says of the comparison: a sign, or 正向 and 反向."""
    if nature is None or target.read.how != "figure":
        return
    sign = comparator_of(nature.text)
    if sign is None:
        return
    if target.read.comparator not in (None, sign):
        notebook.doubtful(nature, gettext_noop("is another comparison than the target's own, which was read"))
        return
    if target.read.comparator is None and target.text is not None:
        target.text = PRINTED_SIGNS[sign] + target.text
    target.read = replace(target.read, comparator=sign)


def _add_unit(notebook: Notebook, target: Measure, cell: Cell | None) -> None:
    """The unit of the column 度量单位."""
    unit = None if cell is None or is_dash(cell.text) else text_of(notebook, cell)
    if cell is None or unit is None:
        return
    unit = unit_of(half(unit)[:LONGEST_UNIT]) or ""
    if target.read.unit in (None, unit):
        if target.read.how == "figure" and target.read.unit is None and target.text is not None:
            target.text += unit
        target.read = replace(target.read, unit=unit)
    else:
        notebook.doubtful(cell, gettext_noop("is another unit than the target's own, which was read"))


def _kind(target: Measure, actual: Decimal | None, nature: Cell | None) -> str:
    if nature is not None and "定性" in nature.text:
        return "qualitative"
    if nature is not None and "定量" in nature.text:
        return "quantitative"
    has_figure = target.read.how == "figure" or (target.read.how == "blank" and actual is not None)
    return "quantitative" if has_figure else "qualitative"


def _direction(
    notebook: Notebook, target: Measure, nature: Cell | None, cells: Mapping[str, Cell]
) -> str | None:
    """What is better, where the form says so: by its sign, or by the words 正向 and 反向."""
    if target.read.how == "figure" and target.read.comparator in (">=", ">"):
        return "higher"
    if target.read.how == "figure" and target.read.comparator in ("<=", "<"):
        return "lower"
    for key in ("nature", "way", "name", "basis"):
        cell = cells.get(key)
        if cell is None:
            continue
        for direction, pattern in (("lower", REVERSED), ("higher", FORWARD)):
            if pattern.search(half(cell.text)):
                if key not in ("nature", "way"):
                    words = gettext_noop("says which way is better, and was read so")
                    notebook.understood(cell, words)
                return direction
    return None


def _written(notebook: Notebook, measure: Measure, value: Decimal | None) -> str | None:
    if value is None:
        return None
    # "0.10%" is the figure 0.1: how it was printed, the text keeps.
    plain = Decimal(printed(value))
    if not is_figure(plain):
        if measure.cell is not None:
            notebook.doubtful(measure.cell, gettext_noop("has more digits than a figure may have"))
        return None
    return format(plain, "f")
