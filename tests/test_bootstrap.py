"""The bootstrap installs what is missing, leaves what is there, and says what only others can do."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import demonstration
from config.preconditions import CannotStart
from scripts import bootstrap, progress, system_packages
from scripts.system_packages import Need

# Each stands in for a program of the system, and notes how it was called.
SHIM = """#!/bin/sh
echo "$(basename "$0") $*" >> "{notes}"
{more}
"""


class System:
    """A system with only the programs that a test gives it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = folder / "notes"
        self.programs = folder / "programs"
        self.programs.mkdir()

    def has(self, name: str, more: str = "") -> None:
        program = self.programs / name
        program.write_text(SHIM.format(notes=self.notes, more=more))
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []


@pytest.fixture
def system(tmp_path, monkeypatch) -> System:
    """A system where one package is missing, and an ordinary user at work."""
    system = System(tmp_path)
    for name in ("sh", "basename", "env", "touch"):
        real = next(Path(place) / name for place in ("/bin", "/usr/bin") if (Path(place) / name).exists())
        (system.programs / name).symlink_to(real)
    installed = tmp_path / "installed"
    monkeypatch.setenv("PATH", str(system.programs))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    needs = [
        Need("gettext", installed.exists, "the Chinese texts"),
        Need("make", lambda: True, "all of it"),
        Need("chromium", installed.exists, "browser tests", only_for_tests=True),
    ]
    monkeypatch.setattr(system_packages, "NEEDS", needs)
    return system


def install_when_asked(system: System) -> str:
    """An apt-get that really installs."""
    return f'case "$*" in *install*) touch "{system.folder}/installed";; esac'


def test_without_apt_it_says_what_is_missing_and_what_for(system):
    with pytest.raises(CannotStart) as refusal:
        system_packages.install_missing(for_tests=True)
    assert "no apt: gettext (the Chinese texts), chromium (browser tests)" in str(refusal.value)
    assert system.calls == []


def test_without_an_administrators_rights_it_names_the_line_to_ask_for(system):
    system.has("apt-get")
    with pytest.raises(CannotStart) as refusal:
        system_packages.install_missing(for_tests=False)
    assert str(refusal.value).endswith("\n  apt-get install --no-install-recommends gettext")
    assert system.calls == []


def test_a_user_whom_sudo_refuses_gets_the_same_line(system):
    system.has("apt-get")
    system.has("sudo", "exit 1")
    with pytest.raises(CannotStart, match="only an administrator"):
        system_packages.install_missing(for_tests=False)


def test_with_sudo_only_what_is_missing_is_installed(system, capsys):
    system.has("apt-get", install_when_asked(system))
    system.has("sudo", '[ "$1" = env ] && exec "$@"; exit 0')
    system_packages.install_missing(for_tests=True)
    assert system.calls[-1] == "apt-get -q -y install --no-install-recommends gettext chromium"
    assert "Installing system packages: gettext chromium" in capsys.readouterr().out


def test_root_needs_no_sudo_and_old_package_lists_do_when_there_is_no_network(system, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    system.has("apt-get", f'case "$*" in *update*) exit 100;; esac; {install_when_asked(system)}')
    system_packages.install_missing(for_tests=False)
    assert system.calls == ["apt-get -q -y update", "apt-get -q -y install --no-install-recommends gettext"]


def test_an_installation_that_fails_shows_its_last_words(system, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    system.has("apt-get", 'echo "E: Unable to locate package gettext"; exit 100')
    with pytest.raises(
        progress.Failed, match=r"E: Unable to locate package gettext\n.*failed: see the lines above"
    ):
        system_packages.install_missing(for_tests=False)


def test_what_is_there_is_not_installed_again(system):
    (system.folder / "installed").touch()
    system.has("apt-get")
    system_packages.install_missing(for_tests=True)
    assert system.calls == []


def test_this_machine_has_all_that_the_tests_stand_on():
    missing = [need.package for need in system_packages.NEEDS if not need.is_there()]
    assert missing == []


@pytest.fixture
def stamp(tmp_path, monkeypatch) -> bootstrap.Stamp:
    """The stamp of a folder whose lock files are the test's own."""
    monkeypatch.setattr(bootstrap, "PROJECT_FOLDER", tmp_path)
    (tmp_path / "run.lock").write_text("django==5.2")
    (tmp_path / "test.lock").write_text("django==5.2 pytest==9")
    return bootstrap.Stamp(tmp_path, run="run.lock", test="test.lock")


def test_a_folder_without_a_stamp_is_installed(stamp):
    assert not stamp.fits("run")
    assert stamp.installed_for("run") == "run"


def test_an_installed_folder_is_left_alone_until_its_lock_changes(stamp, tmp_path):
    stamp.write("run")
    assert stamp.fits("run")
    (tmp_path / "run.lock").write_text("django==5.2.1")
    assert not stamp.fits("run")


def test_what_was_installed_for_running_does_not_do_for_tests(stamp):
    stamp.write("run")
    assert not stamp.fits("test")


def test_running_leaves_the_tests_packages_in_place(stamp, tmp_path):
    stamp.write("test")
    assert stamp.fits("run")
    (tmp_path / "test.lock").write_text("django==5.2.1 pytest==9")
    assert not stamp.fits("run")
    assert stamp.installed_for("run") == "test"


def test_an_old_python_is_told_which_one_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "run"])
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(SystemExit, match="is needed: name one, make run PYTHON="):
        bootstrap.main()


