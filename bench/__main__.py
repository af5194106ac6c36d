"""Measure one approval: ``python -m bench [--rounds 5] [--approvals 40]``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile

import django

from config.embedded_database import VAR_FOLDER, EmbeddedDatabaseError

RESULTS = VAR_FOLDER / "bench"


def main() -> int:
    """Print the table and keep it as JSON; exit 1 when a goal is missed, 2 when nothing could be measured."""
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("--rounds", type=int, default=5, help="how many rounds (5)")
    words.add_argument(
        "--approvals", type=int, default=40, help="approvals of each contestant in a round (40)"
    )
    asked = words.parse_args()
    files = tempfile.mkdtemp(prefix="jiheng-bench-files-")
    os.environ.update(DJANGO_SETTINGS_MODULE="bench.settings", TESTING="1", FILES_FOLDER=files)
    try:
        return run(asked.rounds, asked.approvals)
    except EmbeddedDatabaseError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(files, ignore_errors=True)


def run(rounds: int, approvals: int) -> int:
    """Measure on the server that DATABASE_URL names, or else on an embedded one of its own."""
    from bench import database

    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = database.SERVER.ensure_running("postgres")
    django.setup()
    from bench import measurement, output

    with database.own_database() as server:
        found = measurement.measure(rounds, approvals, report)
    data = output.as_data(found, output.machine(server))
    path = output.write(data, RESULTS)
    print(f"\n{output.table(data)}\n\nKept in {path}")
    return 0 if output.goals_met(data) else 1


def report(what: str) -> None:
    """Tell the user what is going on."""
    print(f"{what} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
