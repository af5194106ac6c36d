"""What the whole database holds, asked again only of the tables that were written to.

PostgreSQL counts what a transaction writes into each table, also what was rolled back to a savepoint: a
table whose counts are as before holds what it held. A course is one transaction.
"""

from __future__ import annotations

from django.db import connection

Counts = dict[str, tuple[int, ...]]

COUNTS = """
SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables WHERE schemaname = 'public'
"""


class Digests:
    """A digest of every table's rows but some, whatever their order, the queue's jobs among them."""

    def __init__(self, *without: str) -> None:
        self.without = without
        self.counts: Counts = self.written()
        self.known = digests_of(self.counts)

    def written(self) -> Counts:
        """How often each table was written to in this transaction."""
        with connection.cursor() as cursor:
            cursor.execute(COUNTS)
            return {name: tuple(found) for name, *found in cursor.fetchall() if name not in self.without}

    def renew(self) -> list[str]:
        """Look again; the names of the tables that hold something else than at the last look."""
        counts = self.written()
        touched = [name for name in counts if counts[name] != self.counts.get(name)]
        found = digests_of(touched)
        changed = sorted(name for name in touched if found[name] != self.known.get(name))
        self.counts = counts
        self.known |= found
        return changed


def digests_of(tables: Counts | list[str]) -> dict[str, str]:
    """A digest for each of the tables; one statement."""
    whole = "count(*) || ':' || COALESCE(sum(hashtextextended(t::text, 0)), 0)"
    digests = [f"SELECT '{name}', {whole} FROM \"{name}\" t" for name in tables]
    if not digests:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(digests))
        return dict(cursor.fetchall())
