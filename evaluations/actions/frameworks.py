"""Verbs on frameworks: which indicators an evaluation starts with, in versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Organization, User
from evaluations.actions.version_life import change_version, copy_version, publish_version, retire_version
from evaluations.models import Framework


def draft_framework(
    *, actor: User, source: Framework, bureau: Organization, code: str = "", name: str = ""
) -> Framework:
    """Copy a framework to a new draft of the bureau's. Raises NotAllowed, InvalidInput."""
    return copy_version(actor=actor, source=source, bureau=bureau, code=code, name=name)


def change_framework(
    *, actor: User, framework: Framework, document: Mapping[str, Any], seen: str | None = None
) -> Framework:
    """Write a draft's content. Raises NotAllowed, WrongStage, Outdated, InvalidInput."""
    return change_version(actor=actor, version=framework, document=document, seen=seen)


def publish_framework(*, actor: User, framework: Framework, seen: str | None = None) -> Framework:
    """Publish a draft for good. Raises NotAllowed, WrongStage, Outdated, InvalidInput."""
    return publish_version(actor=actor, version=framework, seen=seen)


def retire_framework(*, actor: User, framework: Framework, reason: str) -> Framework:
    """Offer a version no more. Raises NotAllowed, WrongStage."""
    return retire_version(actor=actor, version=framework, reason=reason)
