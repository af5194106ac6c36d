"""Do stage, open tasks, decisions and audit agree, for every evaluation?

Each check is one query over the whole database (or over given evaluations) and
yields one line per fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from accounts.roles import RIGHTS, Role
from audit_log.record import chain_faults
from workflow import (
    course_integrity,
    delegation_integrity,
    exchange_integrity,
    findings_integrity,
    launch_integrity,
    recheck_integrity,
    returns_integrity,
    seats_integrity,
    talk_integrity,
    uses_integrity,
)
from workflow.models import OPEN

Check = Callable[[], Iterator[str]]


def faults() -> list[str]:
    """One line for each fault; an empty list when everything agrees."""
    return [line for check in CHECKS for line in check()]


def rows(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"open": list(OPEN), **parameters})
        return list(cursor.fetchall())


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
    for number, stage, found in rows(sql):
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
    for number, task, found, expected in rows(sql):
        yield f"evaluation {number}: task {task} is of round {found}, expected {expected}"


def two_open_tasks_for_one_step() -> Iterator[str]:
    """A step is open once; where it asks several, once for each ballot."""
    sql = """
        SELECT e.number, t.stage, count(*) FROM workflow_flowtask t
        JOIN evaluations_evaluation e ON e.id = t.evaluation_id
        WHERE t.flow_task_type = 'HUMAN' AND t.status = ANY(%(open)s)
        GROUP BY e.id, t.item_id, t.stage, t.ballot_id HAVING count(*) > 1
    """
    for number, stage, count in rows(sql):
        yield f"evaluation {number}: {count} open tasks for one step ({stage})"


def open_task_on_closed() -> Iterator[str]:
    """Nothing waits at a closed evaluation or a closed item."""
    sql = """
        SELECT e.number, t.id, t.stage FROM workflow_flowtask t
        JOIN evaluations_evaluation e ON e.id = t.evaluation_id
        LEFT JOIN approvals_rectificationitem i ON i.id = t.item_id
        WHERE t.flow_task_type = 'HUMAN' AND t.status = ANY(%(open)s)
          AND (e.stage = 'closed' OR i.stage = 'closed')
    """
    for number, task, stage in rows(sql):
        yield f"evaluation {number}: closed, but task {task} ({stage}) is open"


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


def item_disagrees_with_tasks() -> Iterator[str]:
    """An open item waits at exactly one open task of its stage."""
    sql = """
        SELECT i.number, i.stage, COALESCE(string_agg(t.stage, ', '), 'none')
        FROM approvals_rectificationitem i
        LEFT JOIN workflow_flowtask t ON t.item_id = i.id AND t.flow_task_type = 'HUMAN'
             AND t.status = ANY(%(open)s)
        WHERE i.stage NOT IN ('draft', 'closed')
        GROUP BY i.id HAVING COALESCE(bool_and(t.stage = i.stage), false) = false
    """
    for number, stage, found in rows(sql):
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


def closed_evaluation_with_open_item() -> Iterator[str]:
    """A closed evaluation has no item that still has to be put right."""
    sql = """
        SELECT e.number, i.number, i.stage FROM evaluations_evaluation e
        JOIN approvals_rectificationitem i ON i.evaluation_id = e.id
        WHERE e.stage = 'closed' AND i.stage NOT IN ('draft', 'closed')
    """
    for number, item, stage in rows(sql):
        yield f"evaluation {number}: closed, but item {item} is at {stage}"


def rectification_with_nothing_open() -> Iterator[str]:
    """An evaluation in rectification has an item that is open."""
    sql = """
        SELECT e.number FROM evaluations_evaluation e WHERE e.stage = 'rectification'
        AND NOT EXISTS (SELECT FROM approvals_rectificationitem i WHERE i.evaluation_id = e.id
                        AND i.stage NOT IN ('draft', 'closed'))
    """
    for (number,) in rows(sql):
        yield f"evaluation {number}: in rectification, but no item is open"


def score_above_weight() -> Iterator[str]:
    """No score of the present round exceeds the weight of its indicator; none at all is below zero."""
    sql = """
        SELECT e.number, n.name, s.source, s.points, n.weight FROM evaluations_score s
        JOIN evaluations_indicator n ON n.id = s.indicator_id
        JOIN evaluations_evaluation e ON e.id = n.evaluation_id
        WHERE s.points < 0 OR (s.points > n.weight AND s.round = e.round)
    """
    for number, name, source, points, weight in rows(sql):
        yield f"evaluation {number}: {source} score {points} of {name} is outside 0 to {weight}"


def holding_without_group() -> Iterator[str]:
    """A role that somebody holds has its group, and the person is in it."""
    sql = """
        SELECT h.id, u.username, h.role, o.name FROM accounts_roleholding h
        JOIN accounts_user u ON u.id = h.user_id JOIN accounts_organization o ON o.id = h.organization_id
        LEFT JOIN accounts_rolegroup g ON g.organization_id = h.organization_id AND g.role = h.role
        LEFT JOIN accounts_user_groups m ON m.group_id = g.group_id AND m.user_id = h.user_id
        WHERE h.ended_at IS NULL AND m.id IS NULL
    """
    for holding, username, role, organization in rows(sql):
        yield f"holding {holding}: {username} holds {role} at {organization}, but is not in its group"


def member_without_holding() -> Iterator[str]:
    """Nobody is in a role's group without holding the role."""
    sql = """
        SELECT u.username, g.role, g.organization_id FROM accounts_user_groups m
        JOIN accounts_rolegroup g ON g.group_id = m.group_id JOIN accounts_user u ON u.id = m.user_id
        WHERE NOT EXISTS (SELECT FROM accounts_roleholding h WHERE h.user_id = m.user_id AND h.role = g.role
                          AND h.organization_id = g.organization_id AND h.ended_at IS NULL)
    """
    for username, role, organization in rows(sql):
        yield f"{username} is in the group of {role} at organization {organization} without holding the role"


