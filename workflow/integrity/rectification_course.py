"""Do an item's notice, receipt, plan, dates and money agree with what was decided on it?

Items that were assigned before there were notices never were at the receipt: nothing is asked of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows


def item_without_notice() -> Iterator[str]:
    """An item that was issued is one of an issued notice of its evaluation; a proposed one is of none."""
    sql = """
        SELECT i.number, i.stage FROM approvals_rectificationitem i
        LEFT JOIN approvals_rectificationnotice n ON n.id = i.notice_id
        LEFT JOIN LATERAL (
            SELECT true AS issued FROM approvals_decision d WHERE d.item_id = i.id AND d.stage = 'issued'
            UNION ALL SELECT true FROM approvals_historicalrectificationitem h
            WHERE h.id = i.id AND h.stage = 'issued' LIMIT 1
        ) AS went ON true
        WHERE CASE WHEN i.stage = 'draft' THEN i.notice_id IS NOT NULL
                   ELSE (went.issued OR i.stage = 'issued' OR i.notice_id IS NOT NULL)
                        AND (n.issued_at IS NULL OR n.kind <> 'rectification'
                             OR n.evaluation_id <> i.evaluation_id) END
    """
    for number, stage in rows(sql):
        yield f"item {number}: at {stage}, which disagrees with its notice"


def item_without_receipt() -> Iterator[str]:
    """An item past its issue has the receipt of its unit, unless it was ended before anybody signed."""
    sql = """
        SELECT i.number, i.stage FROM approvals_rectificationitem i
        WHERE i.notice_id IS NOT NULL AND i.stage NOT IN ('draft', 'issued')
          AND NOT EXISTS (SELECT FROM approvals_receipt r
                          WHERE r.notice_id = i.notice_id AND r.unit_id = i.responsible_unit_id)
          AND NOT EXISTS (SELECT FROM approvals_decision d
                          WHERE d.item_id = i.id AND d.verb = 'cancel' AND d.stage = 'issued')
    """
    for number, stage in rows(sql):
        yield f"item {number}: at {stage}, but its unit has signed no receipt"


def settled_unlike_its_verifications() -> Iterator[str]:
    """What is settled is what verifications proved since the last reopening, and at most the amount."""
    sql = """
        SELECT i.number, i.settled, proved.amount FROM approvals_rectificationitem i
        CROSS JOIN LATERAL (
            SELECT COALESCE(sum(s.amount), 0) AS amount FROM approvals_settlement s
            WHERE s.item_id = i.id AND s.counts AND s.decision_id > COALESCE((
                SELECT max(d.id) FROM approvals_decision d WHERE d.item_id = i.id AND d.verb = 'reopen'), 0)
        ) AS proved
        WHERE i.settled <> proved.amount OR i.settled > COALESCE(i.amount, 0)
    """
    for number, settled, proved in rows(sql):
        yield f"item {number}: {settled:f} are settled, but verifications proved {proved:f}"


def closed_with_money_outstanding() -> Iterator[str]:
    """A closed item is settled wholly."""
    sql = """
        SELECT i.number, i.settled, i.amount FROM approvals_rectificationitem i
        WHERE i.stage = 'closed' AND i.settled <> i.amount
    """
    for number, settled, amount in rows(sql):
        yield f"item {number}: closed, but only {settled:f} of {amount:f} are settled"


def settled_beyond_the_department() -> Iterator[str]:
    """Finance settles no more in a round than the department proved in it."""
    sql = """
        SELECT i.number, s.amount, b.amount FROM approvals_settlement s
        JOIN approvals_decision d ON d.id = s.decision_id AND d.stage = 'finance_verification'
        JOIN approvals_rectificationitem i ON i.id = s.item_id
        LEFT JOIN (approvals_settlement b JOIN approvals_decision p ON p.id = b.decision_id)
             ON b.item_id = i.id AND p.round = d.round AND p.stage = 'department_verification'
        WHERE s.amount > COALESCE(b.amount, 0)
    """
    for number, settled, proved in rows(sql):
        yield f"item {number}: finance settled {settled:f}, the department had proved {proved or 0:f}"


# A reopening ends its round: extensions of later rounds come after it.
DUE = """
    SELECT i.number, i.due, expected.due FROM approvals_rectificationitem i
    LEFT JOIN LATERAL (
        SELECT d.round, a.data FROM approvals_decision d
        JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = d.id AND a.verb = d.verb
             AND a.chain = 'evaluation:' || d.evaluation_id
        WHERE d.item_id = i.id AND d.verb = 'reopen' ORDER BY d.id DESC LIMIT 1
    ) AS reopened ON true
    LEFT JOIN LATERAL (
        SELECT g.due FROM approvals_extension x JOIN approvals_extensionanswer g ON g.extension_id = x.id
        WHERE x.item_id = i.id AND g.outcome = 'granted' AND x.round > COALESCE(reopened.round, 0)
        ORDER BY g.id DESC LIMIT 1
    ) AS granted ON true
    CROSS JOIN LATERAL (
        SELECT COALESCE(granted.due, CASE WHEN reopened.round IS NULL THEN i.original_due
                                          ELSE (reopened.data ->> 'due')::date END) AS due
    ) AS expected
    WHERE i.due <> expected.due
