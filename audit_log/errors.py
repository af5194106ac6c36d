"""The one tree of errors that people may meet.

An error carries data (what was expected, what was found, at which field) and a
message for people in their language. It becomes a page or a JSON problem in
exactly one place: ``config.middleware.errors_for_people``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type_of_message = str | Promise


class JihengError(Exception):
    """Something that a person asked for and that was refused, with the reason."""

    status = 400
    code = "error"
    title: type_of_message = _("This could not be done")

    def __init__(self, message: type_of_message, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data

    def __str__(self) -> str:
        return str(self.message)


class NotFound(JihengError):
    """The row does not exist, or it is not yours: nobody learns which of the two."""

    status = 404
    code = "not_found"
    title = _("Not found")

    def __init__(self, message: type_of_message = "", **data: Any) -> None:
        super().__init__(message or _("This page does not exist, or it is not yours to see."), **data)


class NotAllowed(JihengError):
    """The actor may see the row but holds no right to this verb."""

    status = 403
    code = "not_allowed"
    title = _("You may not do this")


class ConflictOfInterest(JihengError):
    """Separation of duties: nobody decides on what they submitted themselves."""

    status = 403
    code = "conflict_of_interest"
    title = _("Someone else has to decide this")


class WrongStage(JihengError):
    """The dossier or the item is not at a stage that allows the verb."""

    status = 409
    code = "wrong_stage"
    title = _("The matter has moved on")


class AlreadyHandled(JihengError):
    """Somebody else finished the task first: the loser of a race loses nothing typed."""

    status = 409
    code = "already_handled"
    title = _("Already handled by someone else")


class Busy(JihengError):
    """The lock could not be had in time; trying again will do."""

    status = 409
    code = "busy"
    title = _("Somebody is working on this at this moment")


class Outdated(JihengError):
    """The content was saved again after the page was opened: saving this page would undo that."""

    status = 409
    code = "outdated"
    title = _("This page is out of date")


class InvalidInput(JihengError):
    """What was typed cannot be taken; ``fields`` maps each field to its messages."""

    status = 422
    code = "invalid_input"
    title = _("Please check what you entered")

    def __init__(
        self,
        message: type_of_message,
        *,
        fields: Mapping[str, Sequence[type_of_message]] | None = None,
        **data: Any,
    ):
        super().__init__(message, **data)
        self.fields = dict(fields or {})

    @classmethod
    def at(cls, field: str, message: type_of_message, **data: Any) -> InvalidInput:
        """One fault at one field."""
        return cls(message, fields={field: [message]}, **data)
