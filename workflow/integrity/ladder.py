"""Do the reminders of items agree with the notices that they stand for?"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows


def rung_without_notices() -> Iterator[str]:
    """Everybody who was told of a rung has a notice of it."""
    sql = """
        SELECT i.number, r.arming, r.rung, r.people, count(n.id) FROM approvals_ladderrung r
        JOIN approvals_rectificationitem i ON i.id = r.item_id
        LEFT JOIN notices_notice n ON n.source = r.source
        WHERE r.people > 0 GROUP BY i.id, r.id HAVING count(n.id) < r.people
    """
    for number, arming, rung, people, found in rows(sql):
        yield f"item {number}: {people} were told of {arming} {rung}, but there are {found} notices"


def notice_without_rung() -> Iterator[str]:
    """No reminder of an item without its rung: it would be told again."""
    sql = """
        SELECT DISTINCT n.source FROM notices_notice n
        WHERE starts_with(n.source, 'ladder:')
          AND NOT EXISTS (SELECT FROM approvals_ladderrung r WHERE r.source = n.source)
    """
    for (source,) in rows(sql):
        yield f"a notice was written of {source}, but the rung is not on record"


CHECKS: tuple[Check, ...] = (rung_without_notices, notice_without_rung)
