"""Verbs on review policies: which steps an evaluation passes, in versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from audit_log.errors import InvalidInput
from evaluations.actions.version_life import (
    change_version,
    copy_version,
    fields_of,
    publish_version,
    retire_version,
)
from evaluations.models import ReviewPolicy
from evaluations.policies.chosen import content_of
from evaluations.policies.fillable import fillable
from evaluations.policies.offices import offices_of


def draft_policy(
    *, actor: User, source: ReviewPolicy, bureau: Organization, code: str = "", name: str = ""
) -> ReviewPolicy:
    """Copy a review policy to a new draft of the bureau's. Raises NotAllowed, InvalidInput."""
    return copy_version(actor=actor, source=source, bureau=bureau, code=code, name=name)


def change_policy(
    *, actor: User, policy: ReviewPolicy, document: Mapping[str, Any], seen: str | None = None
) -> ReviewPolicy:
    """Write a draft's content; its kind stays. Raises NotAllowed, WrongStage, Outdated, InvalidInput."""
    document = {**document, "kind": policy.kind}
    return change_version(actor=actor, version=policy, document=document, seen=seen)


def publish_policy(*, actor: User, policy: ReviewPolicy, seen: str | None = None) -> ReviewPolicy:
    """Publish a draft for good.

    Raises NotAllowed, WrongStage, Outdated, and InvalidInput for what nobody could
    complete, at the paths of the steps.
    """
    return publish_version(actor=actor, version=policy, seen=seen, require=require_people)


def retire_policy(*, actor: User, policy: ReviewPolicy, reason: str) -> ReviewPolicy:
    """Offer a version no more. Raises NotAllowed, WrongStage, InvalidInput."""
    return retire_version(actor=actor, version=policy, reason=reason)


def require_people(policy: ReviewPolicy) -> None:
    """Raises InvalidInput unless the bureau has the people for every step."""
    assert policy.bureau_id is not None
    if faults := fillable(content_of(policy), offices_of(policy.bureau_id)).faults:
        raise InvalidInput(_("Nobody could complete this procedure."), fields=fields_of(faults))
