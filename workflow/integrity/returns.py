"""Does what returns point at agree with their decisions, their events and the dossier?"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows


def pointers_unlike_their_event() -> Iterator[str]:
    """A return, or a vote against, points at what its event names; nothing else points at anything."""
    sql = """
        SELECT e.number, d.id, d.verb FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = d.id
             AND a.chain = 'evaluation:' || d.evaluation_id AND a.verb = d.verb
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(
                       p.place, p.kind, COALESCE(p.indicator_id, p.evidence_id, p.section_id), p.name, p.words
                   ) ORDER BY p.place) AS found
            FROM approvals_returnpointer p WHERE p.decision_id = d.id) AS pointers ON true
        WHERE (d.verb IN ('return', 'object')
               AND COALESCE(pointers.found, '[]') <> COALESCE(a.data -> 'pointers', '[]'))
           OR (pointers.found IS NOT NULL AND (d.verb NOT IN ('return', 'object') OR d.item_id IS NOT NULL))
    """
    for number, decision, verb in rows(sql):
        yield f"evaluation {number}: what decision {decision} ({verb}) points at differs from its audit event"


def pointer_into_another_dossier() -> Iterator[str]:
    """What a return points at, as far as it is still there, is of its evaluation."""
    sql = """
        SELECT e.number, p.id, p.kind FROM approvals_returnpointer p
        JOIN approvals_decision d ON d.id = p.decision_id
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        LEFT JOIN evaluations_indicator i ON i.id = p.indicator_id
        LEFT JOIN evaluations_evidence f ON f.id = p.evidence_id
        LEFT JOIN evaluations_reportsection s ON s.id = p.section_id
        WHERE COALESCE(i.evaluation_id, f.evaluation_id, s.evaluation_id, e.id) <> e.id
    """
    for number, pointer, kind in rows(sql):
        yield f"evaluation {number}: pointer {pointer} names the {kind} of another evaluation"


CHECKS: tuple[Check, ...] = (pointers_unlike_their_event, pointer_into_another_dossier)
