"""Bring the database and the served files up to date: what ``make run`` does before it serves.

Run as ``python -m config.preparation <file for the list of accounts>`` with the
environment of the program.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor


def prepare(accounts_file: Path) -> None:
    """Collect static files, migrate, load schemes and the demonstration; only what is missing."""
    if static_files_are_outdated():
        report("Collecting static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        report("Creating the tables")
        call_command("migrate", interactive=False, verbosity=0)
    report("Loading the schemes and the demonstration, unless they are there")
    quiet = io.StringIO()
    call_command("load_schemes", stdout=quiet)
    call_command("load_demo", stdout=quiet)
    with open(accounts_file, "w") as file:
        call_command("demo_accounts", stdout=file)


def report(what: str) -> None:
    """Tell the user what is going on."""
    print(f"{what} …", flush=True)


def static_files_are_outdated() -> bool:
    """Whether a source of the served files is newer than the last collection."""
    manifest = Path(str(settings.STATIC_ROOT)) / "staticfiles.json"
    if not manifest.exists():
        return True
    sources = [
        settings.BASE_DIR / "package-lock.json",
        settings.BASE_DIR / "config" / "static_files.py",
        *(path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")),
    ]
    return max(path.stat().st_mtime for path in sources) > manifest.stat().st_mtime


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        prepare(Path(sys.argv[1]))
    except OperationalError as error:
        sys.exit(f"The database cannot be used: {str(error).strip().splitlines()[0]}")
