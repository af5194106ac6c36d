"""What a return points at: indicators, files and chapters of the dossier, each with a remark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from approvals.models import Decision, PointerKind, ReturnPointer
from audit_log.errors import InvalidInput
from evaluations.models import Evaluation, Evidence, Indicator, ReportSection

LONGEST_REMARK = 2000


class Pointer(NamedTuple):
    """Something of the dossier by its id, with what is to be done about it."""

    kind: str
    """One of ``PointerKind``."""
    pk: int
    words: str = ""


def require_pointers(evaluation: Evaluation, pointers: Sequence[Pointer]) -> list[ReturnPointer]:
    """The pointers, in the order given, not saved yet.

    Raises InvalidInput for anything that is not of this dossier now, for the same thing
    twice, and for a remark that is too long.
    """
    names = {kind: names_of(evaluation, kind, pointers) for kind in PointerKind.values}
    rows = []
    for place, pointer in enumerate(pointers, start=1):
        name = names.get(pointer.kind, {}).pop(pointer.pk, None)
        if name is None:
            raise InvalidInput.at(
                "pointers",
                _("A return points at indicators, files and chapters of this dossier, once at each."),
                found=pointer.pk,
            )
        rows.append(made(place, pointer, name))
    return rows


def names_of(evaluation: Evaluation, kind: str, pointers: Sequence[Pointer]) -> dict[int, str]:
    """What those of one kind that are pointed at are called, by id; no statement without any."""
    rows: QuerySet[Any, tuple[int, str]]
    wanted = [pointer.pk for pointer in pointers if pointer.kind == kind]
    if not wanted:
        return {}
    if kind == PointerKind.INDICATOR:
        rows = Indicator.objects.filter(evaluation=evaluation, pk__in=wanted).values_list("pk", "name")
    elif kind == PointerKind.FILE:
        files = Evidence.objects.filter(evaluation=evaluation, withdrawn_at=None, item_link=None)
        rows = files.filter(pk__in=wanted).values_list("pk", "name")
    else:
        chapters = ReportSection.objects.filter(evaluation=evaluation, pk__in=wanted)
        rows = chapters.values_list("pk", "chapter")
    return dict(rows)


def made(place: int, pointer: Pointer, name: str) -> ReturnPointer:
    """One row. Raises InvalidInput for a remark that is too long."""
    words = pointer.words.strip()
    if len(words) > LONGEST_REMARK:
        raise InvalidInput.at(
            "pointers", _("A remark has at most %(most)s characters.") % {"most": LONGEST_REMARK}
        )
    column = {PointerKind.INDICATOR: "indicator_id", PointerKind.FILE: "evidence_id"}
    target = {column.get(PointerKind(pointer.kind), "section_id"): pointer.pk}
    return ReturnPointer(place=place, kind=pointer.kind, name=name, words=words, **target)


def pointers_for_the_event(rows: Sequence[ReturnPointer]) -> dict[str, Any]:
    """How the audit event names them; nothing where there are none."""
    if not rows:
        return {}
    return {"pointers": [[row.place, row.kind, row.target_id, row.name, row.words] for row in rows]}


def keep_pointers(decision: Decision, rows: Sequence[ReturnPointer]) -> None:
    """Write them down with their decision."""
    for row in rows:
        row.decision = decision
    if rows:
        ReturnPointer.objects.bulk_create(rows)
