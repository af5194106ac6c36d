"""Services on the versions of schemes, frameworks and review policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from accounts.models import User
from evaluations import actions
from evaluations.models import Framework, ReviewPolicy, Scheme
from workflow.door import refusals_noted

V = TypeVar("V", Scheme, Framework, ReviewPolicy)
ACTIONS: dict[str, Callable[..., Any]] = {
    action.__name__: action
    for action in (
        actions.draft_scheme,
        actions.change_scheme,
        actions.publish_scheme,
        actions.retire_scheme,
        actions.draft_framework,
        actions.change_framework,
        actions.publish_framework,
        actions.retire_framework,
        actions.draft_policy,
        actions.change_policy,
        actions.publish_policy,
        actions.retire_policy,
    )
}


def draft(*, source: V, actor: User, **details: Any) -> V:
    """Copy a version to a draft of one's own bureau. Raises NotAllowed, InvalidInput."""
    return done("draft", source, actor, source=source, **details)


def change(*, version: V, actor: User, **details: Any) -> V:
    """Write a draft's content. Raises NotAllowed, WrongStage, Outdated, InvalidInput."""
    return done("change", version, actor, **{version.called: version}, **details)


def publish(*, version: V, actor: User, **details: Any) -> V:
    """Publish a draft for good. Raises NotAllowed, WrongStage, Outdated, InvalidInput."""
    return done("publish", version, actor, **{version.called: version}, **details)


def retire(*, version: V, actor: User, reason: str) -> V:
    """Offer a version no more. Raises NotAllowed, WrongStage, InvalidInput."""
    return done("retire", version, actor, **{version.called: version}, reason=reason)


def done(verb: str, version: V, actor: User, **details: Any) -> V:
    """Do it by the verb of this kind of version; a refusal is noted at the version."""
    name = f"{verb}_{version.called}"
    with refusals_noted(name, actor, version.called, version.pk):
        result: V = ACTIONS[name](actor=actor, **details)
    return result
