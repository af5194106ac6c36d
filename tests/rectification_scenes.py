"""What lies behind the addresses of items and their notices in the permission matrix."""

from __future__ import annotations

from approvals.models import ItemStage
from evaluations.models import Stage
from tests.cast import propose, soon
from tests.permission_scenes import Play, Scene
from workflow import rectifying


def carried_out(play: Play) -> Scene:
    """An item that Lin carries out, with what one types to enter progress."""
    item = play.item_at(ItemStage.CARRYING_OUT)
    return Scene([item.pk], lambda: {"percent": "40", "text": "一个模块已上线。"})


def extension(play: Play) -> Scene:
    """An item whose due date is to be moved."""
    item = play.item_at(ItemStage.CARRYING_OUT)
    typed = {"extension-due": soon(60).isoformat(), "extension-reason": "承建方延期供货。"}
    return Scene([item.pk], lambda: typed)


def extension_asked(play: Play) -> Scene:
    """An extension that waits for the finance bureau."""
    item = play.item_at(ItemStage.CARRYING_OUT)
    asked = rectifying.ask_extension(item=item, actor=play.world.lin, due=soon(60), reason="承建方延期供货。")
    return Scene([item.pk, asked.pk], lambda: {"answer": "grant"})


def extension_of_another_item(play: Play) -> Scene:
    """The address of one item with the extension of another."""
    other = extension_asked(play).arguments[1]
    return Scene([play.item_at(ItemStage.PLANNING).pk, other], lambda: {"answer": "grant"})


def needless(play: Play) -> Scene:
    """An item that need not be put right any more."""
    item = play.item_at(ItemStage.PLANNING)
    return Scene([item.pk], lambda: {"cancel-opinion": "系统已整体下线。"})


def problems(play: Play) -> Scene:
    """A review of the department's, with the report's problem ticked."""
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW)
    problem = evaluation.problems.get()
    typed = {"all-due": soon().isoformat(), f"problem-{problem.pk}-chosen": "on"}
    typed |= {f"problem-{problem.pk}-requirement": problem.text}
    return Scene([evaluation.pk], lambda: typed)


def further_item(play: Play) -> Scene:
    """An evaluation in rectification, to which its office adds an item."""
    evaluation = play.item_at(ItemStage.PLANNING).evaluation
    typed = {"item-requirement": "补齐档案", "item-due": soon().isoformat()}
    return Scene([evaluation.pk], lambda: typed)


def further_item_proposed(play: Play) -> Scene:
    """The same, with the item proposed and not issued yet."""
    scene = further_item(play)
    evaluation = play.world.project.evaluations.get(pk=scene.arguments[0])
    propose(play.world, evaluation, play.world.sun, requirement="补齐档案")
    return Scene(scene.arguments)


def notices(play: Play) -> Scene:
    """An evaluation with an issued notice, and the particulars of the next one."""
    evaluation = play.item_at(ItemStage.PLANNING).evaluation
    typed = {"copies": "市审计局", "contact": "绩效科", "telephone": "0571-0000000"}
    return Scene([evaluation.pk], lambda: typed)
