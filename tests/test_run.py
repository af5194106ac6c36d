"""``make run`` from outside: it starts, says where it is, and leaves nothing running behind."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from config.preconditions import PROJECT_FOLDER, VAR_FOLDER

NOT_COPIED = shutil.ignore_patterns(
    "var",
    ".venv",
    "node_modules",
    ".git",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
)
# What the shell of a user has; the tests' own settings do not belong there.
USER_ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
SUPERVISOR = [sys.executable, "-m", "config.supervisor"]
BOOTSTRAP = [sys.executable, "scripts/bootstrap.py", "run"]
# Only so that a hanging test ends: a busy machine may take long.
START_SECONDS = 300
STOP_SECONDS = 60


@pytest.fixture(scope="module")
def project() -> Iterator[Path]:
    """A copy of the project with data of its own, so that a running program is not in the way."""
    remove_abandoned_copies()
    copy = VAR_FOLDER / f"copy-{uuid.uuid4().hex[:8]}"
    with open(f"{copy}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copytree(PROJECT_FOLDER, copy, ignore=NOT_COPIED, symlinks=True)
        for installed in (".venv", "node_modules"):
            (copy / installed).symlink_to(PROJECT_FOLDER / installed)
        yield copy
        remove_copy(copy)


def remove_abandoned_copies() -> None:
    """Remove what a run of the tests that was killed has left behind."""
    for path in VAR_FOLDER.glob("copy-*.lock"):
        with open(path, "a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            remove_copy(path.with_suffix(""))


def remove_copy(copy: Path) -> None:
    kill_processes_in(copy)
    shutil.rmtree(copy, ignore_errors=True)
    copy.with_suffix(".lock").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Run:
    """A run of the program, and what it has printed."""

    def __init__(self, project: Path, command: list[str]) -> None:
        self.project = project
        self.log = project / "run.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                command, cwd=project, env=USER_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self) -> None:
        """Wait for the address to be printed."""
        started = time.monotonic()
        while "Jiheng is ready" not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() - started < START_SECONDS, self.output
            time.sleep(0.05)

    def ends(self) -> int:
        """Wait for the end; returns the exit code."""
        return self.process.wait(STOP_SECONDS)


@pytest.fixture
def start(project: Path, port: int) -> Iterator[Callable[..., Run]]:
    """Start the program in the copy; what is left of it is killed after the test."""
    runs = []

    def start_with(command: list[str]) -> Run:
        runs.append(Run(project, [*command]))
        return runs[-1]

    yield start_with
    for run in runs:
        run.process.kill()
        run.process.wait()
    kill_processes_in(project)


def kill_processes_in(folder: Path) -> None:
    for number in processes_in(folder):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def processes_in(folder: Path) -> dict[int, str]:
    """The processes that work in ``folder``: servers, workers and the database all do."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "cwd").readlink().is_relative_to(folder):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found[int(entry.name)] = command
        except OSError:
            continue
    return found


def wait_until_nothing_runs(folder: Path) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while processes_in(folder):
        assert time.monotonic() < deadline, processes_in(folder)
        time.sleep(0.05)


def part(folder: Path, words: str) -> int:
    """Process number of the oldest part whose command line contains ``words``."""
    return min(number for number, command in processes_in(folder).items() if words in command)


