from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.demonstration import demo_accounts


class Command(BaseCommand):
    help = "Print the demonstration's accounts and their password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("There are no demonstration accounts: DEMO_MODE is off.")
        rows = [{**row, "password": settings.DEMO_PASSWORD} for row in demo_accounts()]
        if options["format"] == "json":
            ordered = [
                {key: row[key] for key in ("username", "password", "role", "organization")} for row in rows
            ]
            self.stdout.write(json.dumps(ordered, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"Password of all: {settings.DEMO_PASSWORD}")
        for row in rows:
            self.stdout.write(f"  {row['username']:<32} {row['role']} · {row['organization']}")
