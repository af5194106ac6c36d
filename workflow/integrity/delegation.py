"""Do delegations agree with each other, and with the audit?

Delegations towards somebody who has left are in force for nobody and collide with nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows


def delegated_twice() -> Iterator[str]:
    """On no day is a part of what somebody holds delegated twice."""
    sql = """
        SELECT a.id, b.id, u.username FROM accounts_delegation a
        JOIN accounts_delegation b ON b.delegator_id = a.delegator_id AND b.id > a.id
             AND b.starts <= a.ends AND b.ends >= a.starts
             AND (a.role = '' OR b.role = '' OR a.role = b.role)
             AND (a.organization_id IS NULL OR b.organization_id IS NULL
                  OR a.organization_id = b.organization_id)
        JOIN accounts_user u ON u.id = a.delegator_id
        JOIN accounts_user da ON da.id = a.delegate_id AND da.is_active
        JOIN accounts_user db ON db.id = b.delegate_id AND db.is_active
        WHERE a.revoked_at IS NULL AND b.revoked_at IS NULL
    """
    for first, second, username in rows(sql):
        yield f"delegations {first} and {second}: {username} delegates the same on one day twice"


def delegated_in_a_ring() -> Iterator[str]:
    """What somebody delegates does not come back to them, on any day on which all of the ring is in force."""
    sql = """
        WITH RECURSIVE standing AS (
            SELECT d.* FROM accounts_delegation d JOIN accounts_user u ON u.id = d.delegate_id AND u.is_active
            WHERE d.revoked_at IS NULL
        ), reached (first, origin, person, starts, ends) AS (
            SELECT id, delegator_id, delegate_id, starts, ends FROM standing
            UNION
            SELECT r.first, r.origin, d.delegate_id, GREATEST(d.starts, r.starts), LEAST(d.ends, r.ends)
            FROM reached r JOIN standing d ON d.delegator_id = r.person
                 AND d.starts <= r.ends AND d.ends >= r.starts
            WHERE r.person <> r.origin
        )
        SELECT u.username, min(r.starts) FROM reached r JOIN accounts_user u ON u.id = r.origin
        WHERE r.person = r.origin GROUP BY u.username
    """
    for username, day in rows(sql):
        yield f"delegations: what {username} delegates comes back in a ring on {day}"


def delegation_unlike_its_event() -> Iterator[str]:
    """A delegation still says what the event says that it was made with."""
    sql = """
        SELECT d.id FROM accounts_delegation d
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'delegation' AND a.object_id = d.id
             AND a.verb = 'delegate' AND a.chain = 'person:' || d.delegator_id
        WHERE a.id IS NULL
           OR (d.delegator_id::text, d.delegate_id::text, d.role, d.organization_id::text, d.starts::text,
               d.ends::text, d.reason)
              IS DISTINCT FROM
              (a.data ->> 'delegator', a.data ->> 'delegate', a.data ->> 'role', a.data ->> 'organization',
               a.data ->> 'starts', a.data ->> 'ends', a.data ->> 'reason')
    """
    for (delegation,) in rows(sql):
        yield f"delegation {delegation}: differs from its audit event"


def revocation_unlike_its_event() -> Iterator[str]:
    """A delegation is revoked exactly when an event says so, and by the same person."""
    sql = """
        SELECT d.id FROM accounts_delegation d
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'delegation' AND a.object_id = d.id
             AND a.verb = 'revoke_delegation' AND a.chain = 'person:' || d.delegator_id
        WHERE (d.revoked_at IS NULL) <> (a.id IS NULL) OR d.revoked_by_id IS DISTINCT FROM a.actor_id
    """
    for (delegation,) in rows(sql):
        yield f"delegation {delegation}: its revocation differs from its audit event"


CHECKS: tuple[Check, ...] = (
    delegated_twice,
    delegated_in_a_ring,
    delegation_unlike_its_event,
    revocation_unlike_its_event,
)
