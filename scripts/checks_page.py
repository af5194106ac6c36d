"""Write docs/checks.md, the reference of all checks, from the checks themselves."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

from evaluations.checks import CHECKS, Check

PAGE = Path(__file__).resolve().parent.parent / "docs" / "checks.md"
HEAD = """\
# The checks

Made by `python -m scripts.checks_page` from the docstrings in `evaluations/checks/`; a test holds
the two together. `manage.py check_dossier FILE` runs them over one dossier; in the product they run
in the form, when a dossier is handed in, and in review. How to add one: [how-to.md](how-to.md).

An error has to be put right or explained before a dossier can be handed in, a warning acknowledged;
a note asks for nothing.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *summary(), "", *(line for check in CHECKS for line in section(check))])


def summary() -> Iterator[str]:
    """A table of codes, with how grave each is and where it stands."""
    yield f"{len(CHECKS)} checks:"
    yield ""
    yield "| code | severity | file |"
    yield "|---|---|---|"
    for check in CHECKS:
        file = check.look.__module__.replace(".", "/") + ".py"
        yield f"| [{check.code}](#{check.code}) | {check.severity} | `{file}` |"


def section(check: Check) -> Iterator[str]:
    """One check with the rule that it stands on."""
    yield f"## {check.code}"
    yield ""
    yield inspect.cleandoc(check.look.__doc__ or "")
    yield ""


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
