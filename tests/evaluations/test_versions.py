"""The life of a version: what the database itself refuses."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit_log import clock
from audit_log.errors import InvalidInput
from evaluations.actions.version_life import copy_version
from evaluations.models import Evaluation, Framework, LibraryIndicator, ReviewPolicy, Scheme
from evaluations.policies.shipped import shipped_policies

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError as error:
        return "refused" in str(error)
    return False


@pytest.mark.parametrize("table", ["evaluations_scheme", "evaluations_framework", "evaluations_reviewpolicy"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {table} SET name = 'x'",
        "UPDATE {table} SET version = version + 100",
        "UPDATE {table} SET status = 'draft'",
        "UPDATE {table} SET published_at = now() + interval '1 day'",
        "UPDATE {table} SET retired_at = now()",
        "UPDATE {table} SET status = 'retired'",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_was_published(table, change):
    assert refused(change.format(table=table))


@pytest.mark.parametrize(
    ("model", "field"),
    [(Scheme, "parameters"), (Framework, "content"), (ReviewPolicy, "content")],
    ids=["scheme", "framework", "policy"],
)
def test_the_database_refuses_other_content(model, field):
    assert refused(f"UPDATE {model._meta.db_table} SET {field} = '{{}}'::jsonb")


def test_a_published_version_may_only_be_retired_and_stays_so():
    scheme = Scheme.objects.get(code="ministry-2020")
    scheme.status, scheme.retired_at = Scheme.Status.RETIRED, clock.now()
    scheme.save_as(None, "retire")
    assert refused("UPDATE evaluations_scheme SET status = 'published' WHERE id = %s", scheme.pk)


@pytest.mark.parametrize("table", ["evaluations_scheme", "evaluations_framework", "evaluations_reviewpolicy"])
def test_the_day_of_retirement_is_written_once(table):
    assert not refused(f"UPDATE {table} SET status = 'retired', retired_at = now()")
    assert refused(f"UPDATE {table} SET retired_at = NULL")
    assert refused(f"UPDATE {table} SET retired_at = now() + interval '1 day'")


def test_a_draft_may_change():
    draft = Scheme(code="own", name="own", parameters={})
    draft.save_as(None)
    assert not refused("UPDATE evaluations_scheme SET name = 'renamed' WHERE id = %s", draft.pk)
    assert not refused("DELETE FROM evaluations_scheme WHERE id = %s", draft.pk)


def test_what_ships_is_published_and_loading_it_twice_is_loading_it_once():
    def counts():
        return [model.objects.count() for model in (Scheme, Framework, LibraryIndicator, ReviewPolicy)]

    before = counts()
    call_command("load_schemes", verbosity=0)
    assert counts() == before
    assert before[0] == 5
    assert before[1] == 1
    assert before[2] > 60
    assert before[3] == len(shipped_policies())
    assert set(Scheme.objects.values_list("status", flat=True)) == {Scheme.Status.PUBLISHED}


def test_an_evaluation_from_before_there_were_policies_keeps_the_first_procedure(self_evaluation):
    evaluation = self_evaluation()
    Evaluation.objects.filter(pk=evaluation.pk).update(policy=None)
    call_command("load_schemes", verbosity=0)
    evaluation.refresh_from_db()
    assert (evaluation.policy.code, evaluation.policy.version) == ("self-default", 1)


def test_a_code_is_no_longer_than_its_column(world):
    source = Scheme.objects.get(code="ministry-2020")
    with pytest.raises(InvalidInput):
        copy_version(actor=world.sun, source=source, bureau=world.bureau, code="a" + "-a" * 49)


def stored_as(model, field, document=None, **columns):
    """A shipped version changed behind the database's back; the test's end takes it all back."""
    row = model.objects.get(code="common" if model is Framework else "ministry-2020", version=1)
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_published_stays")
    content = {**getattr(row, field), **(document or {})}
    model.objects.filter(pk=row.pk).update(**{field: content, **columns})
    return row


VERSIONS = pytest.mark.parametrize(
    ("model", "field"), [(Scheme, "parameters"), (Framework, "content")], ids=["scheme", "framework"]
)


@VERSIONS
def test_a_bureaus_own_version_under_a_shipped_code_is_no_silent_stand_in(world, model, field):
    row = stored_as(model, field, bureau=world.bureau)
    with pytest.raises(CommandError, match=rf"{row.code} v1.*{world.bureau}.*another code"):
        call_command("load_schemes", verbosity=0)


@VERSIONS
def test_shipped_content_that_differs_from_what_was_loaded_is_told(model, field):
    row = stored_as(model, field, document={"name": "另一个名称"})
    with pytest.raises(CommandError, match=rf"{row.code} v1.*\(name\).*new version"):
        call_command("load_schemes", verbosity=0)
