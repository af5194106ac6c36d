"""What every test stands on: its own database, its own files, and an integrity check afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import django
import hypothesis
import pytest

from config import embedded_database

if TYPE_CHECKING:
    from tests.databases import RunDatabases

pytest_plugins = ["tests.browser", "tests.cast"]

# The workers of a run inherit the environment that its first process has set.
EMBEDDED_URL = embedded_database.TEST_SERVER.url("postgres")
EMBEDDED = os.environ.get("DATABASE_URL", EMBEDDED_URL) == EMBEDDED_URL
FILES_FOLDER = tempfile.mkdtemp(prefix="jiheng-test-files-")
PASSED = pytest.StashKey[bool]()

# Before Django reads its settings; what the shell says about a demonstration or a
# production server does not reach the tests.
for name in ("DEBUG", "DEMO_MODE", "SECRET_KEY", "ALLOWED_HOSTS", "HTTPS"):
    os.environ.pop(name, None)
os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", TESTING="1", FILES_FOLDER=FILES_FOLDER)
if EMBEDDED:
    os.environ["DATABASE_URL"] = EMBEDDED_URL
django.setup()


# A busy machine is no fault of the code: how long an example takes decides nothing here.
# The same examples every time, so that a run says something of the code and nothing of luck;
# EXPLORE=1 looks for new ones.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=not os.environ.get("EXPLORE"),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")


def pytest_unconfigure() -> None:
    """Remove the files that this process's tests have stored."""
    shutil.rmtree(FILES_FOLDER, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether the test itself passed, for the checks after it."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture(scope="session")
def run_databases(testrun_uid: str, worker_id: str) -> Iterator[RunDatabases]:
    """This process's database, a clone of the run's template, on the tests' server."""
    from tests.databases import RunDatabases

    if EMBEDDED:
        embedded_database.TEST_SERVER.ensure_running("postgres")
    databases = RunDatabases(testrun_uid[:12], worker_id)
    databases.prepare()
    yield databases
    databases.leave()
    if EMBEDDED:
        embedded_database.TEST_SERVER.leave()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker, request) -> Iterator[None]:
    """Replace pytest-django's own database: cloned, not migrated again by every worker.

    A test with real transactions ends with a fresh clone instead of a flush: the
    append-only tables refuse to be truncated, a flush would leave the job queue's
    tables full, and would take the permissions and the shipped schemes with it.
    """
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        databases = request.getfixturevalue("run_databases")
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda test_case: databases.restore()
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def language_of_the_installation() -> None:
    """Start every test in the installation's language, not in that of the last page another test opened."""
    from django.utils import translation

    translation.deactivate()


DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def uses_database(request: pytest.FixtureRequest) -> bool:
    """Whether the test asks for the database, by a mark or by a fixture."""
    return bool(request.node.get_closest_marker("django_db") or DATABASE_FIXTURES & set(request.fixturenames))


@pytest.fixture(autouse=True)
def calendar_of_the_database(request: pytest.FixtureRequest) -> None:
    """Start each test with the calendar as loaded: no other test's days, and no statement to count for it."""
    if uses_database(request):
        request.getfixturevalue("_django_db_helper")
        from evaluations.calendar import in_force

        in_force.forget()
        in_force.calendar_in_force()


@pytest.fixture(autouse=True)
def integrity_after_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves stage, tasks, decisions and audit in disagreement."""
    if not uses_database(request) or request.node.get_closest_marker("corrupts"):
        yield
        return
    # Asked for first, so that it is torn down after the check.
    request.getfixturevalue("_django_db_helper")
    yield
    if request.node.stash.get(PASSED, False):
        from workflow import integrity

        faults = list(integrity.faults())
        assert not faults, "\n".join(["The test left the records at odds:", *faults])
