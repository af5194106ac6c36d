"""Does each evaluation wait at the open tasks of its step, and at no others?"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows
from workflow.models import OPEN


def stage_disagrees_with_tasks() -> Iterator[str]:
    """An evaluation waits at open tasks of exactly its step.

    In rectification only its items wait; a panel may wait for nothing but a recused expert's replacement.
    """
    sql = """
        SELECT e.number, e.stage, COALESCE(string_agg(DISTINCT t.stage, ', '), 'none')
        FROM evaluations_evaluation e
        LEFT JOIN workflow_flowtask t ON t.evaluation_id = e.id AND t.item_id IS NULL
             AND t.flow_task_type = 'HUMAN' AND t.status = ANY(%(open)s)
        WHERE e.stage <> 'closed'
        GROUP BY e.id
        HAVING COALESCE(
            bool_and(t.stage = e.stage AND t.step = e.step),
            e.stage = 'rectification' OR e.stage = 'expert_scoring' AND EXISTS (
                SELECT FROM evaluations_seat s LEFT JOIN evaluations_seat r ON r.replaces_id = s.id
                WHERE s.evaluation_id = e.id AND s.needs_replacement AND r.id IS NULL)) = false
    """
    for number, stage, found in rows(sql, open=list(OPEN)):
        yield f"evaluation {number}: at stage {stage}, but its open tasks are at: {found}"


def task_of_another_round() -> Iterator[str]:
    """An open task belongs to the present round of its evaluation or item."""
    sql = """
        SELECT e.number, t.id, t.round, COALESCE(i.round, e.round)
        FROM workflow_flowtask t JOIN evaluations_evaluation e ON e.id = t.evaluation_id
        LEFT JOIN approvals_rectificationitem i ON i.id = t.item_id
        WHERE t.flow_task_type = 'HUMAN' AND t.status = ANY(%(open)s)
          AND t.round <> COALESCE(i.round, e.round)
    """
    for number, task, found, expected in rows(sql, open=list(OPEN)):
        yield f"evaluation {number}: task {task} is of round {found}, expected {expected}"


def two_open_tasks_for_one_step() -> Iterator[str]:
    """A step is open once; where it asks several, once for each ballot."""
    sql = """
        SELECT e.number, t.stage, count(*) FROM workflow_flowtask t
        JOIN evaluations_evaluation e ON e.id = t.evaluation_id
        WHERE t.flow_task_type = 'HUMAN' AND t.status = ANY(%(open)s)
        GROUP BY e.id, t.item_id, t.stage, t.ballot_id HAVING count(*) > 1
    """
    for number, stage, count in rows(sql, open=list(OPEN)):
        yield f"evaluation {number}: {count} open tasks for one step ({stage})"


def open_task_on_closed() -> Iterator[str]:
    """Nothing waits at a closed evaluation or a closed item."""
    sql = """
        SELECT e.number, t.id, t.stage FROM workflow_flowtask t
        JOIN evaluations_evaluation e ON e.id = t.evaluation_id
        LEFT JOIN approvals_rectificationitem i ON i.id = t.item_id
        WHERE t.flow_task_type = 'HUMAN' AND t.status = ANY(%(open)s)
          AND (e.stage = 'closed' OR i.stage IN ('closed', 'cancelled'))
    """
    for number, task, stage in rows(sql, open=list(OPEN)):
        yield f"evaluation {number}: closed, but task {task} ({stage}) is open"


CHECKS: tuple[Check, ...] = (
    stage_disagrees_with_tasks,
    task_of_another_round,
    two_open_tasks_for_one_step,
    open_task_on_closed,
)
