"""What was written stays as it was written: the database itself refuses, whoever asks."""

from __future__ import annotations

import pytest
from django.db import InternalError, NotSupportedError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError

from approvals.models import Decision, FindingTurn, RecordedFinding, Verb
from audit_log.errors import NotAllowed
from audit_log.models import AuditEvent, Refusal
from evaluations.models import Stage
from tests.cast import do
from workflow import services

MODELS = [AuditEvent, Refusal, Decision, RecordedFinding, FindingTurn]
FIELD = {
    AuditEvent: "verb",
    Refusal: "code",
    Decision: "opinion",
    RecordedFinding: "reason",
    FindingTurn: "text",
}


@pytest.fixture
def rows(world, self_evaluation):
    """At least one row in each of the tables."""
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with pytest.raises(NotAllowed):
        do(Verb.APPROVE, evaluation, world.chen)
    services.dismiss(finding=evaluation.findings.first(), actor=world.zhao, reason="已另行核实。")
    # PostgreSQL would refuse a TRUNCATE while foreign keys are still to be checked: here
    # the refusal has to be the trigger's.
    execute("SET CONSTRAINTS ALL IMMEDIATE")()
    assert all(model.objects.exists() for model in MODELS)


def is_refused(change):
    """Whether the database refuses the change."""
    try:
        with transaction.atomic():
            change()
    except (ProgrammingError, InternalError) as error:
        return "append-only" in str(error)
    except ProtectedError:
        # Other rows rest on these: Django does not even ask the database.
        return True
    except NotSupportedError as error:
        # The same of TRUNCATE without CASCADE, by PostgreSQL itself.
        return "foreign key" in str(error)
    return False


def execute(statement):
    def change():
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return change


@pytest.mark.parametrize("model", MODELS)
def test_the_orm_cannot_change_a_row(rows, model):
    field = FIELD[model]
    before = list(model.objects.values_list())
    assert is_refused(lambda: model.objects.update(**{field: "x"}))
    row = model.objects.first()
    setattr(row, field, "x")
    assert is_refused(row.save)
    assert list(model.objects.values_list()) == before


@pytest.mark.parametrize("model", MODELS)
def test_the_orm_cannot_delete_a_row(rows, model):
    number = model.objects.count()
    assert is_refused(model.objects.all().delete)
    assert is_refused(lambda: model.objects.all()._raw_delete("default"))
    assert is_refused(model.objects.first().delete)
    assert model.objects.count() == number


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {field} = 'x'",
        "UPDATE {table} SET {field} = {field}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET {field} = 'x'",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET {field} = 'x'",
    ],
)
def test_raw_sql_cannot_change_delete_or_truncate(rows, model, statement):
    table = model._meta.db_table
    before = list(model.objects.values_list())
    assert is_refused(execute(statement.format(table=table, field=FIELD[model])))
    assert list(model.objects.values_list()) == before


@pytest.mark.corrupts
@pytest.mark.parametrize("model", MODELS)
def test_new_rows_can_still_be_written(rows, model):
    number = model.objects.count()
    row = model.objects.first()
    row.pk = None
    if model is AuditEvent:
        row.chain = "test"
    if model is RecordedFinding:
        row.position += 1000
    row.save(force_insert=True)
    assert model.objects.count() == number + 1
