"""Install what is missing: the first step of ``make run`` and ``make test``.

Runs with the system's Python and its standard library alone. What is there already
is left alone, so a second run takes no time. Usage: ``bootstrap.py run|test [--bind ADDRESS] [--port PORT]``
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_FOLDER))

from config import preconditions  # noqa: E402  (the project's folder comes first)
from config.preconditions import CannotStart  # noqa: E402
from scripts import progress, system_packages  # noqa: E402

VIRTUAL_ENVIRONMENT = PROJECT_FOLDER / ".venv"
PYTHON = VIRTUAL_ENVIRONMENT / "bin" / "python"
UV = VIRTUAL_ENVIRONMENT / "bin" / "uv"
NODE_MODULES = PROJECT_FOLDER / "node_modules"
LOCALE_FOLDER = PROJECT_FOLDER / "locale"
OLDEST_PYTHON = (3, 11)


def bootstrap(purpose: str) -> None:
    """Install all that ``purpose`` (run or test) needs.

    Raises :class:`CannotStart` or :class:`progress.Failed`.
    """
    with waiting_for_other_installations():
        system_packages.install_missing(for_tests=purpose == "test")
        create_virtual_environment()
        install_python_packages(purpose)
        install_front_end_packages(purpose)
        compile_translations()


@contextmanager
def waiting_for_other_installations() -> Iterator[None]:
    """Hold the lock of installations, so that `make run` and `make test` do not install at once."""
    preconditions.VAR_FOLDER.mkdir(exist_ok=True)
    with open(preconditions.VAR_FOLDER / "bootstrap.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another installation in this folder …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create_virtual_environment() -> None:
    """Make ``.venv`` with the pinned uv, or make it again when its Python is gone."""
    if works(PYTHON, "-c", "") and works(UV, "--version"):
        return
    progress.run("Creating .venv", [sys.executable, "-m", "venv", "--clear", str(VIRTUAL_ENVIRONMENT)])
    progress.run(
        "Installing uv",
        [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes",
         "-r", str(PROJECT_FOLDER / "requirements-uv.lock")],
    )  # fmt: skip


def works(program: Path, *arguments: str) -> bool:
    """Whether ``program`` is there and runs."""
    try:
        return subprocess.run([program, *arguments], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install_python_packages(purpose: str) -> None:
    """Make ``.venv`` exactly what the lock file says, when the lock file has changed."""
    stamp = Stamp(VIRTUAL_ENVIRONMENT, run="requirements.lock", test="requirements-dev.lock")
    if stamp.fits(purpose):
        return
    lock = PROJECT_FOLDER / stamp.files[stamp.installed_for(purpose)]
    progress.run(
        "Installing Python packages",
        [str(UV), "pip", "sync", "--python", str(PYTHON), "--require-hashes", str(lock)],
    )
    stamp.write(purpose)


def install_front_end_packages(purpose: str) -> None:
    """Make ``node_modules`` exactly what the lock file says; no package's scripts run."""
    stamp = Stamp(NODE_MODULES, run="package-lock.json", test="package-lock.json")
    if stamp.fits(purpose):
        return
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if stamp.installed_for(purpose) == "run":
        command.append("--omit=dev")
    progress.run("Installing front-end packages", command)
    stamp.write(purpose)


class Stamp:
    """What was installed into a folder last; it lies in that folder, so that it goes with it."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.path = folder / ".jiheng-installed"
        self.files = files

    def fits(self, purpose: str) -> bool:
        """Whether the folder holds what ``purpose`` needs: what tests need includes the rest."""
        return self._read() in {self._content(kind) for kind in {purpose, "test"}}

    def installed_for(self, purpose: str) -> str:
        """The purpose to install for: where tests were installed, they stay."""
        return "test" if self._read().startswith("test ") else purpose

    def write(self, purpose: str) -> None:
        """Note that the installation is complete."""
        self.path.write_text(self._content(self.installed_for(purpose)))

    def _read(self) -> str:
        return self.path.read_text() if self.path.exists() else ""

    def _content(self, kind: str) -> str:
        return f"{kind} {hashlib.sha256((PROJECT_FOLDER / self.files[kind]).read_bytes()).hexdigest()}"


def compile_translations() -> None:
    """Compile the catalogues that are newer than what was compiled from them."""
    for catalogue in sorted(LOCALE_FOLDER.glob("*/LC_MESSAGES/*.po")):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            progress.run(
                f"Compiling {catalogue.relative_to(PROJECT_FOLDER)}",
                ["msgfmt", "--check-format", "-o", str(compiled), str(catalogue)],
            )


def main() -> None:
    """Check what can be checked at once, then install; exit 1 with a clear line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=["run", "test"])
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--port")
    options = parser.parse_args()
    try:
        if sys.version_info < OLDEST_PYTHON:
            raise CannotStart("Python 3.11 or newer is needed: name one, make run PYTHON=python3.12")
        preconditions.check_folders_writable()
        if options.port is not None:
            preconditions.hold_run_lock().close()
            preconditions.check_port_free(options.bind, preconditions.port_number(options.port))
        bootstrap(options.purpose)
    except (CannotStart, progress.Failed) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")


if __name__ == "__main__":
    os.chdir(PROJECT_FOLDER)
    main()
