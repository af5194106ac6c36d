from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext

from evaluations.dossier import DossierFaults
from evaluations.exchange.reading import read_any, read_file
from evaluations.exchange.understanding import Remark
from evaluations.exchange.verdict import Verdict, plain
from evaluations.strict_json import Fault, gettext_noop

NOT_A_DOSSIER = 2
DESCRIPTION = """\
Score and check one dossier without a database: dossier/1 (JSON in UTF-8), or the
official self-assessment form as an Excel workbook (.xlsx). What the file is, its
content says, not its name.

--format json prints one object:
  total           points with two places ("99.29"); null while a score is open
  grade           优, 良, 中 or 差; null without a total
  execution_rate  a percentage with at most two places ("96.64%"); null without amounts
  indicators      name, weight, stated, computed, explanation; points are texts or null
  findings        code, severity (error, warning, note), subject, message, stated, expected

Exit status: 0 the file was read, whatever was found in it; 2 it is not a dossier, with
one line per fault on the error output."""


class Command(BaseCommand):
    help = DESCRIPTION
    requires_system_checks: list[str] = []

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(*args, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the dossier")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
        parser.add_argument(
            "--language", choices=["zh-hans", "en"], default="zh-hans", help="of all texts; default: zh-hans"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        try:
            with translation.override(options["language"]):
                self.judge(options["file"], as_json=options["format"] == "json")
            self.stdout.flush()
        except BrokenPipeError:
            # Whoever read the answer has seen enough; what is left to flush goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def judge(self, path: Path, *, as_json: bool) -> None:
        """Read and judge the file; ends the program with status 2 when it is no dossier."""
        try:
            understanding = read_any(path.name, read_file(path))
        except DossierFaults as error:
            for fault in error.faults:
                self.stderr.write(plain(fault_line(str(path), fault)))
            sys.exit(NOT_A_DOSSIER)
        verdict = Verdict(understanding.dossier)
        self.tell_unknown_scheme(verdict)
        if as_json:
            self.tell_left(understanding.remarks)
            self.stdout.write(json.dumps(verdict.document(gettext), ensure_ascii=False, indent=2))
            return
        for line in verdict.lines(gettext, understanding.remarks):
            self.stdout.write(plain(line))

    def tell_unknown_scheme(self, verdict: Verdict) -> None:
        if verdict.unknown_scheme:
            words = gettext_noop("The scheme “%(named)s” is not known: scored by “%(used)s”.")
            values = {"named": verdict.unknown_scheme, "used": verdict.case.scheme.name}
            self.stderr.write(plain(gettext(words) % values))

    def tell_left(self, remarks: tuple[Remark, ...]) -> None:
        """What the JSON has no place for: what could not be placed, and what to look at."""
        for remark in remarks:
            if remark.weight != "understood":
                self.stderr.write(plain(f"{remark.place}: {remark.text(gettext)}"))


def fault_line(name: str, fault: Fault) -> str:
    """One fault with its file and its place in it."""
    return ": ".join(part for part in (name, fault.path, fault.text(gettext)) if part)
