from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from workflow.integrity import faults


class Command(BaseCommand):
    help = "Check that stages, tasks, decisions, scores, roles and audit agree (exit 1: a line per fault)."

    def handle(self, *args: Any, **options: Any) -> None:
        found = faults()
        for line in found:
            self.stdout.write(line)
        if found:
            sys.exit(1)
        self.stdout.write("0 faults")
