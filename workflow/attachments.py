"""Files that come in together with a verb: they stay only when the verb goes through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from evaluations.actions import attach_evidence
from evaluations.models import Evaluation, Evidence, Indicator


@dataclass(frozen=True)
class NewFile:
    """A file as it was posted, and what it backs."""

    file: Any
    name: str
    indicator: Indicator | None = None
    description: str = ""


@contextmanager
def removed_when_refused() -> Iterator[list[Evidence]]:
    """Take the stored files off the disk again when the transaction around them is rolled back."""
    stored: list[Evidence] = []
    try:
        yield stored
    except BaseException:
        for evidence in stored:
            evidence.file.storage.delete(str(evidence.file.name))
        raise


def attach_all(
    evaluation: Evaluation,
    on_behalf_of: int | None,
    actor: User,
    files: Sequence[NewFile],
    stored: list[Evidence],
) -> None:
    """Attach each file; ``stored`` learns of it at once. Raises InvalidInput."""
    for new in files:
        stored.append(
            attach_evidence(
                evaluation=evaluation,
                actor=actor,
                file=new.file,
                name=new.name,
                indicator=new.indicator,
                description=new.description,
                on_behalf_of=on_behalf_of,
            )
        )
