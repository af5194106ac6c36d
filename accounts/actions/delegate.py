from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.access import bureaus_of
from accounts.delegable import can_be_delegated
from accounts.models import Delegation, Organization, RoleHolding, User
from accounts.roles import Role
from audit_log import clock
from audit_log.errors import InvalidInput
from audit_log.record import record

# Any number, as long as nothing else in the program uses it: the making of delegations queues up behind it.
TURN = 0x64656C6567617465

# Whom the delegate passes work on to, and those again, as long as all of it falls on a common day.
RING = """
WITH RECURSIVE reached (person, starts, ends) AS (
    SELECT %(delegate)s::bigint, %(starts)s::date, %(ends)s::date
    UNION
    SELECT d.delegate_id, GREATEST(d.starts, r.starts), LEAST(d.ends, r.ends)
    FROM reached r
    JOIN accounts_delegation d ON d.delegator_id = r.person AND d.revoked_at IS NULL
         AND d.starts <= r.ends AND d.ends >= r.starts
    JOIN accounts_user u ON u.id = d.delegate_id AND u.is_active
)
SELECT EXISTS (SELECT FROM reached WHERE person = %(delegator)s)
"""


@transaction.atomic
def delegate(
    *,
    actor: User,
    delegate: User,
    starts: date,
    ends: date,
    reason: str,
    role: str = "",
    organization: Organization | None = None,
) -> Delegation:
    """Let ``delegate`` act for the actor from ``starts`` to ``ends``, both days included.

    Without ``role`` the whole of what the actor holds is delegated; without ``organization``, wherever
    it is held. Raises InvalidInput for oneself, for somebody who has left or works under another
    bureau, for dates in the past or the wrong way round, without a reason, for a scope that the
    actor does not hold or that nobody delegates (an expert's seat), for one that is delegated on
    one of these days already, and where the work would come back to the actor in a ring.
    """
    wanted = Delegation(
        delegator=actor,
        delegate=delegate,
        role=role,
        organization=organization,
        starts=starts,
        ends=ends,
        reason=reason.strip(),
    )
    take_turn(wanted)
    require_possible(wanted)
    wanted.save_as(actor)
    record(
        chain=f"person:{wanted.delegator_id}",
        verb="delegate",
        actor=actor,
        object=wanted,
        data=particulars(wanted),
    )
    return wanted


def take_turn(wanted: Delegation) -> None:
    """One delegation is made after the other, and neither person's account closes meanwhile.

    Locks of the two people would not do: four can close a ring by two delegations that share nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
    people = User.objects.select_for_update(no_key=True).order_by("pk")
    found = people.in_bulk([wanted.delegator_id, wanted.delegate_id])
    wanted.delegator, wanted.delegate = found[wanted.delegator_id], found[wanted.delegate_id]


def require_possible(wanted: Delegation) -> None:
    """Raises InvalidInput for what cannot be delegated in this way, as ``delegate`` says."""
    require_sound_words(wanted)
    require_scope(wanted)
    require_colleague(wanted)
    require_not_delegated_yet(wanted)
    require_no_ring(wanted)


def require_sound_words(wanted: Delegation) -> None:
    """Raises InvalidInput for oneself, for the dates, and without a reason."""
    if wanted.delegate_id == wanted.delegator_id:
        raise InvalidInput.at("delegate", _("Nobody delegates to themself: choose somebody else."))
    if wanted.starts < clock.today():
        raise InvalidInput.at("starts", _("A delegation starts today or later."))
    if wanted.ends < wanted.starts:
        raise InvalidInput.at("ends", _("A delegation does not end before it starts."))
    if not wanted.reason:
        raise InvalidInput.at("reason", _("Say why you delegate."))


def require_scope(wanted: Delegation) -> None:
    """Raises InvalidInput unless the delegator holds, of what is delegated, something that can be."""
    if wanted.role and not can_be_delegated(Role(wanted.role)):
        raise InvalidInput.at("role", _("This role is personal: it cannot be delegated."))
    held = RoleHolding.objects.filter(user=wanted.delegator_id, ended_at=None)
    if wanted.role:
        held = held.filter(role=wanted.role)
    if wanted.organization_id:
        held = held.filter(organization=wanted.organization_id)
    if not any(can_be_delegated(Role(role)) for role in held.values_list("role", flat=True)):
        raise InvalidInput.at("role", _("You hold no such role that could be delegated."))


def require_colleague(wanted: Delegation) -> None:
    """Raises InvalidInput unless the delegate is here and works under the same bureau."""
    if not wanted.delegate.is_active:
        raise InvalidInput.at(
            "delegate", _("The account of %(person)s is closed.") % {"person": wanted.delegate}
        )
    asked = bureaus_of(wanted.delegator_id, wanted.role, wanted.organization_id)
    if not asked <= bureaus_of(wanted.delegate_id):
        raise InvalidInput.at(
            "delegate", _("%(person)s holds no role under your bureau.") % {"person": wanted.delegate}
        )


def require_not_delegated_yet(wanted: Delegation) -> None:
    """Raises InvalidInput when a part of the scope is delegated on one of the days already."""
    others = Delegation.objects.standing().filter(
        delegator=wanted.delegator_id, starts__lte=wanted.ends, ends__gte=wanted.starts
    )
    if wanted.role:
        others = others.filter(Q(role="") | Q(role=wanted.role))
    if wanted.organization_id:
        others = others.filter(Q(organization=None) | Q(organization=wanted.organization_id))
    found = others.select_related("delegate", "organization").first()
    if found:
        raise InvalidInput.at(
            "starts",
            _("You have delegated this to %(person)s from %(starts)s to %(ends)s: revoke that first.")
            % {
                "person": found.delegate,
                "starts": date_format(found.starts),
                "ends": date_format(found.ends),
            },
            found=found.pk,
        )


def require_no_ring(wanted: Delegation) -> None:
    """Raises InvalidInput when the delegate, directly or through others, delegates to the delegator."""
    values: dict[str, int | date] = {
        "delegator": wanted.delegator_id,
        "delegate": wanted.delegate_id,
        "starts": wanted.starts,
        "ends": wanted.ends,
    }
    with connection.cursor() as cursor:
        cursor.execute(RING, values)
        (closed,) = cursor.fetchone()
    if closed:
        raise InvalidInput.at(
            "delegate",
            _("%(person)s delegates to you on these days, directly or through others: that would be a ring.")
            % {"person": wanted.delegate},
        )


def particulars(delegation: Delegation) -> dict[str, object]:
    """What the event of a delegation keeps; ``workflow.integrity.delegation`` compares it later."""
    return {
        "delegator": delegation.delegator_id,
        "delegate": delegation.delegate_id,
        "role": delegation.role,
        "organization": delegation.organization_id,
        "starts": delegation.starts,
        "ends": delegation.ends,
        "reason": delegation.reason,
    }
