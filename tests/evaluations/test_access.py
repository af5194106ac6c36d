"""The gateway of evaluations: by office, or by name; with the indexes of the offices."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Model

from accounts.models import User
from evaluations.access import visible_to
from evaluations.models import Stage
from tests.cast import organization
from workflow import services

MANY = 20_000
MORE_LIKE_IT = """
INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, generate_series(1, %s) n WHERE t.id = %s
"""


def read_afresh(person: User) -> User:
    """As the next request reads them: nothing remembered."""
    return User.objects.get(pk=person.pk)


def more_like(row: Model, **columns: str) -> None:
    """Many more rows like this one, with other values (SQL, ``n`` counts) in some columns."""
    names = [field.column for field in row._meta.concrete_fields]
    values = ", ".join(columns.get(name, f't."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    insert = MORE_LIKE_IT.format(table=row._meta.db_table, columns=quoted, values=values)
    with connection.cursor() as cursor:
        cursor.execute(insert, [MANY, row.pk])
        cursor.execute(f"ANALYZE {row._meta.db_table}")


@pytest.mark.corrupts
def test_among_many_evaluations_those_of_ones_offices_are_found_by_their_indexes(world, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    bureau = organization("bureau", "云州市财政局", "900")
    department = organization("department", "云州市教育局", "910", bureau)
    unit = organization("unit", "云州市第一中学", "911", department)
    more_like(evaluation.project, id="1000000 + n", code="'X' || n", unit_id=str(unit.pk))
    offices = {"unit_id": str(unit.pk), "department_id": str(department.pk), "bureau_id": str(bureau.pk)}
    more_like(evaluation, id="1000000 + n", project_id="1000000 + n", number="'X' || n", **offices)
    for person in (world.lin, world.zhao, world.sun, world.feng):
        visible = visible_to(read_afresh(person))
        assert list(visible) == [evaluation]
        assert "Seq Scan on evaluations_evaluation" not in visible.order_by("pk").explain()


def test_whoever_has_a_seat_sees_that_evaluation_only(world, commissioned_evaluation, self_evaluation):
    self_evaluation(Stage.SELF_ASSESSMENT)
    evaluation = commissioned_evaluation(Stage.MATERIAL, experts=(world.zheng,))
    assert not visible_to(read_afresh(world.wu)).exists()
    services.seat_expert(evaluation=evaluation, actor=world.sun, expert=world.wu)
    assert list(visible_to(read_afresh(world.wu))) == [evaluation]
