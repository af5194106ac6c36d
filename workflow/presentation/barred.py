"""What the page of a step says to somebody who may not decide there: why, and who can."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.words import enumerated
from workflow.barred import Bar
from workflow.models import FlowTask

MOST_NAMED = 10


def barred_words(bar: Bar, reader: Any, task: FlowTask) -> dict[str, str]:
    """The reason, and whoever can decide instead; the latter empty where the step is a person's alone."""
    reason = bar.reason
    if bar.person.pk != reader.pk:
        words = _("You act for %(person)s, who led or handed in this matter or decided on it earlier.")
        reason = words % {"person": bar.person}
    return {"reason": reason, "who_can": who_can(bar, reader, task) if task.right else ""}


def who_can(bar: Bar, reader: Any, task: FlowTask) -> str:
    """Who decides instead, and what has to be done for it."""
    if bar.holder is not None:
        return _("%(person)s can decide: the task is in their hands.") % {"person": bar.holder}
    if not bar.others:
        return _("Nobody else who may decide holds this role now: the role has to be given to somebody.")
    names = enumerated(str(person) for person in bar.others[:MOST_NAMED])
    if task.owner_id == reader.pk:
        return _("Hand it over: %(people)s can decide.") % {"people": names}
    words = ngettext("%(people)s can decide.", "These can decide: %(people)s.", len(bar.others))
    return words % {"people": names}
