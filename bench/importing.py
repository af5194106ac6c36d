"""Measure an import: ``python -m bench.importing [--dossiers 60]``.

An archive of dossiers (those of the demonstration in turn, each for a project of its own)
is handed in to a campaign, read and previewed, and filled in, by the functions that the
job queue runs. Beside it the least that keeping the same files could cost: each read as
JSON and written into one row, in a transaction of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile

import django

from config.embedded_database import EmbeddedDatabaseError


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    words.add_argument("--dossiers", type=int, default=60, help="dossiers in the archive (60)")
    asked = words.parse_args()
    files = tempfile.mkdtemp(prefix="jiheng-bench-files-")
    os.environ.update(DJANGO_SETTINGS_MODULE="bench.settings", TESTING="1", FILES_FOLDER=files)
    try:
        return run(asked.dossiers)
    except EmbeddedDatabaseError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(files, ignore_errors=True)


def run(dossiers: int) -> int:
    """Measure on the server that DATABASE_URL names, or else on an embedded one of its own."""
    from bench import database

    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = database.SERVER.ensure_running("postgres")
    django.setup()
    from bench import import_race

    with database.own_database():
        print(table(*import_race.measure(dossiers)))
    return 0


def table(seconds: dict[str, float], done: int, statements: int) -> str:
    """The measurement for people."""
    lines = [f"{'Stage':<14}{'dossiers':>9}{'s':>8}{'per s':>8}{'× bare rows':>13}"]
    for stage, spent in seconds.items():
        multiple = spent / seconds["bare rows"]
        lines.append(f"{stage:<14}{done:>9}{spent:>8.2f}{done / spent:>8.1f}{multiple:>13.1f}")
    both = seconds["preview"] + seconds["filling in"]
    lines.append("")
    lines.append(
        f"Imported: {done / both:.1f} dossiers a second, {statements} SQL statements to fill in one."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
