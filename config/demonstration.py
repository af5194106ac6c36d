"""The environment of a local demonstration: what ``make run`` asks for by name.

``manage.py`` uses it too when it is started by hand in a folder where ``make run``
has been, so that ``manage.py demo_accounts`` or ``check_integrity`` speak of the
same database. ``wsgi`` never does: a production server names everything itself.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = "localhost,127.0.0.1,[::1]"
SECRET_KEY_FILE = PROJECT_FOLDER / "var" / "secret_key"


def create_secret_key() -> None:
    """Write this folder's own secret key once, readable by its owner alone."""
    if SECRET_KEY_FILE.exists():
        return
    draft = SECRET_KEY_FILE.with_suffix(f".{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(60))
    draft.rename(SECRET_KEY_FILE)


def environment() -> dict[str, str]:
    """What a demonstration sets; what the user has set already stays."""
    defaults = {
        "SECRET_KEY": SECRET_KEY_FILE.read_text(),
        "DEBUG": "0",
        "DEMO_MODE": "1",
        "HTTPS": "0",
    }
    chosen = {name: os.environ.get(name, value) for name, value in defaults.items()}
    hosts = filter(None, [os.environ.get("ALLOWED_HOSTS"), LOCAL_HOSTS])
    return {**chosen, "ALLOWED_HOSTS": ",".join(hosts)}


def adopt() -> None:
    """Let this process and those that it starts work on the local demonstration."""
    create_secret_key()
    os.environ.update(environment())


def adopt_if_present() -> None:
    """Do so only where ``make run`` has been and the environment configures nothing else."""
    configured = {"SECRET_KEY", "DEBUG", "TESTING"} & os.environ.keys()
    if not configured and SECRET_KEY_FILE.exists():
        adopt()
