"""What lies behind the addresses of experts and their seats in the permission matrix."""

from __future__ import annotations

from evaluations.actions import suspend_expert
from evaluations.models import Stage
from tests.experts import in_conflict, registered
from tests.permission_scenes import Play, Scene
from workflow import seating


def entry(play: Play) -> Scene:
    """Wu's entry in the register."""
    return Scene([registered(play.world, play.world.wu).pk])


def suspension(play: Play) -> Scene:
    return Scene(entry(play).arguments, lambda: {"suspend-reason": "病假"})


def suspended(play: Play) -> Scene:
    profile = registered(play.world, play.world.wu)
    suspend_expert(actor=play.world.sun, profile=profile, reason="病假")
    return Scene([profile.pk])


def declaration(play: Play) -> Scene:
    """Wu's entry, and a conflict with Lin's unit."""
    typed = {"organization": play.world.unit.pk, "reason": "亲属任职"}
    return Scene(entry(play).arguments, lambda: typed)


def conflict(play: Play) -> Scene:
    """Wu's conflict with Lin's unit, and why it has ended."""
    found = in_conflict(play.world, registered(play.world, play.world.wu))
    return Scene([found.pk], lambda: {"end_reason": "离职已满三年"})


def lots(play: Play) -> Scene:
    """Wu is seated on a finance evaluation, Zheng can be drawn."""
    registered(play.world, play.world.zheng)
    evaluation = play.commissioned_evaluation(Stage.MATERIAL, experts=[play.world.wu])
    return Scene([evaluation.pk], lambda: {"draw-number": "1"})


def seat(play: Play) -> Scene:
    """Wu's seat, while experts score."""
    evaluation = play.commissioned_evaluation(Stage.EXPERT_SCORING, experts=[play.world.wu])
    return Scene([evaluation.pk, evaluation.seats.get().pk], lambda: {"reason": "与承建单位有业务往来"})


def vacant_seat(play: Play) -> Scene:
    """The same after Wu has left, for Zheng."""
    scene = seat(play)
    seat_of_wu = play.world.wu.seats.get()
    seating.recuse(seat=seat_of_wu, actor=play.world.wu, reason="与承建单位有业务往来")
    return Scene(scene.arguments, lambda: {"expert": play.world.zheng.pk})
