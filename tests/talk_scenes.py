"""What lies behind the addresses of comments and consultations in the permission matrix."""

from __future__ import annotations

from django.core.files.base import ContentFile

from approvals.actions.comment import PostedFile
from approvals.models import Audience, Comment
from evaluations.models import Stage
from tests.dossier_content import PDF
from tests.permission_scenes import Play, Scene
from workflow import talk


def new_comment(play: Play) -> Scene:
    """A dossier at the department's step, and a comment for everybody."""
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW)
    return Scene([evaluation.pk], lambda: {"text": "请核对。", "audience": "unit"})


def panel_comment(play: Play) -> Scene:
    """The same on a finance evaluation that Wu has a seat on, while the panel has still to score."""
    evaluation = play.commissioned_evaluation(Stage.MATERIAL, experts=[play.world.wu])
    return Scene([evaluation.pk], lambda: {"text": "请核对。", "audience": "unit"})


def zhaos_comment(play: Play) -> Comment:
    """For the department and the bureau, with a file."""
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW)
    file = PostedFile(ContentFile(PDF), "合同.pdf")
    return talk.add_comment(
        evaluation=evaluation,
        actor=play.world.zhao,
        audience=Audience.DEPARTMENT,
        text="请核对。",
        files=[file],
    )


def own_comment(play: Play) -> Scene:
    return Scene([zhaos_comment(play).pk])


def file_of_comment(play: Play) -> Scene:
    return Scene([zhaos_comment(play).files.get().pk])


def question(play: Play) -> Scene:
    """What the department asks its head."""
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW)
    typed = {"colleague": play.world.sun.pk, "question": "可否接受？"}
    return Scene([evaluation.pk], lambda: typed)


def consultation(play: Play) -> Scene:
    """Zhao asks Qian."""
    asked = talk.consult(
        evaluation=play.self_evaluation(Stage.DEPARTMENT_REVIEW),
        actor=play.world.zhao,
        colleague=play.world.qian,
        question="可否接受？",
    )
    return Scene([asked.pk], lambda: {"answer": "可以接受。"})
