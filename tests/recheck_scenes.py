"""Scenes of the permission matrix about draws for re-checks."""

from __future__ import annotations

from tests import rechecks
from tests.permission_scenes import Play, Scene


def to_be_drawn(play: Play) -> Scene:
    """A self-assessment that stopped at the department, and what Sun types to draw it."""
    rechecks.stop_at_department(play.world)
    typed = {
        "bureau": play.world.bureau.pk,
        "fiscal_year": 2025,
        "number": 1,
        "amount": "1",
        "error": "2",
        "warning": "0.5",
        "low_execution": "2",
    }
    return Scene(data=lambda: typed)


def draw(play: Play) -> Scene:
    """A draw with one that came out and one that did not."""
    for _turn in range(2):
        rechecks.stop_at_department(play.world)
    return Scene([rechecks.draw(play.world).pk])


def drawn(play: Play) -> Scene:
    """The comparison of what was drawn and re-checked."""
    evaluation = rechecks.drawn(play.world)
    rechecks.recheck(evaluation, play.world.sun, "10")
    return Scene([evaluation.recheck_candidacies.get().pk])


def not_drawn(play: Play) -> Scene:
    """There is nothing to compare with of a candidate that did not come out."""
    for _turn in range(2):
        rechecks.stop_at_department(play.world)
    return Scene([rechecks.draw(play.world).candidates.get(decision=None).pk])
