"""What a reader may do on an item's page beside its steps; the actions ask the same again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.access import rights_for_reading
from accounts.roles import Right
from approvals.actions.extension import NOT_ASKED_AT, require_may_be_extended
from approvals.actions.item_shape import require_item_independence
from approvals.actions.shape import standing_of
from approvals.models import Extension, ItemStage, RectificationItem
from audit_log.errors import ConflictOfInterest, NotAllowed, WrongStage
from evaluations.models import CONCLUDED_STAGES
from workflow.access import may_act
from workflow.models import FlowTask


@dataclass(frozen=True)
class MayDo:
    """What is open to one reader on one item's page."""

    progress: bool
    extend: bool
    why_not_extend: str
    """Why no extension can be asked for, for somebody who else could."""
    answer: Extension | None
    """The extension that waits for the reader's answer."""
    cancel: bool
    sample: bool
    reopen: bool


def may_do(reader: Any, item: RectificationItem, task: FlowTask | None) -> MayDo:
    """What the reader may do beside the item's step."""
    rights = rights_for_reading(reader)
    bureau = item.evaluation.bureau_id
    verifies = rights.holds(Right.VERIFY_FINANCE, bureau)
    carries_out = rights.holds(Right.CARRY_OUT_RECTIFICATION, item.responsible_unit_id)
    concluded = item.evaluation.stage in CONCLUDED_STAGES
    may_ask = carries_out and item.stage not in NOT_ASKED_AT
    why_not = why_not_extended(item) if may_ask else ""
    return MayDo(
        progress=item.stage == ItemStage.CARRYING_OUT and task is not None and may_act(reader, task),
        extend=may_ask and not why_not,
        why_not_extend=why_not,
        answer=waiting_extension(reader, item) if verifies else None,
        cancel=item.is_open and concluded and decides(reader, item, Right.AS_BUREAU_LEADER),
        sample=verifies and item.is_open and not item.needs_finance,
        reopen=verifies and item.stage == ItemStage.CLOSED,
    )


def why_not_extended(item: RectificationItem) -> str:
    """What keeps the due date from being moved; empty when nothing does."""
    try:
        require_may_be_extended(item)
    except WrongStage as error:
        return str(error)
    return ""


def waiting_extension(reader: Any, item: RectificationItem) -> Extension | None:
    """The extension that nobody has answered, when the reader may."""
    found = item.extensions.filter(answer=None).first()
    return found if found and decides(reader, item, Right.VERIFY_FINANCE) else None


def decides(reader: Any, item: RectificationItem, right: Right) -> bool:
    """Whether the reader holds the right at the bureau and had no hand in carrying the item out."""
    if not rights_for_reading(reader).holds(right, item.evaluation.bureau_id):
        return False
    try:
        with transaction.atomic():
            on_behalf_of = standing_of(reader, right, item.evaluation.bureau_id)
            require_item_independence(item, reader, on_behalf_of)
    except (NotAllowed, ConflictOfInterest):
        return False
    return True