"""


def due_date_that_nobody_set() -> Iterator[str]:
    """An item is due when its last granted extension or its reopening says, else when it was first.

    What reopenings of earlier versions set is not on record: it is left alone.
    """
    for number, due, expected in rows(DUE):
        yield f"item {number}: due on {due}, but {expected} was decided"


def extension_without_an_end() -> Iterator[str]:
    """An extension that nobody answered has lapsed once its item has ended, and says so in the audit."""
    sql = """
        SELECT i.number, x.due, a.id IS NULL FROM approvals_extension x
        JOIN approvals_rectificationitem i ON i.id = x.item_id
        LEFT JOIN approvals_extensionanswer a ON a.extension_id = x.id
        LEFT JOIN audit_log_auditevent e ON e.object_type = 'extension' AND e.object_id = x.id
             AND e.chain = 'evaluation:' || i.evaluation_id
             AND e.verb IN ('answer_extension', 'lapse_extension')
        WHERE a.id IS NULL AND i.stage IN ('closed', 'cancelled') OR a.id IS NOT NULL AND e.id IS NULL
    """
    for number, due, waits in rows(sql):
        fault = "still waits for an answer" if waits else "was answered without an event"
        yield f"item {number}: the extension to {due} {fault}"


def notices_with_a_gap() -> Iterator[str]:
    """The issued notices of an office are numbered from 1 without a gap in every year."""
    sql = """
        SELECT o.name, n.year, max(n.number), count(*) FROM approvals_rectificationnotice n
        JOIN accounts_organization o ON o.id = n.issuer_id
        WHERE n.issued_at IS NOT NULL GROUP BY o.id, n.year
        HAVING max(n.number) <> count(DISTINCT n.number) OR min(n.number) <> 1 OR count(*) <> max(n.number)
    """
    for office, year, last, number in rows(sql):
        yield f"notices of {office} in {year}: the last is number {last}, but there are {number}"


def plan_without_measures() -> Iterator[str]:
    """A plan that somebody has to accept has its measures, numbered from 1, of its own item and round."""
    sql = """
        SELECT i.number, d.id FROM approvals_decision d
        JOIN approvals_rectificationitem i ON i.id = d.item_id
        LEFT JOIN approvals_measure m ON m.decision_id = d.id AND m.item_id = d.item_id AND m.round = d.round
        WHERE d.verb = 'plan' AND d.next_stage = 'plan_review'
        GROUP BY i.id, d.id HAVING count(m.id) = 0 OR max(m.place) <> count(m.id)
    """
    for number, decision in rows(sql):
        yield f"item {number}: the measures of its plan (decision {decision}) are not complete"


CHECKS: tuple[Check, ...] = (
    item_without_notice,
    item_without_receipt,
    settled_unlike_its_verifications,
    closed_with_money_outstanding,
    settled_beyond_the_department,
    due_date_that_nobody_set,
    extension_without_an_end,
    notices_with_a_gap,
    plan_without_measures,
)
