"""Drawing self-assessments for a re-check: by chance, the likelier the more money and the more risk.

Pure functions. A bureau says what counts how much; everybody who could be drawn has a
weight of at least 1, so that nobody is safe from the lot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from math import exp

from evaluations.drawing import lot_of

HUNDRED = Decimal(100)
LOW_EXECUTION = Decimal(80)
"""Below this execution rate, in percent, money was left over or spent late."""
PLACES = Decimal("0.0001")
LOTS = Decimal(2) ** 256
# Decimal rounds logarithms correctly, whatever the machine: a draw comes out the same anywhere.
EXACT = Context(prec=40)


@dataclass(frozen=True)
class RecheckWeights:
    """What a bureau adds to the weight of 1 that everybody has.

    ``amount`` for each 100 万元 of annual budget, ``error`` for each error that was handed in
    with a reason, ``warning`` for each warning, ``low_execution`` once when the execution
    rate is below ``LOW_EXECUTION``.
    """

    amount: Decimal = Decimal(1)
    error: Decimal = Decimal(2)
    warning: Decimal = Decimal("0.5")
    low_execution: Decimal = Decimal(2)

    def as_json(self) -> dict[str, str]:
        """The figures as text, by name."""
        return {name: f"{value:f}" for name, value in vars(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> RecheckWeights:
        """What ``as_json`` wrote."""
        return cls(**{name: Decimal(value) for name, value in stored.items()})


USUAL_WEIGHTS = RecheckWeights()


@dataclass(frozen=True)
class RiskFacts:
    """What is known of a self-assessment as it was handed in last; ``annual`` and ``paid`` in 万元."""

    annual: Decimal = Decimal(0)
    paid: Decimal | None = None
    errors: int = 0
    warnings: int = 0

    @property
    def low_execution(self) -> bool:
        """Whether less than ``LOW_EXECUTION`` percent of the annual budget was paid."""
        return self.paid is not None and self.annual > 0 and self.paid * HUNDRED < self.annual * LOW_EXECUTION


def weight_of(facts: RiskFacts, weights: RecheckWeights) -> Decimal:
    """How much more likely than the smallest project without any doubt this one is drawn; 4 places."""
    weight = (
        1
        + weights.amount * max(facts.annual, Decimal(0)) / HUNDRED
        + weights.error * facts.errors
        + weights.warning * facts.warnings
        + weights.low_execution * facts.low_execution
    )
    return weight.quantize(PLACES, rounding=ROUND_HALF_UP)


def size_of(percent: Decimal, candidates: int) -> int:
    """How many a percentage of the candidates is: rounded up, so that a small one draws somebody."""
    return int((percent * candidates / HUNDRED).to_integral_value(rounding=ROUND_CEILING))


def in_order_of_lots(weights: Mapping[int, Decimal], seed: str) -> list[int]:
    """Every candidate in the order in which the lots bring them out; the first ones are drawn.

    Each has the lot of ``evaluations.drawing`` (SHA-256 of "seed:candidate"), read as a
    fraction of 1. Ordered by −ln(fraction) ÷ weight, the smallest first, each next one is
    any of those left with a chance of weight ÷ the sum of their weights (Efraimidis and
    Spirakis, 2006). Neither the order of the list nor a language's generator of random
    numbers matters. Raises ValueError for a weight that is not above zero.
    """
    if any(weight <= 0 for weight in weights.values()):
        raise ValueError("every candidate needs a weight above zero")
    return sorted(weights, key=lambda candidate: (_wait(candidate, weights[candidate], seed), candidate))


def drawn_by_weight(weights: Mapping[int, Decimal], number: int, seed: str) -> list[int]:
    """``number`` of the candidates, by id, in the order in which they come out.

    Raises ValueError when there are too few.
    """
    if not 0 < number <= len(weights):
        raise ValueError(f"{number} cannot be drawn out of {len(weights)}")
    return in_order_of_lots(weights, seed)[:number]


def _wait(candidate: int, weight: Decimal, seed: str) -> Decimal:
    """How long a candidate waits for being drawn: exponential, the heavier the shorter."""
    fraction = EXACT.divide(Decimal(int(lot_of(candidate, seed), 16) + 1), LOTS)
    return EXACT.divide(-EXACT.ln(fraction), weight)


def chances_of(weights: Sequence[Decimal], number: int) -> list[float]:
    """About how likely each is among ``number`` drawn, from 0 to 1; they add up to ``number``.

    The waiting times are exponential: everybody who waits less than the one moment at which
    ``number`` are expected to be out counts as drawn (Rosén, 1997). Exact for equal weights,
    near enough otherwise to look at before drawing.
    """
    if number >= len(weights):
        return [1.0] * len(weights)
    figures = [float(weight) for weight in weights]
    low, high = 0.0, 1.0
    while _out_by(figures, high) < number:
        high *= 2
    for _step in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _out_by(figures, middle) < number else (low, middle)
    return [1 - exp(-figure * high) for figure in figures]


def _out_by(figures: Sequence[float], moment: float) -> float:
    """How many are expected to be out by a moment."""
    return sum(1 - exp(-figure * moment) for figure in figures)
