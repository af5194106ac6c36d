from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit_log import clock
from evaluations import frameworks, library
from evaluations.actions.calendar import load_shipped_notice
from evaluations.calendar.shipped import shipped_notices
from evaluations.document_changes import changes_between
from evaluations.frameworks.content import FrameworkContent
from evaluations.models import Evaluation, Framework, LibraryIndicator, ReviewPolicy, Scheme
from evaluations.models.versions import Versioned
from evaluations.policies.document import PolicyContent
from evaluations.policies.shipped import DEFAULT
from evaluations.policies.shipped import FOLDER as POLICIES
from evaluations.scoring import SchemeParameters
from evaluations.scoring.shipped import FOLDER

MOST_TOLD = 5


class Command(BaseCommand):
    help = (
        "Load the schemes, frameworks, review policies, indicators and holiday notices "
        "that come with the product (twice is once)."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        schemes = sum(publish(Scheme, "parameters", SchemeParameters, document) for document in read(FOLDER))
        lists = sum(
            publish(Framework, "content", FrameworkContent, document) for document in read(frameworks.FOLDER)
        )
        policies = sum(
            publish(ReviewPolicy, "content", PolicyContent, document) for document in read(POLICIES)
        )
        keep_first_procedure()
        entries = sum(add_to_library(values) for values in library.shipped_indicators())
        years = sum(load_shipped_notice(notice) for notice in shipped_notices())
        self.stdout.write(
            f"{schemes} schemes added, {lists} frameworks, {policies} review policies, "
            f"{entries} indicators of the library, {years} holiday notices"
        )


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The documents of a folder, by file name."""
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text("utf-8"))


def publish(model: type[Versioned], field: str, reader: Any, document: dict[str, Any]) -> bool:
    """Add one shipped version as published, unless it is there.

    Raises CommandError when something else is there under its code and version.
    """
    checked = reader.from_json(document)
    key = {"code": checked.code, "version": checked.version}
    if there := model._default_manager.filter(**key).first():
        require_same(there, checked.to_json())
        return False
    row = model(**key, name=checked.name, status=model.Status.PUBLISHED, published_at=clock.now())
    setattr(row, field, document)
    row.save_as(None, "shipped")
    return True


def keep_first_procedure() -> None:
    """Evaluations from before there were policies keep the first version of the product's own."""
    for evaluation in Evaluation.objects.filter(policy=None).order_by("pk"):
        evaluation.policy = ReviewPolicy.objects.get(code=DEFAULT[evaluation.kind], version=1)
        evaluation.save_as(None, "review policy")


def require_same(there: Versioned, shipped: dict[str, Any]) -> None:
    """Raises CommandError unless the stored version is the shipped one.

    Whoever picks the code expects what it says on the label; and a version that was
    published never changes, so other content needs another version.
    """
    label = f"{type(there).__name__} {there.code} v{there.version}"
    if there.bureau is not None:
        raise CommandError(
            f"{label} came with the product, but {there.bureau} has one of its own by this code and version."
            " Nothing was loaded. The product's has to be given another code."
        )
    differing = [change["path"] for change in changes_between(there.read(there.document).to_json(), shipped)]
    if differing:
        raise CommandError(
            f"{label} was loaded before with other content ({', '.join(differing[:MOST_TOLD])})."
            " Nothing was loaded. What was published never changes: the new content needs a new version."
        )


def add_to_library(values: dict[str, Any]) -> bool:
    """Add one shipped indicator, unless its sector has it."""
    key = {name: values[name] for name in ("sector", "level1", "name")}
    if LibraryIndicator.objects.filter(bureau=None, **key).exists():
        return False
    LibraryIndicator(**values).save_as(None, "shipped")
    return True
