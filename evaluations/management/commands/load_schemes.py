from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from evaluations.models import Scheme
from evaluations.scoring import SchemeParameters
from evaluations.scoring.shipped import FOLDER


class Command(BaseCommand):
    help = "Load the scoring schemes that come with the product (twice is once)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        added = 0
        for path in sorted(FOLDER.glob("*.json")):
            parameters = json.loads(path.read_text("utf-8"))
            checked = SchemeParameters.from_json(parameters)
            if not Scheme.objects.filter(code=checked.code, version=checked.version).exists():
                Scheme(
                    code=checked.code,
                    version=checked.version,
                    name=checked.name,
                    status=Scheme.Status.PUBLISHED,
                    parameters=parameters,
                ).save_as(None, "shipped")
                added += 1
        self.stdout.write(f"{added} schemes added")
