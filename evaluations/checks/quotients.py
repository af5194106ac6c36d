"""Whether two amounts give a percentage: as a share of each other or as a change.

All amounts are whole numbers of one small unit, sorted once; for every divisor the
dividends that would print as the percentage are one interval, found by halving. So a
question costs a few steps per amount, not one per pair, and a dossier has a limit of
steps altogether: what is beyond it is not doubted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal

from evaluations.checks.printed_figures import WIDE
from evaluations.checks.reading import PrintedPercent

# Of the smallest printed figure in the largest unit: 0.000000000001元 in 亿元.
SMALLEST = 20
MOST_STEPS = 300_000


def whole_numbers(amounts: Iterable[Decimal]) -> list[int]:
    """The positive amounts as whole numbers, each once, in order."""
    return sorted({int(WIDE.scaleb(amount, SMALLEST)) for amount in amounts if amount > 0})


class Quotients:
    """Answers for one dossier, within its limit of steps."""

    def __init__(self, most_steps: int = MOST_STEPS) -> None:
        self.steps = 0
        self.most_steps = most_steps

    @property
    def is_exhausted(self) -> bool:
        """Whether the limit is reached: nothing more is doubted."""
        return self.steps >= self.most_steps

    def merged(self, amounts: Sequence[int], more: Sequence[int]) -> Sequence[int]:
        """Both together, each once, in order; counted as steps too."""
        self.steps += (len(amounts) + len(more)) // 8
        return sorted({*amounts, *more})

    def give(self, printed: PrintedPercent, amounts: Sequence[int]) -> bool:
        """Whether some A ÷ B, or some change (A − B) ÷ B up or down, prints as this percentage.

        True as well when the limit is reached: then nobody has shown that none does.
        """
        # 100 × A ÷ B rounds half-up to n ÷ 10^p when (2n − 1) × B ≤ 200 × 10^p × A < (2n + 1) × B.
        scale = 200 * 10**printed.places
        middle = 2 * int(printed.value.scaleb(printed.places))
        for divisor in reversed(amounts):
            if self.is_exhausted:
                return True
            self.steps += 3
            least = -(-(middle - 1) * divisor // scale)
            most = -(-(middle + 1) * divisor // scale) - 1
            if (
                _any_between(amounts, least, most)
                or _any_between(amounts, divisor + least, divisor + most)
                or _any_between(amounts, divisor - most, divisor - least)
            ):
                return True
        return False


def _any_between(amounts: Sequence[int], least: int, most: int) -> bool:
    place = bisect_left(amounts, least)
    return place < len(amounts) and amounts[place] <= most
