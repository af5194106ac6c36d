"""How many SQL statements an approval takes, and which."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from approvals.models import Verb
from evaluations.models import Stage
from tests.cast import open_task, person
from tests.votes import at_departments_vote
from workflow import services

MOST = 17
# One of several: its ballot is read, counted with the others and kept with its history.
A_VOTE = 16
THE_DECIDING_VOTE = 19


def statements_of(action: Callable[[], Any]) -> list[str]:
    """What the action sends, BEGIN and COMMIT included, each as its verb and its table."""
    with CaptureQueriesContext(connection) as queries:
        action()
    return [in_short(query["sql"]) for query in queries.captured_queries]


def in_short(sql: str) -> str:
    """``INSERT approvals_decision``; a locking SELECT says so."""
    table = re.search(r"(?:FROM|INTO|UPDATE) \"?([a-z]+_[a-z_]+)", sql)
    if "INSERT INTO notices_notice" in sql:
        return "INSERT notices_notice"
    if "INSERT INTO audit_log" in sql:
        return "INSERT audit_log_auditevent"
    if table is None:
        return sql.split()[0]
    verb = sql.split()[0] + (" FOR UPDATE" if "FOR UPDATE" in sql else "")
    return f"{verb} {table[1]}"


@pytest.mark.django_db(transaction=True)
def test_an_approval_takes_at_most_seventeen_statements(world, self_evaluation):
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.zhao}
    found = statements_of(lambda: services.perform(Verb.APPROVE, **place, opinion="材料齐全。"))
    assert found == [
        "BEGIN",
        "SELECT FOR UPDATE workflow_flowprocess",
        "SELECT workflow_flowtask",
        "SELECT FOR UPDATE evaluations_evaluation",
        "SELECT accounts_organizationgrouppermission",
        "SELECT approvals_decision",
        "UPDATE evaluations_evaluation",
        "INSERT evaluations_historicalevaluation",
        "INSERT approvals_decision",
        "INSERT audit_log_auditevent",
        "INSERT notices_notice",
        "UPDATE workflow_flowtask",
        "INSERT workflow_flowtask",
        "INSERT workflow_flowtask_previous",
        "COMMIT",
    ]
    assert len(found) <= MOST


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("stage", "verb", "person", "details"),
    [
        (Stage.UNIT_APPROVAL, Verb.APPROVE, "wang", {}),
        (Stage.FINANCE_REVIEW, Verb.ACCEPT, "sun", {}),
        (
            Stage.DEPARTMENT_REVIEW,
            Verb.RETURN,
            "zhao",
            {"to": Stage.SELF_ASSESSMENT, "opinion": "请补充材料。"},
        ),
    ],
)
def test_other_reviews_take_as_few(world, self_evaluation, stage, verb, person, details):
    task = open_task(self_evaluation(stage))
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.people[person]}
    found = statements_of(lambda: services.perform(verb, **place, **details))
    assert len(found) <= MOST, found


@pytest.mark.django_db(transaction=True)
def test_the_number_of_statements_does_not_grow_with_the_rounds(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)

    def decide(verb: str, person: str, **details: Any) -> None:
        task = open_task(evaluation)
        place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.people[person]}
        services.perform(verb, **place, opinion="已核对。", **details)

    counts = set()
    for _ in range(3):
        counts.add(len(statements_of(lambda: decide(Verb.RETURN, "zhao", to=Stage.UNIT_APPROVAL))))
        decide(Verb.APPROVE, "wang")
    assert len(counts) == 1, counts


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("others", [0, 5])
def test_a_vote_takes_the_same_statements_however_many_are_asked(world, self_evaluation, others):
    grown = [
        person(f"reviewer{place}", f"审核{place}", Role.DEPARTMENT_REVIEWER, world.department)
        for place in range(others)
    ]
    evaluation, voters = at_departments_vote(world, self_evaluation, who="all")
    assert len(evaluation.ballots.all()) == len(voters) + len(grown)
    tasks = [open_task(evaluation, voter) for voter in (*voters, *grown)]
    counts = [
        len(
            statements_of(
                partial(
                    services.perform,
                    Verb.APPROVE,
                    process_id=task.process_id,
                    task_id=task.pk,
                    actor=task.owner,
                    opinion="同意。",
                )
            )
        )
        for task in tasks
    ]
    *waiting, deciding = counts
    assert set(waiting) == {A_VOTE}
    assert deciding <= THE_DECIDING_VOTE
