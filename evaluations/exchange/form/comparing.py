"""An actual brought into its target's unit; where that could be wrong, it gives no figure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell
from evaluations.exchange.form.targets import Read, larger_factor, same_measure, without_factor
from evaluations.strict_json import gettext_noop

BLANK = Read("blank")
# Words before or behind a figure after which it does not say what was reached.
NOT_REACHED = re.compile(
    r"不足|不到|不满|未|没|近|接近|约|大概|大约|预计|预期|预估|预测|计划|拟|争取|力争|差|缺|尚|还|剩|超|余|几|比|较|环比"
)
PLANNED = re.compile(r"预计|预期|预估|计划|估算")
ABOUT = re.compile(r"^[余多]|左右|上下|未|没|不")
# "l5次" is most likely 15.
LETTER = re.compile(r"[A-Za-z]$")
UP = re.compile(r"提高|增长|上升|提升|增加|增幅|增收|上涨|增")
DOWN = re.compile(r"下降|降低|减少|压减|缩短|缩减|减|降")
# From how many times the target on a figure is more likely in another unit, and up to where in the same.
FAR = Decimal(10)


@dataclass
class Measure:
    """A target or an actual as a reading of its cell."""

    text: str | None = None
    read: Read = BLANK
    cell: Cell | None = None


def actual_value(notebook: Notebook, target: Measure, actual: Measure, name: str) -> Decimal | None:
    """The actual's figure in the target's unit; None for words, bounds and what cannot be compared.

    ``name`` is the indicator's, which may say that a fall is meant ("成本降低率").
    """
    read, cell = actual.read, actual.cell
    if read.how != "figure" or cell is None:
        return None
    if read.comparator not in (None, "="):
        notebook.doubtful(cell, gettext_noop("is a bound and no figure: it does not say what was reached"))
        return None
    if is_uncertain(target.read, read, name):
        words = gettext_noop("does not say plainly what was reached: it was read as words")
        notebook.doubtful(cell, words)
        return None
    if target.read.how != "figure":
        return read.value if target.read.how == "blank" else None
    return _in_common_unit(notebook, target, cell, read)


def is_uncertain(target: Read, actual: Read, name: str) -> bool:
    """Whether an actual is an estimate, a plan, a denial or a difference instead of what was reached."""
    said = actual.before
    found = NOT_REACHED.search(said)
    is_compared = found is not None and found[0] in ("比", "较", "环比") and found[0] in target.before
    if (
        (found and not is_compared)
        or LETTER.search(said)
        or ABOUT.search(actual.unit or "")
        or PLANNED.search(actual.extra)
    ):
        return True
    direction, wanted = _direction(said), _direction(target.before)
    if direction == 0:
        return bool(wanted < 0 and actual.value and actual.value < 0)
    return direction != (wanted or (_direction(name) if target.unit == actual.unit == "%" else 0))


def _direction(text: str) -> int:
    """1 for words of a rise, -1 of a fall, 0 for none or both."""
    return bool(UP.search(text)) - bool(DOWN.search(text))


def _in_common_unit(notebook: Notebook, target: Measure, cell: Cell, read: Read) -> Decimal | None:
    value, wanted, aim = read.value, target.read.unit, target.read.value
    assert value is not None
    assert aim is not None
    if read.unit == wanted:
        return value
    if read.unit is None:
        return _without_unit(notebook, target, cell, value)
    if wanted is None:
        return _with_unit_of_its_own(notebook, target, cell, read)
    if factors := same_measure(wanted, read.unit):
        words = gettext_noop(
            "stands in %(found)s and the target in %(wanted)s: both were read in the smaller unit"
        )
        notebook.understood(cell, words, found=read.unit, wanted=wanted)
        if factors[0] > factors[1]:
            target.read = replace(target.read, value=aim * factors[0] / factors[1], unit=read.unit)
            return value
        return value * factors[1] / factors[0]
    words = gettext_noop("stands in %(found)s and the target in %(wanted)s")
    if wanted.split("/")[0] == read.unit.split("/")[0]:
        notebook.understood(cell, words, found=read.unit, wanted=wanted)
        return value
    notebook.doubtful(cell, words, found=read.unit, wanted=wanted)
    return None


def _without_unit(notebook: Notebook, target: Measure, cell: Cell, value: Decimal) -> Decimal | None:
    """An actual without a unit beside a target with one."""
    aim, wanted = target.read.value, target.read.unit
    assert aim is not None
    if wanted == "%":
        return _share_or_percent(notebook, cell, value, aim)
    factor = larger_factor(wanted)
    if factor == 1 or not aim or abs(value) < FAR * abs(aim):
        return value
    if abs(value) * FAR < abs(aim) * factor:
        _tell_no_unit(notebook, cell)
        return None
    target.read = replace(target.read, value=aim * factor, unit=without_factor(wanted))
    words = gettext_noop(
        "has no unit while the target stands in %(wanted)s: both were read without %(factor)s"
    )
    notebook.doubtful(cell, words, wanted=wanted or "", factor=(wanted or "")[:1])
    return value


def _with_unit_of_its_own(notebook: Notebook, target: Measure, cell: Cell, read: Read) -> Decimal | None:
    """An actual with a unit beside a target without one, which may be meant in 万 or not."""
    aim, unit, value = target.read.value, read.unit, read.value
    assert aim is not None
    assert value is not None
    factor = larger_factor(unit)
    in_small = value * factor
    if factor > 1 and aim and abs(in_small) <= FAR * abs(aim):
        target.read = replace(target.read, unit=without_factor(unit))
        words = gettext_noop("stands in %(found)s and the target in no unit: it was read as %(value)s")
        notebook.doubtful(cell, words, found=unit or "", value=format(in_small.normalize(), "f"))
        return in_small
    if factor > 1 or (unit == "%" and 0 < abs(aim) <= 1 < abs(value)):
        _tell_no_unit(notebook, cell)
        return None
    target.read = replace(target.read, unit=unit)
    words = gettext_noop("names the unit %(unit)s, which the target does not")
    notebook.understood(cell, words, unit=unit or "")
    return value


def _tell_no_unit(notebook: Notebook, cell: Cell) -> None:
    words = gettext_noop("cannot be compared with the target: only one of the two names its unit")
    notebook.doubtful(cell, words)


def _share_or_percent(notebook: Notebook, cell: Cell, value: Decimal, aim: Decimal) -> Decimal | None:
    """0.92 beside a target of 90% is 92, and so is 2.5 beside 200% 250; 92 is 92.

    What could be either (0.5 beside 2%) gives no figure.
    """
    size, wanted = abs(value), abs(aim)
    if value == 0 or size > FAR:
        return value
    is_share = size * FAR <= wanted and size * 100 <= wanted * 2
    is_percent = size * 3 >= wanted if size > 1 else size * 2 > wanted
    if is_share:
        words = gettext_noop("is no percentage while the target is one: it was read as %(value)s %%")
        notebook.doubtful(cell, words, value=format((value * 100).normalize(), "f"))
        return value * 100
    if is_percent and size > 1:
        return value
    words = gettext_noop("may be a share or a percentage, and gave no figure")
    notebook.doubtful(cell, words)
    return None
