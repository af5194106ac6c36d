from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actions import add_organization, add_person, grant_role
from accounts.roles import Role
from audit_log.errors import JihengError


class Command(BaseCommand):
    help = "Set up a finance bureau with its chief, who then adds everybody else on the people page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the bureau's name")
        parser.add_argument("--code", required=True, help="the bureau's code")
        parser.add_argument("--chief", required=True, help="the chief's user name")
        parser.add_argument("--chief-name", required=True, help="the chief's name")
        parser.add_argument("--password", help="the first password (asked for when not given)")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or getpass.getpass("First password: ")
        try:
            bureau = add_organization(actor=None, kind="bureau", name=options["name"], code=options["code"])
            chief = add_person(
                actor=None, username=options["chief"], display_name=options["chief_name"], password=password
            )
            grant_role(actor=None, user=chief, organization=bureau, role=Role.FINANCE_CHIEF)
        except JihengError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{bureau}: {chief.username} may sign in and add people.")
