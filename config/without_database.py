"""Commands that read a file and nothing else.

They need no server's settings, no database and none of the apps: started here they
answer in a fraction of a second, on a machine where nothing has been set up.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import django
from django.conf import settings

from evaluations.management.commands import check_dossier

COMMANDS = {"check_dossier": check_dossier.Command}
LOCALE_FOLDER = Path(__file__).resolve().parent.parent / "locale"


def handles(arguments: Sequence[str]) -> bool:
    """Whether the command line names such a command."""
    return len(arguments) > 1 and arguments[1] in COMMANDS


def run(arguments: Sequence[str]) -> None:
    """Run the command; it exits with its own status."""
    settings.configure(
        LANGUAGE_CODE="zh-hans",
        LANGUAGES=[("zh-hans", "Chinese"), ("en", "English")],
        LOCALE_PATHS=[LOCALE_FOLDER],
        USE_TZ=True,
    )
    django.setup()
    COMMANDS[arguments[1]]().run_from_argv(list(arguments))
