"""A database that fails at one row, as a full disk or a bug would: nothing that the program refuses."""

from __future__ import annotations

from django.db import connection

WORDS = "the disk is on fire"

TRIGGER = """
CREATE FUNCTION fails_in_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{words}';
END $$;
CREATE TRIGGER fails_in_a_test BEFORE UPDATE ON workflow_flowtask
    FOR EACH ROW WHEN (NEW.id = {pk}) EXECUTE FUNCTION fails_in_a_test();
"""


def fails_at_task(pk: int) -> None:
    """Nothing can be written at this task until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGER.format(words=WORDS, pk=pk))
