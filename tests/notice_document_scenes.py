"""What lies behind the addresses of a notice's documents."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.base import ContentFile

from approvals.models import GeneratedDocument, ItemStage
from evaluations.models import Stage
from tests.dossier_content import PDF
from tests.permission_scenes import Play, Scene
from workflow import rectifying


def issued(form: str) -> Callable[[Play], Scene]:
    """A notice to Lin's unit that went out, and the format that is asked for."""
    return lambda play: Scene([play.item_at(ItemStage.ISSUED).notice_id], lambda: {"form": form})


def in_preparation(play: Play) -> Scene:
    """A notice whose particulars Sun is still writing: nobody has it as a document."""
    evaluation = play.self_evaluation(Stage.FINANCE_REVIEW)
    return Scene([rectifying.prepare_notice(evaluation=evaluation, actor=play.world.sun).pk])


def written(play: Play) -> Scene:
    """A notice in Word that Lin had made."""
    notice = play.item_at(ItemStage.ISSUED).notice
    made = GeneratedDocument(
        evaluation=notice.evaluation,
        notice=notice,
        requested_by=play.world.lin,
        form=GeneratedDocument.Form.WORD,
        status=GeneratedDocument.Status.DONE,
    )
    made.file.save("notice.docx", ContentFile(PDF), save=False)
    made.save()
    return Scene([made.pk])
