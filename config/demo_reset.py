"""``make demo-reset``: forget everything that was entered, and load the demonstration afresh."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import psycopg

from config import demonstration, embedded_database, preconditions
from config.embedded_database import EmbeddedDatabaseError
from config.preconditions import CannotStart

FILES_FOLDER = preconditions.VAR_FOLDER / "files"


def reset() -> None:
    """Empty the database and the stored files, and load the demonstration.

    Raises :class:`CannotStart` while the program runs, or when the database is a
    server's and its name was not given in ``CONFIRM``.
    """
    preconditions.check_folders_writable()
    with preconditions.hold_run_lock():
        if os.environ.get("DATABASE_URL"):
            empty_named_database(os.environ["DATABASE_URL"])
        else:
            embedded_database.remove()
        # A folder that the user has named may hold other things too: it is left alone.
        shutil.rmtree(FILES_FOLDER, ignore_errors=True)
        demonstration.adopt()
        embedded_database.provide()
        accounts = preconditions.VAR_FOLDER / "demo_accounts.txt"
        subprocess.run([sys.executable, "-m", "config.preparation", str(accounts)], check=True)


def empty_named_database(url: str) -> None:
    """Drop everything in the database of ``url``, if the user has named it in ``CONFIRM``."""
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            name = connection.info.dbname
            if os.environ.get("CONFIRM") != name:
                raise CannotStart(
                    f"This deletes all of {name} on {connection.info.host or 'the server'}: "
                    f"if you mean it, make demo-reset CONFIRM={name}"
                )
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    except psycopg.OperationalError as error:
        raise CannotStart(f"Cannot reach the database: {str(error).splitlines()[0]}") from error


def main() -> None:
    """Start over; exit 1 with one line when that is not possible."""
    try:
        reset()
    except (CannotStart, EmbeddedDatabaseError) as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError:
        sys.exit("The demonstration could not be loaded: see the lines above.")
    print("The demonstration is as on the first day. Start it with: make run")


if __name__ == "__main__":
    main()
