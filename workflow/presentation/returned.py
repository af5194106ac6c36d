"""A return as whoever has to answer it sees it, and where the straight way leads afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from approvals.models import Decision, PointerKind, ReturnPointer, Verb
from approvals.procedure import step_of
from approvals.returns import SentBack, goes_back_to, to_be_answered
from approvals.words import enumerated
from evaluations.models import Evaluation, Evidence, Indicator
from workflow.forms.pointing import Thing
from workflow.presentation.score_sheet import ScoreSheet
from workflow.presentation.words import step_label

Marks = dict[int, list[dict[str, str]]]


def things_of(evaluation: Evaluation, indicators: Iterable[Indicator] | None = None) -> list[Thing]:
    """What a return of this dossier may point at: its indicators, its files, the chapters written so far."""
    rows = evaluation.indicators.all() if indicators is None else indicators
    files = Evidence.objects.filter(evaluation=evaluation, withdrawn_at=None, item_link=None)
    sections = evaluation.sections.exclude(text="")
    return [
        *(Thing(PointerKind.INDICATOR.value, row.pk, row.name, _("Indicators")) for row in rows),
        *(Thing(PointerKind.FILE.value, file.pk, file.name, _("Files")) for file in files),
        *(
            Thing(PointerKind.CHAPTER.value, section.pk, str(section.get_chapter_display()), _("Chapters"))
            for section in sections
        ),
    ]


def standing_return(
    evaluation: Evaluation, decisions: Iterable[Decision], stage: str, step: int
) -> SentBack | None:
    """The return that the step has still to answer."""
    return to_be_answered(decisions, evaluation.round, (stage, step))


def box_of(sent: SentBack | None, url_of: Callable[[ReturnPointer], str]) -> dict[str, Any] | None:
    """What _returned.html takes: the reasons, and what they point at with the way there."""
    if sent is None:
        return None
    return {
        "reasons": [{"person": reason.by, "reason": reason.opinion} for reason in sent.reasons],
        "pointers": [
            {
                "kind": pointer.get_kind_display(),
                "name": pointer.called,
                "words": pointer.words,
                "url": url_of(pointer),
            }
            for pointer in sent.pointers
        ],
    }


def marks_of(sent: SentBack | None, kind: str) -> Marks:
    """The marks at indicators, files or chapters, by the id of each."""
    marks: Marks = {}
    for pointer in sent.pointers if sent else ():
        if pointer.kind == kind:
            mark = {"person": pointer.decision.by, "words": pointer.words}
            marks.setdefault(pointer.target_id, []).append(mark)
    return marks


def add_marks(table: dict[str, Any], sheet: ScoreSheet, marks: Marks) -> dict[str, Any]:
    """The table of scores with a place to link to at each indicator, and the return's marks under it."""
    for level, group in zip(sheet.levels, table["groups"], strict=False):
        for place, row in zip(level.places, group["rows"], strict=True):
            pk = sheet.indicators[place].pk
            row |= {"anchor": f"indicator-{pk}", "pointed": marks.get(pk, [])}
    return table


def straight_way(evaluation: Evaluation) -> str:
    """To whom it goes straight back after this; "" where the steps follow each other."""
    way = goes_back_to(evaluation)
    step = step_of(evaluation, way["stage"], way["step"]) if way else None
    if way is None or step is None:
        return ""
    words = {"step": step_label(evaluation, step)}
    person = User.objects.filter(pk=way["person"]).first() if way.get("person") else None
    if person is None:
        return _("After this it goes straight back to %(step)s.") % words
    words["person"] = str(person)
    return _("After this it goes straight back to %(person)s (%(step)s).") % words


def pointed_words(decision: Decision) -> str:
    """What a decision points at, in one line; "" where it points at nothing."""
    if decision.item_id or decision.verb not in (Verb.RETURN, Verb.OBJECT):
        return ""
    found = [
        _("%(name)s (%(remark)s)") % {"name": pointer.called, "remark": pointer.words}
        if pointer.words
        else pointer.called
        for pointer in decision.pointers.all()
    ]
    return _("Points at: %(names)s") % {"names": enumerated(found)} if found else ""
