"""What a stand-in may be given, and what stays with the person."""

from __future__ import annotations

from accounts.roles import RIGHTS, Right, Role

NEVER_DELEGATED: frozenset[Right] = frozenset({Right.MANAGE_PEOPLE, Right.BE_SEATED, Right.VIEW_AUDIT})
"""No stand-in gets these: a seat is personal, and whoever manages people or audits answers in person."""

DELEGABLE: frozenset[Right] = frozenset(Right) - NEVER_DELEGATED

# An auditor reads and writes nothing: with the right to see alone, a stand-in would write as the office.
DELEGABLE_ROLES: frozenset[Role] = frozenset(
    role for role in Role if role != Role.AUDITOR and RIGHTS[role] & DELEGABLE
)


def can_be_delegated(role: Role) -> bool:
    """Whether the role carries anything that a stand-in may do."""
    return role in DELEGABLE_ROLES
