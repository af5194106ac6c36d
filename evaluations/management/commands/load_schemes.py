from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from audit_log import clock
from evaluations import frameworks, library
from evaluations.frameworks.content import FrameworkContent
from evaluations.models import Framework, LibraryIndicator, Scheme
from evaluations.models.versions import Versioned
from evaluations.scoring import SchemeParameters
from evaluations.scoring.shipped import FOLDER


class Command(BaseCommand):
    help = "Load the schemes, frameworks and indicators that come with the product (twice is once)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        schemes = sum(publish(Scheme, "parameters", SchemeParameters, document) for document in read(FOLDER))
        lists = sum(
            publish(Framework, "content", FrameworkContent, document) for document in read(frameworks.FOLDER)
        )
        entries = sum(add_to_library(values) for values in library.shipped_indicators())
        self.stdout.write(f"{schemes} schemes added, {lists} frameworks, {entries} indicators of the library")


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The documents of a folder, by file name."""
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text("utf-8"))


def publish(model: type[Versioned], field: str, reader: Any, document: dict[str, Any]) -> bool:
    """Add one shipped version as published, unless it is there."""
    checked = reader.from_json(document)
    key = {"code": checked.code, "version": checked.version}
    if model._default_manager.filter(**key).exists():
        return False
    row = model(**key, name=checked.name, status=model.Status.PUBLISHED, published_at=clock.now())
    setattr(row, field, document)
    row.save_as(None, "shipped")
    return True


def add_to_library(values: dict[str, Any]) -> bool:
    """Add one shipped indicator, unless its sector has it."""
    key = {name: values[name] for name in ("sector", "level1", "name")}
    if LibraryIndicator.objects.filter(bureau=None, **key).exists():
        return False
    LibraryIndicator(**values).save_as(None, "shipped")
    return True