def group_with_other_rights() -> Iterator[str]:
    """A role's group carries exactly the rights of its role."""
    sql = """
        SELECT g.role, o.name, array_remove(array_agg(p.codename), NULL) FROM accounts_rolegroup g
        JOIN accounts_organization o ON o.id = g.organization_id
        LEFT JOIN accounts_organizationgrouppermission r ON r.group_id = g.group_id
             AND r.content_object_id = g.organization_id
        LEFT JOIN auth_permission p ON p.id = r.permission_id GROUP BY g.id, o.name
    """
    for role, organization, codenames in rows(sql):
        differing = set(codenames) ^ {right.value for right in RIGHTS[Role(role)]}
        if differing:
            yield f"group of {role} at {organization}: its rights differ in {', '.join(sorted(differing))}"


def broken_audit_chain() -> Iterator[str]:
    """No event is missing, and each matches its hash."""
    yield from chain_faults()


CHECKS: tuple[Check, ...] = (
    stage_disagrees_with_tasks,
    task_of_another_round,
    two_open_tasks_for_one_step,
    open_task_on_closed,
    decision_without_event,
    decision_unlike_its_event,
    event_without_decision,
    item_disagrees_with_tasks,
    closed_item_without_verification,
    closed_evaluation_with_open_item,
    rectification_with_nothing_open,
    score_above_weight,
    holding_without_group,
    member_without_holding,
    group_with_other_rights,
    *course_integrity.CHECKS,
    *findings_integrity.CHECKS,
    *delegation_integrity.CHECKS,
    *exchange_integrity.CHECKS,
    *launch_integrity.CHECKS,
    *recheck_integrity.CHECKS,
    *returns_integrity.CHECKS,
    *talk_integrity.CHECKS,
    *seats_integrity.CHECKS,
    *uses_integrity.CHECKS,
    broken_audit_chain,
)
