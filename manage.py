#!/usr/bin/env python
"""Django's command line, with the embedded database started for the commands that need one."""

import os
import sys

from config import demonstration, embedded_database, without_database

NEED_NO_DATABASE = {
    "check_dossier",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}


def needs_database(arguments: list[str]) -> bool:
    """Whether the command works on the database; ``check`` does when it is named one."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command.startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    if command == "check":
        return "--database" in arguments
    return command not in NEED_NO_DATABASE


def main() -> None:
    """Run the command named on the command line."""
    if without_database.handles(sys.argv):
        without_database.run(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    demonstration.adopt_if_present()
    try:
        embedded_database.provide(start=needs_database(sys.argv))
    except embedded_database.EmbeddedDatabaseError as error:
        sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
