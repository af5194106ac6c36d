"""Which kinds of notices there are, and which of them nobody can turn off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from notices import messages


class ByMail(models.TextChoices):
    """When a notice goes out by e-mail; inside the product it is shown at once in any case."""

    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("once a day")
    NEVER = "never", _("not by e-mail")


@dataclass(frozen=True)
class Kind:
    """A kind of notice; whoever is told one that is ``compulsory`` gets it by e-mail at least once a day."""

    key: str
    label: Any
    """Its name, in the reader's language."""
    about: Any
    by_mail: ByMail
    """What applies to whoever has chosen nothing."""
    compulsory: bool = False

    @property
    def choices(self) -> list[ByMail]:
        """What a person may choose."""
        return [way for way in ByMail if way != ByMail.NEVER or not self.compulsory]

    def chosen_by(self, choices: Mapping[str, str]) -> ByMail:
        """What applies to a person with these choices: a choice that is no longer offered is the default."""
        chosen = choices.get(self.key, self.by_mail)
        return ByMail(chosen) if chosen in self.choices else self.by_mail


TASK = Kind(
    "task",
    _("Work for you"),
    _("Something waits for you, was returned or handed over to you, or you are reminded of it."),
    ByMail.AT_ONCE,
)
DEADLINE = Kind(
    "deadline",
    _("Deadlines"),
    _("Notices of rectification, and days that run out or have run out."),
    ByMail.DIGEST,
    compulsory=True,
)
RESULT = Kind(
    "result",
    _("Results"),
    _("A conclusion, the use of a result, a re-check, the end of an evaluation."),
    ByMail.DIGEST,
)
PART = Kind(
    "part",
    _("Who takes part"),
    _("Appointments, recusals and delegations that concern you."),
    ByMail.AT_ONCE,
)
TALK = Kind(
    "talk",
    _("Comments and opinions"),
    _("You are named in a comment, asked for an opinion, or given one."),
    ByMail.DIGEST,
)

KINDS: dict[str, Kind] = {kind.key: kind for kind in (TASK, DEADLINE, RESULT, PART, TALK)}

OF_MESSAGE: dict[str, Kind] = {
    messages.NEW_TASK: TASK,
    messages.RETURNED: TASK,
    messages.QUESTION: TASK,
    messages.HANDED_OVER: TASK,
    messages.REMINDED: TASK,
    messages.NOTICE_ISSUED: DEADLINE,
    messages.EXTENSION_ASKED: TASK,
    messages.EXTENSION_GRANTED: DEADLINE,
    messages.EXTENSION_REFUSED: DEADLINE,
    messages.OVERDUE: DEADLINE,
    messages.ESCALATED: DEADLINE,
    messages.ITEM_DUE_SOON: DEADLINE,
    messages.ITEM_DUE_TODAY: DEADLINE,
    messages.ITEM_OVERDUE: DEADLINE,
    messages.ITEM_ESCALATED: DEADLINE,
    messages.RECEIPT_WAITING: DEADLINE,
    messages.CONCLUDED: RESULT,
    messages.DRAWN: RESULT,
    messages.CLOSED: RESULT,
    messages.ITEM_CLOSED: RESULT,
    messages.ITEM_CANCELLED: RESULT,
    messages.FEEDBACK: RESULT,
    messages.MOVED: RESULT,
    messages.USE_BY_TABLE: RESULT,
    messages.USE_CHANGED: RESULT,
    messages.RECUSED: PART,
    messages.YOU_WERE_RECUSED: PART,
    messages.APPOINTED: PART,
    messages.DELEGATED: PART,
    messages.DELEGATION_REVOKED: PART,
    messages.YOUR_DELEGATION_REVOKED: PART,
    messages.MENTIONED: TALK,
    messages.CONSULTED: TALK,
    messages.OPINION_GIVEN: TALK,
    messages.NO_LONGER_ASKED: TALK,
}
"""Every message of ``notices.messages`` has its kind here: a test holds the two together."""


def kind_of(message: str) -> Kind:
    """The kind of a message; one that the table does not know is work for whoever is told."""
    return OF_MESSAGE.get(message, TASK)
