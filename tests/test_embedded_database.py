"""The embedded PostgreSQL: started once for all who use it, stopped by the last, unmoved by killed ones."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import manage
from config import database_programs, embedded_database
from config.embedded_database import TEST_SETTINGS, EmbeddedServer

PROJECT_FOLDER = Path(manage.__file__).parent
USE_SERVER = """
import sys, time
from pathlib import Path
from config.embedded_database import TEST_SETTINGS, EmbeddedServer
EmbeddedServer(Path(sys.argv[1]), TEST_SETTINGS).ensure_running()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def data_folder() -> Iterator[Path]:
    """A data folder in the project, as a server started by root must reach it; with a blank in its path."""
    # A blank and a letter beyond ASCII: a project may lie anywhere.
    folder = embedded_database.VAR_FOLDER / f"绩效 {uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    yield folder / "postgres"
    shutil.rmtree(folder)


@pytest.fixture
def server(data_folder: Path) -> Iterator[Callable[[], EmbeddedServer]]:
    """Make users of the server on ``data_folder``; all leave after the test."""
    users: list[EmbeddedServer] = []

    def user() -> EmbeddedServer:
        users.append(EmbeddedServer(data_folder, TEST_SETTINGS))
        return users[-1]

    yield user
    for each in users:
        each.leave()


def is_running(folder: Path) -> bool:
    return database_programs.server_process(folder) is not None


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_the_last_user_to_leave_stops_the_server(server, data_folder):
    first, second = server(), server()
    assert first.ensure_running() == second.ensure_running()
    first.leave()
    assert is_running(data_folder)
    second.leave()
    assert not is_running(data_folder)


def test_data_survive_a_restart(server):
    user = server()
    with psycopg.connect(user.ensure_running(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (words text)")
        connection.execute("INSERT INTO kept VALUES ('整改')")
    user.leave()
    with psycopg.connect(user.ensure_running()) as connection:
        assert connection.execute("SELECT words FROM kept").fetchone() == ("整改",)


def test_a_killed_server_is_started_again(server, data_folder):
    user = server()
    url = user.ensure_running()
    killed = database_programs.server_process(data_folder)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not is_running(data_folder))
    assert (data_folder / "postmaster.pid").exists()
    user.ensure_running()
    assert database_programs.server_process(data_folder) != killed
    psycopg.connect(url).close()


def test_a_process_number_given_to_another_program_is_not_trusted(server, data_folder):
    user = server()
    url = user.ensure_running()
    user.leave()
    record = f"{os.getpid()}\n{data_folder}\n1700000000\n5432\n{user.socket_folder}\n\n  1 1\nready\n"
    (data_folder / "postmaster.pid").write_text(record)
    (user.socket_folder / f"{database_programs.SOCKET_NAME}.lock").write_text(record)
    user.ensure_running()
    psycopg.connect(url).close()


def test_a_killed_user_does_not_keep_the_server_running(server, data_folder):
    other = subprocess.Popen(
        [sys.executable, "-c", USE_SERVER, str(data_folder)],
        cwd=PROJECT_FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout.readline() == b"ready\n"
    user = server()
    user.ensure_running()
    other.kill()
    other.communicate()
    assert is_running(data_folder)
    user.leave()
    assert not is_running(data_folder)


def test_users_that_start_at_once_share_one_server(server, data_folder):
    others = [
        subprocess.Popen(
            [sys.executable, "-c", USE_SERVER, str(data_folder)],
            cwd=PROJECT_FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    results = [other.communicate() for other in others]
    assert results == [(b"ready\n", b"")] * 4
    assert not is_running(data_folder)


def test_a_fork_that_ends_does_not_stop_its_parents_server(server, data_folder):
    user = server()
    user.ensure_running()
    child = os.fork()
    if child == 0:
        user.leave()
        os._exit(0)
    os.waitpid(child, 0)
    assert is_running(data_folder)


def test_an_interrupted_first_start_leaves_nothing_in_the_way(data_folder):
    folder = data_folder.with_name("interrupted")
    half_made = folder.with_name("interrupted.new")
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18")
    user = EmbeddedServer(folder, TEST_SETTINGS)
    psycopg.connect(user.ensure_running()).close()
    user.leave()


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(data_folder):
    folder = (
        data_folder.with_name("a-folder-with-a-name-as-long-as-projects-have-in-offices-" * 3) / "postgres"
    )
    user = EmbeddedServer(folder, TEST_SETTINGS)
    psycopg.connect(user.ensure_running()).close()
    sockets = user.socket_folder
    assert sockets != folder
    assert sockets.stat().st_mode & 0o077 == 0
    user.leave()
    sockets.rmdir()


def test_removed_data_are_gone(server, data_folder):
    user = server()
    user.ensure_running()
    user.leave()
    user.remove()
    assert not data_folder.exists()


def test_an_unwritable_place_is_named_in_one_sentence(tmp_path):
    occupied = tmp_path / "a-file-where-a-folder-should-be"
    occupied.write_text("")
    with pytest.raises(embedded_database.EmbeddedDatabaseError, match=r"^Cannot write to .*: .*\.$"):
        EmbeddedServer(occupied / "postgres").ensure_running()


def test_a_named_database_is_left_as_it_is(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("DEMO_MODE", "1")
    monkeypatch.setattr(embedded_database, "ensure_running", lambda: pytest.fail("started"))
    embedded_database.provide()
    assert os.environ["DATABASE_URL"] == "postgresql://somewhere/else"


@pytest.mark.parametrize("name", ["DEBUG", "DEMO_MODE", "TESTING"])
def test_the_embedded_database_is_named_where_nobody_depends_on_it(monkeypatch, name):
    for each in ("DEBUG", "DEMO_MODE", "TESTING", "DATABASE_URL"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, "1")
    monkeypatch.setattr(embedded_database, "ensure_running", lambda: "started")
    embedded_database.provide()
    assert os.environ["DATABASE_URL"] == "started"


def test_production_gets_no_embedded_database(monkeypatch):
    for each in ("DEBUG", "DEMO_MODE", "TESTING", "DATABASE_URL"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setattr(embedded_database, "ensure_running", lambda: pytest.fail("started"))
    embedded_database.provide()
    assert "DATABASE_URL" not in os.environ


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("migrate", True),
        ("check_integrity", True),
        ("check", False),
        ("check --deploy", False),
        ("check --database default", True),
        ("migrate --help", False),
        ("--version", False),
        ("compilemessages", False),
        ("", False),
    ],
)
def test_only_commands_that_need_the_database_start_it(words, needed):
    assert manage.needs_database(["manage.py", *words.split()]) is needed
