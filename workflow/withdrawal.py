"""Which files may be taken out at a step: never one that somebody has decided on already."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from approvals.models import Decision, RectificationItem, Verb
from approvals.proof import open_proof
from audit_log.errors import WrongStage
from evaluations.models import Evaluation, Evidence, Stage


def withdrawable(evaluation: Evaluation, item: RectificationItem | None = None) -> set[int]:
    """The ids of the files that may be taken out now, at the evaluation's step or at the item's.

    While the unit fills in the dossier it may take out any file of it: the whole
    will be handed in and decided on again. At the exchange of views only what came
    in since the draft; at an item's step only what came in for it in this round.
    """
    if item is not None:
        return {file.pk for file in open_proof(item)}
    files = Evidence.objects.filter(evaluation=evaluation, withdrawn_at=None, item_link=None)
    if evaluation.stage == Stage.EXCHANGE_OF_VIEWS:
        drafts = Decision.objects.filter(evaluation=evaluation, item=None, verb=Verb.DRAFT).order_by("-pk")
        files = files.filter(uploaded_at__gt=drafts.values("decided_at")[:1])
    elif evaluation.stage not in (Stage.SELF_ASSESSMENT, Stage.MATERIAL):
        files = files.none()
    return set(files.values_list("pk", flat=True))


def require_withdrawable(
    evidence: Evidence, evaluation: Evaluation, item: RectificationItem | None = None
) -> None:
    """Raises WrongStage for a file that somebody has decided on already."""
    if evidence.withdrawn_at is None and evidence.pk not in withdrawable(evaluation, item):
        raise WrongStage(
            _("“%(name)s” was part of what somebody has decided on: it stays.") % {"name": evidence.name},
            found=evaluation.stage,
        )
