"""Do the items of a rectification agree with their tasks, verifications and evaluations?

What they agree with beside that, notices, dates and money, is in ``rectification_course``.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows
from workflow.models import OPEN


def item_disagrees_with_tasks() -> Iterator[str]:
    """An open item waits at exactly one open task of its stage."""
    sql = """
        SELECT i.number, i.stage, COALESCE(string_agg(t.stage, ', '), 'none')
        FROM approvals_rectificationitem i
        LEFT JOIN workflow_flowtask t ON t.item_id = i.id AND t.flow_task_type = 'HUMAN'
             AND t.status = ANY(%(open)s)
        WHERE i.stage NOT IN ('draft', 'closed', 'cancelled')
        GROUP BY i.id HAVING COALESCE(bool_and(t.stage = i.stage), false) = false
    """
    for number, stage, found in rows(sql, open=list(OPEN)):
        yield f"item {number}: at {stage}, but its open tasks are at: {found}"


def closed_item_without_verification() -> Iterator[str]:
    """A closed item was verified in its round by everybody who has to."""
    sql = """
        SELECT i.number, s.stage FROM approvals_rectificationitem i
        CROSS JOIN (VALUES ('department_verification'), ('finance_verification')) AS s(stage)
        WHERE i.stage = 'closed'
          AND (s.stage = 'department_verification' OR i.raised_by = 'finance' OR i.sampled)
          AND NOT EXISTS (SELECT FROM approvals_decision d WHERE d.item_id = i.id AND d.verb = 'verify'
                          AND d.stage = s.stage AND d.round = i.round)
    """
    for number, stage in rows(sql):
        yield f"item {number}: closed without its {stage}"


HANDS = """
    WITH hands (item_id, decision_id, moment, person) AS (
        SELECT item_id, id, NULL::timestamptz, unnest(ARRAY[actor_id, on_behalf_of_id])
        FROM approvals_decision WHERE verb IN ('receive', 'plan', 'dispute', 'report')
        UNION ALL
        SELECT item_id, NULL, entered_at, unnest(ARRAY[actor_id, on_behalf_of_id])
        FROM approvals_progressentry
        UNION ALL
        SELECT l.item_id, NULL, l.added_at, e.uploaded_by_id
        FROM approvals_itemevidence l JOIN evaluations_evidence e ON e.id = l.evidence_id
    )
    SELECT DISTINCT i.number, d.id FROM approvals_decision d
    JOIN approvals_rectificationitem i ON i.id = d.item_id
    WHERE d.verb = 'verify' AND (
        EXISTS (SELECT FROM hands h WHERE h.item_id = d.item_id
                AND (h.decision_id < d.id OR h.moment < d.decided_at)
                AND h.person IN (d.actor_id, d.on_behalf_of_id))
        OR EXISTS (SELECT FROM approvals_decision v WHERE v.item_id = d.item_id AND v.verb = 'verify'
                   AND v.round = d.round AND v.id < d.id
                   AND (v.actor_id IN (d.actor_id, d.on_behalf_of_id)
                        OR v.on_behalf_of_id IN (d.actor_id, d.on_behalf_of_id))))
"""


def verified_by_who_carried_it_out() -> Iterator[str]:
    """Nobody verified what they, or whoever they acted for, had carried out, or had verified that round."""
    for number, decision in rows(HANDS):
        yield f"item {number}: verified (decision {decision}) by somebody who had a hand in it"


def cancelled_item_without_decision() -> Iterator[str]:
    """A cancelled item was ended by somebody who led the bureau, or for whoever did."""
    sql = """
        SELECT i.number FROM approvals_rectificationitem i
        JOIN evaluations_evaluation e ON e.id = i.evaluation_id
        WHERE i.stage = 'cancelled' AND NOT EXISTS (
            SELECT FROM approvals_decision d
            JOIN accounts_roleholding h ON h.user_id = COALESCE(d.on_behalf_of_id, d.actor_id)
                 AND h.role = 'bureau_leader' AND h.organization_id = e.bureau_id
                 AND (h.ended_at IS NULL OR h.ended_at > d.decided_at)
            WHERE d.item_id = i.id AND d.verb = 'cancel' AND d.next_stage = 'cancelled')
    """
    for (number,) in rows(sql):
        yield f"item {number}: cancelled without a decision of the bureau's leader"


def closed_evaluation_with_open_item() -> Iterator[str]:
    """Of a closed evaluation nothing is left to be put right, and nothing proposed."""
    sql = """
        SELECT e.number, i.number, i.stage FROM evaluations_evaluation e
        JOIN approvals_rectificationitem i ON i.evaluation_id = e.id
        WHERE e.stage = 'closed' AND i.stage NOT IN ('closed', 'cancelled')
    """
    for number, item, stage in rows(sql):
        yield f"evaluation {number}: closed, but item {item} is at {stage}"


def rectification_with_nothing_open() -> Iterator[str]:
    """An evaluation in rectification has an item that is open, or one that is still to be issued."""
    sql = """
        SELECT e.number FROM evaluations_evaluation e WHERE e.stage = 'rectification'
        AND NOT EXISTS (SELECT FROM approvals_rectificationitem i WHERE i.evaluation_id = e.id
                        AND i.stage NOT IN ('closed', 'cancelled'))
    """
    for (number,) in rows(sql):
        yield f"evaluation {number}: in rectification, but no item is open"


CHECKS: tuple[Check, ...] = (
    item_disagrees_with_tasks,
    closed_item_without_verification,
    verified_by_who_carried_it_out,
    cancelled_item_without_decision,
    closed_evaluation_with_open_item,
    rectification_with_nothing_open,
)
