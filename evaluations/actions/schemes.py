"""Verbs on schemes: how scores are computed, in versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Organization, User
from evaluations.actions.version_life import change_version, copy_version, publish_version, retire_version
from evaluations.models import Scheme


def draft_scheme(
    *, actor: User, source: Scheme, bureau: Organization, code: str = "", name: str = ""
) -> Scheme:
    """Copy a scheme to a new draft of the bureau's. Raises NotAllowed, InvalidInput."""
    return copy_version(actor=actor, source=source, bureau=bureau, code=code, name=name)


def change_scheme(
    *, actor: User, scheme: Scheme, document: Mapping[str, Any], seen: str | None = None
) -> Scheme:
    """Write a draft's content. Raises NotAllowed, WrongStage, Outdated, InvalidInput."""
    return change_version(actor=actor, version=scheme, document=document, seen=seen)


def publish_scheme(*, actor: User, scheme: Scheme, seen: str | None = None) -> Scheme:
    """Publish a draft for good. Raises NotAllowed, WrongStage, Outdated, InvalidInput."""
    return publish_version(actor=actor, version=scheme, seen=seen)


def retire_scheme(*, actor: User, scheme: Scheme, reason: str) -> Scheme:
    """Offer a version no more. Raises NotAllowed, WrongStage."""
    return retire_version(actor=actor, version=scheme, reason=reason)
