"""Do the roles that people hold agree with the groups and rights that stand for them?"""

from __future__ import annotations

from collections.abc import Iterator

from accounts.roles import RIGHTS, Role
from workflow.integrity.asking import Check, rows


def holding_without_group() -> Iterator[str]:
    """A role that somebody holds has its group, and the person is in it."""
    sql = """
        SELECT h.id, u.username, h.role, o.name FROM accounts_roleholding h
        JOIN accounts_user u ON u.id = h.user_id JOIN accounts_organization o ON o.id = h.organization_id
        LEFT JOIN accounts_rolegroup g ON g.organization_id = h.organization_id AND g.role = h.role
        LEFT JOIN accounts_user_groups m ON m.group_id = g.group_id AND m.user_id = h.user_id
        WHERE h.ended_at IS NULL AND m.id IS NULL
    """
    for holding, username, role, organization in rows(sql):
        yield f"holding {holding}: {username} holds {role} at {organization}, but is not in its group"


def member_without_holding() -> Iterator[str]:
    """Nobody is in a role's group without holding the role."""
    sql = """
        SELECT u.username, g.role, g.organization_id FROM accounts_user_groups m
        JOIN accounts_rolegroup g ON g.group_id = m.group_id JOIN accounts_user u ON u.id = m.user_id
        WHERE NOT EXISTS (SELECT FROM accounts_roleholding h WHERE h.user_id = m.user_id AND h.role = g.role
                          AND h.organization_id = g.organization_id AND h.ended_at IS NULL)
    """
    for username, role, organization in rows(sql):
        yield f"{username} is in the group of {role} at organization {organization} without holding the role"


def group_with_other_rights() -> Iterator[str]:
    """A role's group carries exactly the rights of its role."""
    sql = """
        SELECT g.role, o.name, array_remove(array_agg(p.codename), NULL) FROM accounts_rolegroup g
        JOIN accounts_organization o ON o.id = g.organization_id
        LEFT JOIN accounts_organizationgrouppermission r ON r.group_id = g.group_id
             AND r.content_object_id = g.organization_id
        LEFT JOIN auth_permission p ON p.id = r.permission_id GROUP BY g.id, o.name
    """
    for role, organization, codenames in rows(sql):
        differing = set(codenames) ^ {right.value for right in RIGHTS[Role(role)]}
        if differing:
            yield f"group of {role} at {organization}: its rights differ in {', '.join(sorted(differing))}"


CHECKS: tuple[Check, ...] = (
    holding_without_group,
    member_without_holding,
    group_with_other_rights,
)
