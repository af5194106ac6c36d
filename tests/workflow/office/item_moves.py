"""What a person may say at an item's step; a whim varies it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from approvals.actions.plan import PlannedMeasure
from approvals.models import RectificationItem, Verb
from tests.cast import soon
from tests.dossier_content import evidence_file
from workflow.attachments import NewFile

CARRYING_OUT = ("项目组", "信息中心", "人员12", "财务科", "人员20")
"""Offices, and people whom a plan may bind by their names."""


def planned(item: RectificationItem | None, whim: int) -> dict[str, Any]:
    """One measure or two, in time for the item's due date; now and then too late for it."""
    today = soon(0)
    last = item.due if item is not None and item.due > today else today
    by_when = soon(400) if whim % 9 == 8 else last
    measures = [PlannedMeasure("补签协议。", CARRYING_OUT[whim % len(CARRYING_OUT)], by_when)]
    return {"measures": measures + [PlannedMeasure("组织验收。", "项目组", last)] * (whim % 2)}


def answered(item: RectificationItem | None, whim: int) -> dict[str, Any]:
    """Adopted with another requirement, or not; now and then without the requirement."""
    adopted = whim % 2 == 0
    requirement = "按补充协议的期限交付" if adopted and whim % 5 != 4 else ""
    return {"adopted": adopted, "opinion": "已核对合同条款。", "requirement": requirement}


def reported(item: RectificationItem | None, whim: int) -> dict[str, Any]:
    """With a file that shows it; now and then without any."""
    return {"result": "已完成。", "files": [NewFile(**evidence_file())] if whim % 7 != 6 else []}


def verified(item: RectificationItem | None, whim: int) -> dict[str, Any]:
    """All that is outstanding, a part of it, or now and then more than there is."""
    outstanding = item.outstanding if item is not None else None
    settled = None
    if outstanding and whim % 3 == 1:
        settled = (outstanding * (whim % 9 + 1) / 10).quantize(Decimal("0.000001"))
    elif whim % 11 == 10:
        settled = (outstanding or Decimal(0)) + 1
    return {"opinion": "已核对。", "settled": settled}


ITEM_DETAILS: dict[Verb, Callable[[RectificationItem | None, int], dict[str, Any]]] = {
    Verb.PLAN: planned,
    Verb.DISPUTE: lambda item, whim: {"opinion": "合同约定次年交付，请求调整。"},
    Verb.ANSWER_DISPUTE: answered,
    Verb.REPORT: reported,
    Verb.VERIFY: verified,
    Verb.SEND_BACK: lambda item, whim: {"opinion": "请补充验收材料。"},
}
