"""The programs and libraries of the system that Jiheng needs, and how Debian calls them."""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.preconditions import CannotStart
from scripts import progress

VIRTUAL_ENVIRONMENT = Path(__file__).resolve().parent.parent / ".venv"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@dataclass(frozen=True)
class Need:
    """Something that the system must have."""

    package: str
    is_there: Callable[[], bool]
    purpose: str
    only_for_tests: bool = False


def has_program(*names: str) -> bool:
    """Whether one of the programs is on the path."""
    return any(map(shutil.which, names))


def has_library(name: str) -> bool:
    """Whether the loader finds the library, by its name on Linux or by the system's own."""
    with suppress(OSError):
        ctypes.CDLL(f"lib{name}.so.0")
        return True
    return ctypes.util.find_library(name) is not None


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for Chinese, or a folder of fonts holds a CJK one."""
    if has_program("fc-list"):
        return bool(
            subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip()
        )
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(font for folder in folders for font in folder.rglob("*CJK*.[ot]t[cf]"))


def can_make_virtual_environment() -> bool:
    """Whether .venv is there or Python can make it: Debian ships that part separately."""
    return (VIRTUAL_ENVIRONMENT / "bin" / "python").exists() or importlib.util.find_spec(
        "ensurepip"
    ) is not None


NEEDS = [
    Need("python3-venv", can_make_virtual_environment, "a Python environment of its own"),
    Need("gettext", lambda: has_program("msgfmt"), "the Chinese texts"),
    Need("libpango-1.0-0", lambda: has_library("pango-1.0"), "PDF reports"),
    Need("libpangoft2-1.0-0", lambda: has_library("pangoft2-1.0"), "PDF reports"),
    Need("libharfbuzz-subset0", lambda: has_library("harfbuzz-subset"), "small PDF files, quickly written"),
    Need("fonts-noto-cjk", has_chinese_font, "Chinese in PDF reports"),
    Need("nodejs", lambda: has_program("node"), "front-end packages"),
    Need("npm", lambda: has_program("npm"), "front-end packages"),
    Need("chromium", lambda: has_program("chromium", "chromium-browser", "google-chrome"), "browser tests",
         only_for_tests=True),
]  # fmt: skip


def install_missing(for_tests: bool) -> None:
    """Install through apt what is absent.

    Raises :class:`CannotStart` with what to ask for when that is not possible.
    """
    missing = [need for need in NEEDS if (for_tests or not need.only_for_tests) and not need.is_there()]
    if not missing:
        return
    packages = [need.package for need in missing]
    if not has_program("apt-get"):
        needs = ", ".join(f"{need.package} ({need.purpose})" for need in missing)
        raise CannotStart(f"Missing on this system, which has no apt: {needs}. Install them, then try again.")
    administrator = administrator_prefix(packages)
    apt = [*administrator, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    with suppress(progress.Failed):  # Old lists may do; if they do not, the installation says so.
        progress.run("Reading the lists of system packages", [*apt, "update"])
    progress.run(f"Installing system packages: {' '.join(packages)}",
                 [*apt, "install", "--no-install-recommends", *packages])  # fmt: skip
    absent = [need.package for need in missing if not need.is_there()]
    if absent:
        raise CannotStart(f"Installed, but still not found: {' '.join(absent)}.")


def administrator_prefix(packages: list[str]) -> list[str]:
    """What to put before apt: nothing for root, sudo for those who may; else :class:`CannotStart`."""
    if os.geteuid() == 0:
        return []
    if has_program("sudo"):
        # Asks for the password here, if there is a terminal to ask in.
        ask = ["sudo", "-v"] if sys.stdin.isatty() else ["sudo", "-n", "-v"]
        if subprocess.run(ask, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return ["sudo"]
    raise CannotStart(
        "System packages are missing, and only an administrator can install them. Ask for:\n"
        f"  apt-get install --no-install-recommends {' '.join(packages)}"
    )
