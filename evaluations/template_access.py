"""The gateway of schemes, frameworks, policies and the indicator library: what a reader may see and use.

What came with the product is everybody's; a bureau's own is for the bureau and for
those below it, its drafts only for whoever maintains them.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from accounts.access import rights_for_reading
from accounts.models import Organization
from accounts.roles import Right
from audit_log.errors import NotFound
from evaluations.models import Framework, LibraryIndicator, ReviewPolicy, Scheme, VersionStatus
from evaluations.models.versions import Versioned

V = TypeVar("V", Scheme, Framework, ReviewPolicy)
COMMON = "common"
READING = (Right.VIEW_EVALUATIONS, Right.BE_SEATED)


def may_read(user: Any) -> bool:
    """Whether the pages of templates exist for the reader at all."""
    rights = rights_for_reading(user)
    return any(rights.anywhere(right) for right in READING)


def may_maintain(user: Any) -> bool:
    """Whether the reader maintains the templates of some bureau."""
    return rights_for_reading(user).anywhere(Right.MANAGE_SCHEMES)


def bureaus_of(user: Any) -> QuerySet[Organization]:
    """The bureaus to which the organizations of the reader's rights belong."""
    rights = rights_for_reading(user)
    held = sorted(frozenset().union(*(rights.at(right) for right in (*READING, Right.RUN_EVALUATION))))
    above = Q(pk__in=held) | Q(children__in=held) | Q(children__children__in=held)
    return Organization.objects.filter(above, kind=Organization.Kind.BUREAU).distinct()


def maintained_by(user: Any) -> QuerySet[Organization]:
    """The bureaus whose templates the reader maintains."""
    return Organization.objects.filter(pk__in=sorted(rights_for_reading(user).at(Right.MANAGE_SCHEMES)))


def visible_templates(user: Any, model: type[V]) -> QuerySet[V]:
    """The versions that the reader may see."""
    if not may_read(user):
        return model._default_manager.none()
    drafts = Q(bureau__in=sorted(rights_for_reading(user).at(Right.MANAGE_SCHEMES)))
    ours = Q(bureau=None) | Q(bureau__in=bureaus_of(user))
    shown = ours & (drafts | ~Q(status=VersionStatus.DRAFT))
    return model._default_manager.filter(shown).select_related("bureau", "copied_from")


def template_for(user: Any, model: type[V], pk: int) -> V:
    """The version, when the reader may see it. Raises NotFound."""
    found = visible_templates(user, model).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def offered(user: Any, model: type[V]) -> QuerySet[V]:
    """The published versions that an evaluation or a campaign of the reader's may start with."""
    ours = Q(bureau=None) | Q(bureau__in=bureaus_of(user))
    return model._default_manager.filter(ours, status=VersionStatus.PUBLISHED)


def own_frameworks(user: Any) -> QuerySet[Framework]:
    """The frameworks to choose from instead of the common one, which stands for no choice."""
    return offered(user, Framework).exclude(bureau=None, code=COMMON)


def is_maintained_by(user: Any, template: Versioned | LibraryIndicator) -> bool:
    """Whether the reader maintains the bureau that this belongs to."""
    return rights_for_reading(user).holds(Right.MANAGE_SCHEMES, template.bureau_id)


def library_of(user: Any) -> QuerySet[LibraryIndicator]:
    """The indicators of the library that are offered to the reader."""
    if not may_read(user):
        return LibraryIndicator.objects.none()
    ours = Q(bureau=None) | Q(bureau__in=bureaus_of(user))
    return LibraryIndicator.objects.filter(ours, retired_at=None)
