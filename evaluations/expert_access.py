"""The gateway of the registers of experts: who may read and who keeps them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import holders_at, rights_for_reading
from accounts.models import Organization, User
from accounts.roles import Right
from audit_log.errors import NotFound
from evaluations.models import ExpertConflict, ExpertProfile


def reads_registers(user: Any) -> bool:
    """Whether the pages of experts exist for the reader: for a bureau's people, and for experts."""
    rights = rights_for_reading(user)
    return rights.anywhere(Right.BE_SEATED) or bureaus_read(user).exists()


def bureaus_read(user: Any) -> QuerySet[Organization]:
    """The bureaus whose evaluations the reader sees."""
    held = sorted(rights_for_reading(user).at(Right.VIEW_EVALUATIONS))
    return Organization.objects.filter(pk__in=held, kind=Organization.Kind.BUREAU)


def bureaus_kept(user: Any) -> QuerySet[Organization]:
    """The bureaus whose registers the reader keeps."""
    held = sorted(rights_for_reading(user).at(Right.RUN_EVALUATION))
    return Organization.objects.filter(pk__in=held, kind=Organization.Kind.BUREAU)


def is_keeper(user: Any, profile: ExpertProfile) -> bool:
    """Whether the reader keeps the register that this expert is in."""
    return rights_for_reading(user).holds(Right.RUN_EVALUATION, profile.bureau_id)


def visible_profiles(user: Any) -> QuerySet[ExpertProfile]:
    """Whom the reader may see: a bureau's people all of its register, an expert the own entry."""
    own = Q(user=user.pk, bureau__in=sorted(rights_for_reading(user).at(Right.BE_SEATED)))
    return ExpertProfile.objects.filter(own | Q(bureau__in=bureaus_read(user)))


def profile_for(user: Any, pk: int) -> ExpertProfile:
    """The expert, when the reader may see the entry. Raises NotFound."""
    found = visible_profiles(user).select_related("user", "bureau").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def kept_profile(user: Any, pk: int) -> ExpertProfile:
    """The expert, when the reader keeps the register. Raises NotFound."""
    profile = profile_for(user, pk)
    if not is_keeper(user, profile):
        raise NotFound()
    return profile


def kept_conflict(user: Any, pk: int) -> ExpertConflict:
    """The conflict, when the reader keeps the register of its expert. Raises NotFound."""
    found = ExpertConflict.objects.select_related("profile").filter(pk=pk).first()
    if found is None or not is_keeper(user, found.profile):
        raise NotFound()
    return found


def not_yet_registered(bureau: Organization) -> QuerySet[User]:
    """Who holds the role of expert at the bureau without being in its register."""
    registered = ExpertProfile.objects.filter(bureau=bureau).values("user")
    return holders_at(Right.BE_SEATED, [bureau.pk]).exclude(pk__in=registered).order_by("display_name")


def fields_in_use(profiles: QuerySet[ExpertProfile]) -> list[str]:
    """The fields of expertise that these experts have."""
    return sorted({field for fields in profiles.values_list("expertise", flat=True) for field in fields})
