"""Does every decision have its event in the audit, and is the audit whole?"""

from __future__ import annotations

from collections.abc import Iterator

from audit_log.record import chain_faults
from workflow.integrity.asking import Check, rows


def decision_without_event() -> Iterator[str]:
    """Every decision has its event, in its evaluation's chain."""
    sql = """
        SELECT e.number, d.id, d.verb FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = d.id
             AND a.chain = 'evaluation:' || d.evaluation_id AND a.verb = d.verb
        WHERE a.id IS NULL
    """
    for number, decision, verb in rows(sql):
        yield f"evaluation {number}: decision {decision} ({verb}) has no audit event"


def decision_unlike_its_event() -> Iterator[str]:
    """A decision still says what its event says; the event's hash proves that."""
    sql = """
        SELECT e.number, d.id, d.verb FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = d.id
             AND a.chain = 'evaluation:' || d.evaluation_id AND a.verb = d.verb
        WHERE (d.stage, d.next_stage, d.round::text, d.opinion, d.content_digest, d.item_id::text)
              IS DISTINCT FROM (a.data ->> 'stage', a.data ->> 'next_stage', a.data ->> 'round',
                                a.data ->> 'opinion', a.data ->> 'content', a.data ->> 'item')
           OR (d.step::text, d.next_step::text, d.next_person_id::text, d.on_behalf_of_id::text)
              IS DISTINCT FROM (COALESCE(a.data ->> 'step', '0'), COALESCE(a.data ->> 'next_step', '0'),
                                a.data ->> 'next_person', a.data ->> 'on_behalf_of')
           OR d.total IS DISTINCT FROM (a.data ->> 'total')::numeric OR d.actor_id <> a.actor_id
    """
    for number, decision, verb in rows(sql):
        yield f"evaluation {number}: decision {decision} ({verb}) differs from its audit event"


def event_without_decision() -> Iterator[str]:
    """Every event of a decision has its decision."""
    sql = """
        SELECT a.chain, a.sequence, a.object_id FROM audit_log_auditevent a
        LEFT JOIN approvals_decision d ON d.id = a.object_id
        WHERE a.object_type = 'decision' AND d.id IS NULL
    """
    for chain, sequence, decision in rows(sql):
        yield f"audit chain {chain}: event {sequence} names decision {decision}, which does not exist"


def broken_audit_chain() -> Iterator[str]:
    """No event is missing, and each matches its hash."""
    yield from chain_faults()


CHECKS: tuple[Check, ...] = (
    decision_without_event,
    decision_unlike_its_event,
    event_without_decision,
    broken_audit_chain,
)
