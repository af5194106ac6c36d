"""Do the uses of results agree with the conclusions that they belong to, and with the audit?"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows


def conclusion_without_use() -> Iterator[str]:
    """A concluded evaluation says what its result is used for (once: the database sees to that)."""
    sql = """
        SELECT e.number FROM evaluations_evaluation e
        WHERE e.stage IN ('rectification', 'closed') AND e.concluded_total IS NOT NULL
          AND NOT EXISTS (SELECT FROM approvals_resultuse u WHERE u.evaluation_id = e.id)
    """
    for (number,) in rows(sql):
        yield f"evaluation {number}: concluded, but nothing says what its result is used for"


def use_without_conclusion() -> Iterator[str]:
    """A use belongs to an evaluation with a conclusion on record."""
    sql = """
        SELECT e.number, u.use FROM approvals_resultuse u
        JOIN evaluations_evaluation e ON e.id = u.evaluation_id
        WHERE NOT EXISTS (SELECT FROM approvals_decision d
                          WHERE d.evaluation_id = e.id AND d.verb = 'conclude')
    """
    for number, use in rows(sql):
        yield f"evaluation {number}: its result is used ({use}), but was never concluded"


def use_of_another_grade() -> Iterator[str]:
    """A concluded evaluation's use rests on the grade that was concluded."""
    sql = """
        SELECT e.number, u.grade, e.concluded_grade FROM approvals_resultuse u
        JOIN evaluations_evaluation e ON e.id = u.evaluation_id
        WHERE e.stage IN ('rectification', 'closed') AND u.grade <> e.concluded_grade
    """
    for number, grade, concluded in rows(sql):
        yield f"evaluation {number}: the use of its result rests on grade {grade}, concluded is {concluded}"


def use_unlike_its_event() -> Iterator[str]:
    """A use, and what the table named beside it, is what its last event says."""
    sql = """
        SELECT e.number, u.use FROM approvals_resultuse u
        JOIN evaluations_evaluation e ON e.id = u.evaluation_id
        LEFT JOIN LATERAL (
            SELECT a.data FROM audit_log_auditevent a
            WHERE a.chain = 'evaluation:' || e.id AND a.object_type = 'resultuse' AND a.object_id = u.id
              AND a.verb IN ('record_use', 'change_use')
            ORDER BY a.sequence DESC LIMIT 1
        ) AS last ON true
        WHERE (u.use, u.percent, u.table_use, u.table_percent, u.grade, u.rectification, u.reason)
              IS DISTINCT FROM
              (last.data ->> 'use', (last.data ->> 'percent')::numeric,
               last.data ->> 'table_use', (last.data ->> 'table_percent')::numeric,
               last.data ->> 'grade', last.data ->> 'rectification', last.data ->> 'reason')
    """
    for number, use in rows(sql):
        yield f"evaluation {number}: the use of its result ({use}) differs from its audit event"


CHECKS: tuple[Check, ...] = (
    conclusion_without_use,
    use_without_conclusion,
    use_of_another_grade,
    use_unlike_its_event,
)
