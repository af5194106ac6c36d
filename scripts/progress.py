"""Run an installer and show that it is working: one line, rewritten in a terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import deque

LINES_SHOWN_ON_FAILURE = 20


class Failed(Exception):
    """An installer failed; the message holds its last lines."""


def run(what: str, command: list[str]) -> None:
    """Run ``command`` with one line of progress; raises :class:`Failed` with its last lines."""
    print(f"{what} …", flush=True)
    started = time.monotonic()
    last: deque[str] = deque(maxlen=LINES_SHOWN_ON_FAILURE)
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
    except OSError as error:
        raise Failed(f"{what}: {command[0]} cannot be run ({error.strerror}).") from error
    assert process.stdout is not None
    for line in process.stdout:
        last.append(line.rstrip())
        show(last[-1])
    show("")
    if process.wait():
        raise Failed("\n".join([*last, f"{what} failed: see the lines above."]))
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)


def show(line: str) -> None:
    """Rewrite the last line of a terminal; in a log there is none to rewrite."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 4
        print(f"\r\033[K  {line[:width]}" if line else "\r\033[K", end="", flush=True)