def refusal(project: Path, command: list[str]) -> str:
    """Run ``command``, which must refuse with one line; returns the line."""
    done = subprocess.run(
        command,
        cwd=project,
        env=USER_ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=STOP_SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr.strip()


def test_make_run_serves_refuses_a_second_instance_and_stops_on_sigterm(start, project, port):
    run = start(["make", "run", f"PORT={port}", f"PYTHON={sys.executable}"])
    run.wait_until_ready()
    address = f"http://127.0.0.1:{port}/"
    with urllib.request.urlopen(f"{address}login/") as page:
        assert page.status == 200
    for command in (BOOTSTRAP, SUPERVISOR):
        line = refusal(project, [*command, "--port", str(port)])
        assert re.fullmatch(
            rf"Jiheng already runs from this folder, {address} \(process \d+\): .*Ctrl-C.*", line
        )
    assert "already runs" in refusal(project, [sys.executable, "-m", "config.demo_reset"])
    run.process.terminate()
    run.ends()
    assert processes_in(project) == {}
    assert "Traceback" not in run.output


def test_a_second_start_repeats_no_work_and_ctrl_c_stops_it(start, project, port):
    run = start([*SUPERVISOR, "--port", str(port)])
    run.wait_until_ready()
    assert "Creating" not in run.output
    assert "Collecting" not in run.output
    os.killpg(run.process.pid, signal.SIGINT)
    assert run.ends() == 0
    assert processes_in(project) == {}
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("words", "name"),
    [("config.wsgi", "web server"), ("manage.py worker", "job worker"), ("postgres -D", "database server")],
)
def test_a_part_that_crashes_ends_the_run_with_a_clear_line(start, project, port, words, name):
    run = start([*SUPERVISOR, "--port", str(port)])
    run.wait_until_ready()
    os.kill(part(project, words), signal.SIGKILL)
    assert run.ends() == 1
    assert f"The {name} ended unexpectedly" in run.output
    wait_until_nothing_runs(project)


def test_a_killed_run_takes_its_parts_along_and_the_next_one_starts(start, project, port):
    killed = start([*SUPERVISOR, "--port", str(port)])
    killed.wait_until_ready()
    killed.process.kill()
    killed.ends()
    deadline = time.monotonic() + STOP_SECONDS
    while any("postgres" not in command for command in processes_in(project).values()):
        assert time.monotonic() < deadline, processes_in(project)
        time.sleep(0.05)
    run = start([*SUPERVISOR, "--port", str(port)])
    run.wait_until_ready()
    run.process.terminate()
    assert run.ends() == 0
    assert processes_in(project) == {}


def test_stopping_while_it_starts_leaves_nothing(start, project, port):
    run = start([*SUPERVISOR, "--port", str(port)])
    while "Loading" not in run.output:
        assert run.process.poll() is None, run.output
        time.sleep(0.02)
    run.process.terminate()
    assert run.ends() == 0
    assert processes_in(project) == {}


def test_demo_reset_starts_over(project):
    notes = project / "var" / "files" / "note.txt"
    notes.parent.mkdir(parents=True, exist_ok=True)
    notes.write_text("entered since")
    subprocess.run(
        [sys.executable, "-m", "config.demo_reset"],
        cwd=project,
        env=USER_ENVIRONMENT,
        check=True,
        timeout=START_SECONDS,
    )
    assert not notes.exists()
    assert processes_in(project) == {}


@pytest.mark.parametrize("command", [BOOTSTRAP, SUPERVISOR], ids=["bootstrap", "supervisor"])
def test_a_busy_port_gets_one_line_that_names_another(project, command):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        number = busy.getsockname()[1]
        line = refusal(project, [*command, "--port", str(number)])
    assert line.startswith(f"Port {number} is in use by another program: choose another, make run PORT=")


@pytest.mark.parametrize("words", ["80a", "0", "65536", "-1", "八千"])
@pytest.mark.parametrize("command", [BOOTSTRAP, SUPERVISOR], ids=["bootstrap", "supervisor"])
def test_a_port_that_is_none_gets_one_line(project, command, words):
    line = refusal(project, [*command, f"--port={words}"])
    assert line == f"PORT={words} is not a port: give a number from 1 to 65535."


@pytest.mark.parametrize("command", [BOOTSTRAP, SUPERVISOR], ids=["bootstrap", "supervisor"])
@pytest.mark.parametrize("folder", [".", "var"])
def test_a_folder_that_cannot_be_written_gets_one_line(project, command, folder):
    # Root may write anywhere, unless it gives that up.
    unprivileged = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    place = (project / folder).resolve()
    place.chmod(0o555)
    try:
        line = refusal(project, [*unprivileged, *command, "--port", "8000"])
    finally:
        place.chmod(0o755)
    assert line.startswith(f"Cannot write to {place}: ")
