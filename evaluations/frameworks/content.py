"""A framework's content: what it lists, read strictly from its JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from evaluations.strict_json import DocumentFaults, Fault, gettext_noop, read, write

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class FrameworkItem:
    """An indicator of the framework: level 1 to 3, what is looked at, and how it is computed.

    ``points`` are the questions that the evaluator answers, ``formula`` stands where a
    figure is computed instead; ``weight`` is in points out of 100, None where the
    framework leaves it to a share of its level's weight.
    """

    level1: str
    level2: str
    name: str
    points: tuple[str, ...] = ()
    formula: str | None = None
    weight: Decimal | None = None


@dataclass(frozen=True)
class FrameworkContent:
    """Everything that a framework fixes; ``level_weights`` are points by level 1, 100 in all."""

    code: str
    name: str
    source: str
    level_weights: Mapping[str, Decimal]
    items: tuple[FrameworkItem, ...]
    version: int = 1
    note: str = field(default="", metadata={"omit_empty": True})

    @classmethod
    def from_json(cls, document: object) -> FrameworkContent:
        """Read and validate; raises DocumentFaults with every fault."""
        content: FrameworkContent = read(cls, document)
        if faults := list(_faults_of(content)):
            raise DocumentFaults(faults)
        return content

    def to_json(self) -> dict[str, object]:
        """The document, which ``from_json`` reads back to the same content."""
        document: dict[str, object] = write(self)
        return document

    def weights(self) -> list[Decimal]:
        """Each item's points: its own, else an equal share of what its level has left.

        Shares are rounded down to 2 places, and the level's last item takes the remainder.
        """
        left = dict(self.level_weights)
        open_places = Counter(item.level1 for item in self.items if item.weight is None)
        for item in self.items:
            left[item.level1] -= item.weight or Decimal(0)
        weights = []
        for item in self.items:
            if item.weight is not None:
                weights.append(item.weight)
                continue
            places = open_places[item.level1]
            share = (left[item.level1] / places).quantize(Decimal("0.01"), ROUND_DOWN)
            weights.append(left[item.level1] if places == 1 else share)
            left[item.level1] -= weights[-1]
            open_places[item.level1] -= 1
        return weights


def _faults_of(content: FrameworkContent) -> Iterator[Fault]:
    found = sum(content.level_weights.values(), Decimal(0))
    if found != HUNDRED:
        words = gettext_noop("add up to %(found)s, not to 100")
        yield Fault("level_weights", words, {"found": format(found, "f")})
    for level, weight in content.level_weights.items():
        if weight < 0:
            yield Fault(f"level_weights.{level}", gettext_noop("cannot be negative"))
    if not content.items:
        yield Fault("items", gettext_noop("a framework needs at least one indicator"))
    seen: set[tuple[str, str]] = set()
    for place, item in enumerate(content.items):
        if item.level1 not in content.level_weights:
            yield Fault(f"items[{place}].level1", gettext_noop("the framework has no weight for this level"))
        if (item.level1, item.name) in seen:
            yield Fault(f"items[{place}].name", gettext_noop("stands in this level already"))
        if item.weight is not None and item.weight < 0:
            yield Fault(f"items[{place}].weight", gettext_noop("cannot be negative"))
        seen.add((item.level1, item.name))
    yield from _sum_faults(content)


def _sum_faults(content: FrameworkContent) -> Iterator[Fault]:
    """Weights of a level's items that do not give the level's weight."""
    for level, weight in content.level_weights.items():
        items = [item for item in content.items if item.level1 == level]
        given = sum((item.weight for item in items if item.weight is not None), Decimal(0))
        all_given = bool(items) and all(item.weight is not None for item in items)
        if given > weight or (all_given and given != weight) or (weight and not items):
            words = gettext_noop("the indicators of %(level)s add up to %(found)s, the level has %(weight)s")
            found = {"level": level, "found": format(given, "f"), "weight": format(weight, "f")}
            yield Fault(f"level_weights.{level}", words, found)
