"""Measure a launch: ``python -m bench.launching [--projects 50] [--rounds 9]``.

A campaign is launched over projects of which nothing exists yet: asked for, and opened by
the function that the job queue runs. Beside it, in turns, the same number of projects
opened by plain calls of ``open_evaluation``, with nobody who could pause, be killed, or
ask how far it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING

import django

from config.embedded_database import EmbeddedDatabaseError

if TYPE_CHECKING:
    from bench.launch_race import Found


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.launching", description=__doc__)
    words.add_argument("--projects", type=int, default=50, help="projects of each in a round (50)")
    words.add_argument("--rounds", type=int, default=9, help="how many rounds (9)")
    asked = words.parse_args()
    files = tempfile.mkdtemp(prefix="jiheng-bench-files-")
    os.environ.update(DJANGO_SETTINGS_MODULE="bench.settings", TESTING="1", FILES_FOLDER=files)
    try:
        return run(asked.projects, asked.rounds)
    except EmbeddedDatabaseError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(files, ignore_errors=True)


def run(projects: int, rounds: int) -> int:
    """Measure on the server that DATABASE_URL names, or else on an embedded one of its own."""
    from bench import database

    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = database.SERVER.ensure_running("postgres")
    django.setup()
    from bench import launch_race

    with database.own_database():
        print(table(launch_race.measure(projects, rounds)))
    return 0


def table(found: Found) -> str:
    """The measurement for people."""
    lines = [f"{'One project':<16}{'ms':>8}{'per s':>8}{'SQL':>6}"]
    for name, seconds in (("plain calls", found.plain), ("launched", found.launched)):
        statements = found.statements[name]
        lines.append(f"{name:<16}{1000 * seconds:>8.2f}{1 / seconds:>8.1f}{statements:>6}")
    low, high = min(found.ratios), max(found.ratios)
    lines += [
        "",
        f"Rate of a launch ÷ rate of plain calls: {found.ratio:.2f} ({low:.2f} to {high:.2f}).",
        f"Asking for it: {1000 * found.asking:.2f} ms for each project, in one transaction.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
