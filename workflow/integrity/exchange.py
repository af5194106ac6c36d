"""Do the exchange of views and the appointments agree with their decisions, events and rights?"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows


def points_unlike_their_event() -> Iterator[str]:
    """The points of a draft are those that its event names; only a draft has any."""
    sql = """
        SELECT e.number, d.id FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = d.id
             AND a.chain = 'evaluation:' || d.evaluation_id AND a.verb = d.verb
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(p.place, p.kind, p.text, p.grade) ORDER BY p.place) AS found
            FROM approvals_draftpoint p WHERE p.decision_id = d.id) AS points ON true
        WHERE (d.verb = 'draft' AND COALESCE(points.found, '[]') <> COALESCE(a.data -> 'points', '[]'))
           OR (d.verb <> 'draft' AND points.found IS NOT NULL)
    """
    for number, decision in rows(sql):
        yield f"evaluation {number}: the points of draft {decision} differ from its audit event"


def views_unlike_their_event() -> Iterator[str]:
    """The views of an answer are those that its event names; only an answer has any."""
    sql = """
        SELECT e.number, d.id FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = d.id
             AND a.chain = 'evaluation:' || d.evaluation_id AND a.verb = d.verb
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(v.place, v.point_id, v.stance, v.text)
                             ORDER BY v.place) AS found
            FROM approvals_view v WHERE v.decision_id = d.id) AS views ON true
        WHERE (d.verb = 'answer' AND COALESCE(views.found, '[]') <> COALESCE(a.data -> 'views', '[]'))
           OR (d.verb <> 'answer' AND views.found IS NOT NULL)
    """
    for number, decision in rows(sql):
        yield f"evaluation {number}: the views of answer {decision} differ from its audit event"


def considerations_unlike_their_event() -> Iterator[str]:
    """What was made of the views is what its event names; only considering and returning have any."""
    sql = """
        SELECT e.number, d.id FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = d.id
             AND a.chain = 'evaluation:' || d.evaluation_id AND a.verb = d.verb
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(c.view_id, c.adopted, c.reason) ORDER BY c.id) AS found
            FROM approvals_consideration c WHERE c.decision_id = d.id) AS made ON true
        WHERE COALESCE(made.found, '[]') <> COALESCE(a.data -> 'considered', '[]')
           OR (d.verb NOT IN ('consider', 'return') AND made.found IS NOT NULL)
    """
    for number, decision in rows(sql):
        yield f"evaluation {number}: what consideration {decision} made of the views differs from its event"


def point_without_view() -> Iterator[str]:
    """An answer has a view of each point of the draft that it answers, and of no other draft's."""
    sql = """
        SELECT e.number, d.id, p.place FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        CROSS JOIN LATERAL (
            SELECT max(f.id) AS id FROM approvals_decision f
            WHERE f.evaluation_id = d.evaluation_id AND f.verb = 'draft' AND f.id < d.id) AS draft
        JOIN approvals_draftpoint p ON p.decision_id = draft.id
        LEFT JOIN approvals_view v ON v.decision_id = d.id AND v.point_id = p.id
        WHERE d.verb = 'answer' AND v.id IS NULL
        UNION ALL
        SELECT e.number, d.id, p.place FROM approvals_view v
        JOIN approvals_decision d ON d.id = v.decision_id
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        JOIN approvals_draftpoint p ON p.id = v.point_id
        WHERE p.decision_id <> (SELECT max(f.id) FROM approvals_decision f
                                WHERE f.evaluation_id = d.evaluation_id AND f.verb = 'draft' AND f.id < d.id)
    """
    for number, decision, place in rows(sql):
        yield f"evaluation {number}: answer {decision} and point {place} of its draft do not agree"


def objection_not_considered() -> Iterator[str]:
    """Behind the exchange every objection to the last draft is adopted or not, with a reason."""
    sql = """
        SELECT e.number, v.id FROM evaluations_evaluation e
        CROSS JOIN LATERAL (
            SELECT f.round FROM approvals_decision f
            WHERE f.evaluation_id = e.id AND f.verb = 'draft' ORDER BY f.id DESC LIMIT 1) AS draft
        JOIN approvals_ballot b ON b.evaluation_id = e.id AND b.stage = 'exchange_of_views'
             AND b.round = (SELECT max(o.round) FROM approvals_ballot o WHERE o.evaluation_id = e.id
                            AND o.stage = 'exchange_of_views' AND o.round >= draft.round)
        JOIN approvals_view v ON v.decision_id = b.decision_id AND v.stance = 'object'
        WHERE e.stage IN ('conclusion', 'rectification', 'closed')
          AND NOT EXISTS (SELECT FROM approvals_consideration c WHERE c.view_id = v.id)
    """
    for number, view in rows(sql):
        yield f"evaluation {number}: objection {view} was not considered before the conclusion"


def appointment_without_right() -> Iterator[str]:
    """Whoever is appointed may see the evaluation, and nobody by a part that is over."""
    sql = """
        SELECT e.number, u.username, a.id IS NOT NULL FROM (
            SELECT evaluation_id, person_id, id FROM evaluations_appointment WHERE ended_at IS NULL) AS a
        FULL JOIN (
            SELECT p.content_object_id, p.user_id, p.id FROM evaluations_evaluationuserpermission p
            JOIN auth_permission r ON r.id = p.permission_id WHERE r.codename = 'take_part') AS held
             ON held.content_object_id = a.evaluation_id AND held.user_id = a.person_id
        JOIN evaluations_evaluation e ON e.id = COALESCE(a.evaluation_id, held.content_object_id)
        JOIN accounts_user u ON u.id = COALESCE(a.person_id, held.user_id)
        WHERE a.id IS NULL OR held.id IS NULL
    """
    for number, username, is_appointed in rows(sql):
        said = "is appointed but may not see it" if is_appointed else "may see it without an appointment"
        yield f"evaluation {number}: {username} {said}"


CHECKS: tuple[Check, ...] = (
    points_unlike_their_event,
    views_unlike_their_event,
    considerations_unlike_their_event,
    point_without_view,
    objection_not_considered,
    appointment_without_right,
)
