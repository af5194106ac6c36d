"""The settings: what a production server must name, and what it gets when it names no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT_FOLDER = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "wJ7-pZ4q_8sKxT2mVb9LrNc5HdYgFe3AoUiQz6RtXk1BvMnPsDyW0lGhCj",
    "ALLOWED_HOSTS": "jixiao.example",
    "DATABASE_URL": "postgres://jiheng:password@database.example/jiheng",
}
SHOWN = "DEBUG DEMO_MODE SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SILENCED_SYSTEM_CHECKS"
SHOW = f"""
import json, django
django.setup()
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {SHOWN.split()!r}}}))
"""
# The same checks as `check --deploy`, with nothing silenced.
CHECK_EVERYTHING = """
import json, django
django.setup()
from django.conf import settings
from django.core.checks import run_checks
settings.SILENCED_SYSTEM_CHECKS = []
print(json.dumps(sorted(found.id for found in run_checks(include_deployment_checks=True))))
"""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project with this environment and nothing else of ours."""
    surroundings = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(PROJECT_FOLDER),
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT_FOLDER,
        env={**surroundings, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def settings_with(**environment: str) -> dict[str, object]:
    """The settings that a process with this environment sees."""
    done = run("-c", SHOW, **environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("missing", PRODUCTION)
def test_a_production_server_that_names_too_little_does_not_start(missing):
    done = run("-c", SHOW, **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert done.returncode != 0
    assert f"ImproperlyConfigured: Set {missing} in the environment" in done.stderr


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", "mysql://user:password@host/name"])
def test_a_database_that_is_not_postgresql_is_refused(url):
    done = run("-c", SHOW, **{**PRODUCTION, "DATABASE_URL": url})
    assert done.returncode != 0
    assert "DATABASE_URL must name a PostgreSQL database" in done.stderr


def test_production_settings_are_safe_when_nothing_else_is_said():
    assert settings_with(**PRODUCTION) == {
        "DEBUG": False,
        "DEMO_MODE": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SILENCED_SYSTEM_CHECKS": ["security.W005", "security.W021"],
    }


@pytest.mark.parametrize(
    ("asked", "demonstration"), [({"DEMO_MODE": "1"}, True), ({"DEBUG": "1"}, True), ({"DEBUG": "0"}, False)]
)
def test_the_demonstration_is_on_only_in_debugging_or_when_asked_for_by_name(asked, demonstration):
    assert settings_with(**PRODUCTION, **asked)["DEMO_MODE"] is demonstration


def test_the_deployment_check_is_clean():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "System check identified no issues (2 silenced)." in done.stdout


def test_the_deployment_check_silences_two_hints_and_no_more():
    done = run("-c", CHECK_EVERYTHING, **PRODUCTION)
    assert json.loads(done.stdout) == ["security.W005", "security.W021"]


def test_the_deployment_check_finds_a_weak_secret():
    weak = {**PRODUCTION, "SECRET_KEY": "short"}
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **weak)
    assert done.returncode == 1
    assert "security.W009" in done.stderr


def test_a_command_that_needs_no_database_runs_without_one():
    """The address of a server that does not exist is never called."""
    done = run("manage.py", "check", **PRODUCTION)
    assert done.returncode == 0, done.stderr
