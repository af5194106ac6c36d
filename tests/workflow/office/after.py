"""What happens after the conclusion: every verb of rectification, by anybody, in any order."""

from __future__ import annotations

from random import Random
from typing import ClassVar

from evaluations.models import Evaluation
from tests.workflow.office.concluded import Start, concluded
from tests.workflow.office.driving import SOUGHT, Move, booleans, play
from tests.workflow.office.ending import Ending
from tests.workflow.office.item_office import OfficesItems, is_of_items
from tests.workflow.office.watching import Played
from workflow import integrity


class JudgedEnding(Ending):
    """The way to the end, where item after item is closed."""

    def look_around(self) -> None:
        self.course.is_judged("on the way to the end:")


class AfterConclusion(OfficesItems):
    """From the conclusion of some evaluations until each is closed."""

    start: ClassVar[Start]

    def begin(self, random: Random) -> None:
        """As the conclusions have left it."""
        self.is_steady = booleans(random)
        self.evaluations = list(self.start.evaluations)
        self.origins = dict(self.start.origins)
        self.let_pass(self.start.moment - self.moment)

    def habit(self, move: Move, random: Random) -> int:
        """No course without what only items know."""
        return random.choice(SOUGHT) if is_of_items(move.name) else super().habit(move, random)

    def end(self) -> None:
        """Every evaluation can still be closed."""
        for evaluation in self.evaluations:
            JudgedEnding(self, Evaluation.objects.get(pk=evaluation.pk)).bring_about()
        faults = integrity.faults()
        assert not faults, "\n".join(faults)
        self.is_judged("at the end:")


def courses_after_conclusion(number: int, length: int) -> Played:
    """Play so many courses that begin with the same conclusions, each of so many moves."""
    start = concluded()

    class CourseHere(AfterConclusion):
        office = start.office
        kind = start.kind
        played = Played()

    CourseHere.start = start
    try:
        play(CourseHere, [f"rectification {place}" for place in range(number)], length)
    finally:
        start.finish()
    return CourseHere.played
