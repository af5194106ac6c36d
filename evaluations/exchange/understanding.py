"""What a reader understood of a file: a dossier, and a remark on everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaluations.dossier import Dossier

Weight = Literal["understood", "doubtful", "left"]


@dataclass(frozen=True)
class Remark:
    """One thing that a reader has to say about one place of a file.

    ``place`` is a cell ("Sheet1!C7") or a path ("indicators[2].target"); ``found`` the
    text there. ``weight``: "understood" tells how something unusual was read, "doubtful"
    asks to look at it, "left" says that it could not be placed and was left out.
    ``words`` is a message id whose placeholders ``values`` fills.
    """

    place: str
    weight: Weight
    words: str
    values: Mapping[str, str] = field(default_factory=dict)
    found: str = ""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The remark in the language that ``translate`` gives."""
        return translate(self.words) % self.values


@dataclass(frozen=True)
class Understanding:
    """A dossier read from a file, with remarks in the file's order."""

    dossier: Dossier
    remarks: tuple[Remark, ...] = ()
