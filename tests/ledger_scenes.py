"""What lies behind the addresses of the ledger in the matrix."""

from __future__ import annotations

from collections.abc import Callable

from approvals.models import ItemStage
from tests.permission_scenes import Play, Scene
from workflow.ledger_views import save_view


def waiting_item(play: Play) -> Scene:
    """An item that Lin has to plan, ticked."""
    item = play.item_at(ItemStage.PLANNING)
    return Scene(data=lambda: {"item": item.pk})


def file(form: str) -> Callable[[Play], Scene]:
    """The ledger as a file, with one item in it."""

    def scene(play: Play) -> Scene:
        play.item_at(ItemStage.PLANNING)
        return Scene([form])

    return scene


def view(play: Play) -> Scene:
    """A question that somebody wants to keep."""
    return Scene(data=lambda: {"name": "逾期事项", "query": "status=overdue"})


def view_of_suns(play: Play) -> Scene:
    kept = save_view(actor=play.world.sun, name="逾期事项", query="status=overdue")
    return Scene([kept.pk])
