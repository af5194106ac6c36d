"""What a copied cell becomes in a row of the indicator form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from evaluations.exchange.form.figures import points_of
from evaluations.exchange.form.levels import level_of
from evaluations.exchange.form.targets import comparator_of, read_figure, same_measure
from workflow.forms.indicators import LEVELS
from workflow.forms.rows import MOST_ROWS
from workflow.whole_numbers import whole_number

Data = MultiValueDict[str, Any]
PREFIX = "indicators"
MOST_TOLD = 20
YES, NO = ("是", "已完成", "完成", "达标", "达成", "√"), ("否", "未完成", "未达标", "未达成", "×")
FORWARD, REVERSED = ("正向", "正向指标"), ("反向", "逆向", "负向", "反向指标", "逆向指标")
KINDS = {"定量": "quantitative", "定量指标": "quantitative", "定性": "qualitative", "定性指标": "qualitative"}
DIRECTION_OF = {">=": "higher", ">": "higher", "<=": "lower", "<": "lower"}


@dataclass
class Pasted:
    """The form's data with what was pasted in it, and what there is to say about it."""

    data: Data
    cells: int = 0
    added: int = 0
    left: list[str] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)

    @property
    def told(self) -> list[str]:
        """What could not be placed, as far as a page shows it."""
        return self.left[:MOST_TOLD]

    @property
    def untold(self) -> int:
        return max(0, len(self.left) - MOST_TOLD)

    def put(self, place: int, name: str, value: str) -> None:
        """Write one field of a row as if it had been typed."""
        self.data[f"{PREFIX}-{place}-{name}"] = value

    def typed(self, place: int, name: str) -> str:
        return str(self.data.get(f"{PREFIX}-{place}-{name}", ""))

    @property
    def count(self) -> int:
        """How many rows there are; a request that claims more than may be has no more."""
        claimed = whole_number(str(self.data.get(f"{PREFIX}-TOTAL_FORMS", ""))) or 0
        return min(claimed, MOST_ROWS)

    def names(self) -> dict[str, int]:
        """The first row of each name."""
        places: dict[str, int] = {}
        for place in range(self.count):
            places.setdefault(self.typed(place, "name").strip(), place)
        return places


def line(text: str) -> str:
    """A cell's text on one line."""
    return " ".join(text.split())


def place_level1(pasted: Pasted, place: int, cell: str) -> str:
    level, _points = level_of(cell)
    pasted.put(place, "level1", level if level in LEVELS else "")
    pasted.put(place, "level1_local", "" if level in LEVELS else line(cell))
    return ""


def place_target(pasted: Pasted, place: int, cell: str) -> str:
    """The words as they are, and the figure with its sign and unit where there is one."""
    read = read_figure(cell)
    pasted.put(place, "target_text", line(cell))
    is_figure = read.how == "figure" and read.value is not None
    pasted.put(place, "target_value", f"{read.value:f}" if is_figure else "")
    pasted.put(place, "comparator", read.comparator or "" if is_figure else "")
    if is_figure:
        pasted.put(place, "kind", "quantitative")
        if read.unit:
            pasted.put(place, "unit_of_measure", read.unit)
        if read.comparator and not pasted.typed(place, "direction"):
            pasted.put(place, "direction", DIRECTION_OF.get(read.comparator, ""))
    elif read.how == "words":
        pasted.put(place, "kind", "qualitative")
    return ""


def place_actual(pasted: Pasted, place: int, cell: str) -> str:
    """The words as they are; the figure only in the target's unit."""
    read = read_figure(cell)
    pasted.put(place, "actual_text", line(cell))
    pasted.put(place, "actual_value", "")
    if read.how != "figure" or read.value is None:
        return ""
    unit = pasted.typed(place, "unit_of_measure")
    if read.unit and unit and read.unit != unit:
        factors = same_measure(read.unit, unit)
        if factors is None or factors[0] != factors[1]:
            return _("is not in the target's unit “%(unit)s”: only its words were taken") % {"unit": unit}
    pasted.put(place, "actual_value", f"{read.value:f}")
    return ""


def place_points(name: str) -> Callable[[Pasted, int, str], str]:
    """A placer of weights or scores."""

    def placer(pasted: Pasted, place: int, cell: str) -> str:
        points = points_of(cell)
        if points is None:
            return _("is no figure of points")
        pasted.put(place, name, f"{points:f}")
        return ""

    return placer


def place_text(name: str) -> Callable[[Pasted, int, str], str]:
    """A placer of words."""

    def placer(pasted: Pasted, place: int, cell: str) -> str:
        pasted.put(place, name, cell if name == "deviation_reason" else line(cell))
        return ""

    return placer


def place_met(pasted: Pasted, place: int, cell: str) -> str:
    if cell not in YES + NO:
        return _("says neither yes nor no")
    pasted.put(place, "stated_met", "yes" if cell in YES else "no")
    return ""


def place_nature(pasted: Pasted, place: int, cell: str) -> str:
    """What a column 指标性质 says: how it compares, what is better, or what kind it is."""
    if cell in FORWARD + REVERSED:
        pasted.put(place, "direction", "higher" if cell in FORWARD else "lower")
    elif cell in KINDS:
        pasted.put(place, "kind", KINDS[cell])
    elif sign := comparator_of(cell):
        pasted.put(place, "comparator", sign)
    else:
        return _("says neither direction nor comparison")
    return ""


# In the order in which they are placed: an actual is read in its target's unit.
PLACERS: Mapping[str, Callable[[Pasted, int, str], str]] = {
    "level1": place_level1,
    "level2": place_text("level2"),
    "name": place_text("name"),
    "target": place_target,
    "unit": place_text("unit_of_measure"),
    "nature": place_nature,
    "actual": place_actual,
    "weight": place_points("weight"),
    "score": place_points("score"),
    "completion_rate": place_text("stated_completion_rate"),
    "met": place_met,
    "reason": place_text("deviation_reason"),
}
