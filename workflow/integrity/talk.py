"""Do comments and consultations agree with the audit, and with what they belong to?"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows


def comment_unlike_its_event() -> Iterator[str]:
    """A comment says what its event says, to the same people, with the same files; a withdrawal too."""
    sql = """
        SELECT e.number, c.id FROM approvals_comment c
        JOIN evaluations_evaluation e ON e.id = c.evaluation_id
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'comment' AND a.object_id = c.id
             AND a.chain = 'evaluation:' || c.evaluation_id AND a.actor_id = c.author_id
             AND a.verb = CASE WHEN c.withdraws_id IS NULL THEN 'comment' ELSE 'withdraw_comment' END
        CROSS JOIN LATERAL (SELECT COALESCE(jsonb_agg(m.person_id ORDER BY m.person_id), '[]') AS people
                            FROM approvals_commentmention m WHERE m.comment_id = c.id) AS named
        CROSS JOIN LATERAL (SELECT COALESCE(jsonb_agg(f.digest ORDER BY f.id), '[]') AS digests
                            FROM approvals_commentfile f WHERE f.comment_id = c.id) AS kept
        WHERE a.id IS NULL OR c.audience <> a.data ->> 'audience'
           OR (c.withdraws_id IS NOT NULL AND c.withdraws_id::text <> a.data ->> 'comment')
           OR (c.withdraws_id IS NULL
               AND (c.text, c.stage, c.round::text, c.item_id::text, named.people, kept.digests)
                   IS DISTINCT FROM (a.data ->> 'text', a.data ->> 'stage', a.data ->> 'round',
                                     a.data ->> 'item', a.data -> 'mentions', a.data -> 'files'))
    """
    for number, comment in rows(sql):
        yield f"evaluation {number}: comment {comment} differs from its audit event"


def withdrawal_by_somebody_else() -> Iterator[str]:
    """A comment is withdrawn by its author, on its own dossier, and says nothing new."""
    sql = """
        SELECT e.number, w.id, c.id FROM approvals_comment w JOIN approvals_comment c ON c.id = w.withdraws_id
        JOIN evaluations_evaluation e ON e.id = w.evaluation_id
        WHERE (w.author_id, w.evaluation_id, w.audience) <> (c.author_id, c.evaluation_id, c.audience)
           OR c.withdraws_id IS NOT NULL
    """
    for number, withdrawal, comment in rows(sql):
        yield f"evaluation {number}: {withdrawal} does not withdraw comment {comment} as its author would"


def talk_about_another_item() -> Iterator[str]:
    """What is said about an item is said on that item's dossier."""
    sql = """
        SELECT e.number, i.number FROM approvals_rectificationitem i
        JOIN (SELECT evaluation_id, item_id FROM approvals_comment
              UNION SELECT evaluation_id, item_id FROM approvals_consultation) AS t ON t.item_id = i.id
        JOIN evaluations_evaluation e ON e.id = t.evaluation_id WHERE t.evaluation_id <> i.evaluation_id
    """
    for number, item in rows(sql):
        yield f"evaluation {number}: something was said about item {item} of another evaluation"


def consultation_unlike_its_events() -> Iterator[str]:
    """Question, answer and withdrawal each have their event, by who asked or was asked, and agree with it."""
    sql = """
        SELECT e.number, c.id FROM approvals_consultation c
        JOIN evaluations_evaluation e ON e.id = c.evaluation_id
        LEFT JOIN LATERAL (SELECT * FROM audit_log_auditevent a
             WHERE a.object_type = 'consultation' AND a.object_id = c.id AND a.verb = 'consult'
               AND a.chain = 'evaluation:' || c.evaluation_id) AS q ON true
        LEFT JOIN LATERAL (SELECT * FROM audit_log_auditevent a
             WHERE a.object_type = 'consultation' AND a.object_id = c.id AND a.verb = 'answer_consultation'
               AND a.chain = 'evaluation:' || c.evaluation_id) AS g ON true
        LEFT JOIN LATERAL (SELECT * FROM audit_log_auditevent a
             WHERE a.object_type = 'consultation' AND a.object_id = c.id AND a.verb = 'withdraw_consultation'
               AND a.chain = 'evaluation:' || c.evaluation_id) AS w ON true
        WHERE (c.asked_by_id, c.question, c.colleague_id::text, c.side)
              IS DISTINCT FROM (q.actor_id, q.data ->> 'question', q.data ->> 'colleague', q.data ->> 'side')
           OR (c.answered_at IS NULL) <> (g.id IS NULL) OR (c.withdrawn_at IS NULL) <> (w.id IS NULL)
           OR (g.id IS NOT NULL
               AND (c.answer, c.colleague_id) IS DISTINCT FROM (g.data ->> 'answer', g.actor_id))
           OR (w.id IS NOT NULL AND c.asked_by_id IS DISTINCT FROM w.actor_id)
    """
    for number, consultation in rows(sql):
        yield f"evaluation {number}: consultation {consultation} differs from its audit events"


def event_without_talk() -> Iterator[str]:
    """Every event of a comment or a consultation has its row."""
    sql = """
        SELECT a.chain, a.sequence, a.object_type, a.object_id FROM audit_log_auditevent a
        LEFT JOIN approvals_comment c ON a.object_type = 'comment' AND c.id = a.object_id
        LEFT JOIN approvals_consultation o ON a.object_type = 'consultation' AND o.id = a.object_id
        WHERE a.object_type IN ('comment', 'consultation') AND c.id IS NULL AND o.id IS NULL
    """
    for chain, sequence, kind, pk in rows(sql):
        yield f"audit chain {chain}: event {sequence} speaks of {kind} {pk}, which does not exist"


CHECKS: tuple[Check, ...] = (
    comment_unlike_its_event,
    withdrawal_by_somebody_else,
    talk_about_another_item,
    consultation_unlike_its_events,
    event_without_talk,
)
