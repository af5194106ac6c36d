"""Services on the indicator library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Organization, User
from evaluations.actions import library as actions
from evaluations.models import LibraryIndicator
from workflow.door import refusals_noted


def add_library_indicator(
    *, bureau: Organization, actor: User, values: Mapping[str, Any]
) -> LibraryIndicator:
    """Add an indicator to the bureau's library. Raises NotAllowed, InvalidInput."""
    with refusals_noted("add_library_indicator", actor, "organization", bureau.pk):
        return actions.add_library_indicator(bureau=bureau, actor=actor, values=values)


def change_library_indicator(
    *, entry: LibraryIndicator, actor: User, values: Mapping[str, Any]
) -> LibraryIndicator:
    """Change an entry of one's own bureau. Raises NotAllowed, WrongStage, InvalidInput."""
    with refusals_noted("change_library_indicator", actor, "libraryindicator", entry.pk):
        return actions.change_library_indicator(entry=entry, actor=actor, values=values)


def retire_library_indicator(*, entry: LibraryIndicator, actor: User) -> LibraryIndicator:
    """Offer an entry no more. Raises NotAllowed, WrongStage."""
    with refusals_noted("retire_library_indicator", actor, "libraryindicator", entry.pk):
        return actions.retire_library_indicator(entry=entry, actor=actor)