def test_a_changed_catalogue_is_compiled_and_an_unchanged_one_is_not(tmp_path, monkeypatch):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Score"\nmsgstr "得分"\n'
    )
    monkeypatch.setattr(bootstrap, "LOCALE_FOLDER", tmp_path)
    monkeypatch.setattr(bootstrap, "PROJECT_FOLDER", tmp_path)
    bootstrap.compile_translations()
    compiled = folder / "django.mo"
    assert "得分".encode() in compiled.read_bytes()
    made = compiled.stat().st_mtime_ns
    bootstrap.compile_translations()
    assert compiled.stat().st_mtime_ns == made


@pytest.mark.parametrize(
    "name", ["requirements-uv.lock", "requirements.lock", "requirements-dev.lock", "package-lock.json"]
)
def test_lock_files_name_no_registry(name):
    text = (bootstrap.PROJECT_FOLDER / name).read_text()
    assert "--index-url" not in text
    assert "://files." not in text
    assert '"resolved"' not in text
    assert "registry" not in text


def test_every_locked_python_package_has_its_hashes():
    for name in ("requirements-uv.lock", "requirements.lock", "requirements-dev.lock"):
        blocks = (bootstrap.PROJECT_FOLDER / name).read_text().replace("\\\n", " ").splitlines()
        packages = [line for line in blocks if line and not line.lstrip().startswith("#")]
        assert packages
        assert [line.split()[0] for line in packages if "--hash=sha256:" not in line] == []


def test_the_local_secret_key_is_made_once_and_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(demonstration, "SECRET_KEY_FILE", tmp_path / "secret_key")
    demonstration.create_secret_key()
    key = demonstration.SECRET_KEY_FILE.read_text()
    demonstration.create_secret_key()
    assert demonstration.SECRET_KEY_FILE.read_text() == key
    assert len(key) >= 50
    assert stat.S_IMODE(demonstration.SECRET_KEY_FILE.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["SECRET_KEY", "DEBUG", "TESTING"])
def test_a_configured_environment_is_not_turned_into_a_demonstration(tmp_path, monkeypatch, name):
    monkeypatch.setattr(demonstration, "SECRET_KEY_FILE", tmp_path / "secret_key")
    for each in ("SECRET_KEY", "DEBUG", "TESTING", "DEMO_MODE"):
        monkeypatch.delenv(each, raising=False)
    demonstration.create_secret_key()
    monkeypatch.setenv(name, "0")
    demonstration.adopt_if_present()
    assert "DEMO_MODE" not in os.environ


def test_commands_by_hand_speak_of_the_demonstration_that_was_started_here(tmp_path, monkeypatch):
    monkeypatch.setattr(demonstration, "SECRET_KEY_FILE", tmp_path / "secret_key")
    for each in ("SECRET_KEY", "DEBUG", "TESTING", "DEMO_MODE", "ALLOWED_HOSTS"):
        monkeypatch.delenv(each, raising=False)
    demonstration.create_secret_key()
    monkeypatch.setattr(os, "environ", environment := dict(os.environ))
    demonstration.adopt_if_present()
    assert environment["DEMO_MODE"] == "1"
    assert environment["DEBUG"] == "0"
    assert environment["ALLOWED_HOSTS"] == demonstration.LOCAL_HOSTS


def test_the_served_vendor_files_are_those_listed_and_point_to_nothing_missing(tmp_path):
    environment = {
        **os.environ, "TESTING": "0", "DEBUG": "0", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "localhost",
        "PYTHONPATH": str(bootstrap.PROJECT_FOLDER), "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    collect = (
        "import sys; from django.conf import settings; settings.STATIC_ROOT = sys.argv[1];"
        "import django; django.setup(); from django.core.management import call_command;"
        "call_command('collectstatic', interactive=False, verbosity=0)"
    )
    subprocess.run([sys.executable, "-c", collect, str(tmp_path)], env=environment, check=True)
    plain = {path.name for path in (tmp_path / "vendor").iterdir() if path.name.count(".") == 2}
    assert plain == {"tabler.min.css", "htmx.min.js"}
    assert b"sourceMappingURL" not in (tmp_path / "vendor" / "tabler.min.css").read_bytes()
