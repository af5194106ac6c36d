"""Where a reviewer ticks what a return points at, with a remark beside each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from approvals.actions.pointing import LONGEST_REMARK, Pointer


@dataclass(frozen=True)
class Thing:
    """Something of the dossier that a return may point at, under the heading ``group``."""

    kind: str
    pk: int
    name: str
    group: str

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.pk}"


class PointingForm(forms.Form):
    """A tick and a remark for each thing; a remark alone points at its thing as well."""

    def __init__(self, *args: Any, things: Iterable[Thing] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.things = list(things)
        for thing in self.things:
            self.fields[f"point-{thing.key}"] = forms.BooleanField(label=thing.name, required=False)
            self.fields[f"remark-{thing.key}"] = forms.CharField(
                label=_("Remark on “%(name)s”") % {"name": thing.name},
                required=False,
                max_length=LONGEST_REMARK,
            )

    def pointers(self) -> list[Pointer]:
        """What is pointed at. Call it when the form is valid."""
        values = self.cleaned_data
        found = []
        for thing in self.things:
            remark = str(values[f"remark-{thing.key}"]).strip()
            if remark or values[f"point-{thing.key}"]:
                found.append(Pointer(thing.kind, thing.pk, remark))
        return found

    def groups_of_things(self) -> list[dict[str, Any]]:
        """The rows for _pointing.html, under their headings."""
        return [
            {"title": title, "rows": [self.row(thing) for thing in things]}
            for title, things in groupby(self.things, key=lambda thing: thing.group)
        ]

    def row(self, thing: Thing) -> dict[str, Any]:
        return {"tick": self[f"point-{thing.key}"], "remark": self[f"remark-{thing.key}"]}

    def points_at_something(self) -> bool:
        """Whether anything is ticked, typed or wrong: then the rows are open."""
        cells: list[Any] = []
        for thing in self.things:
            cells.extend(self.row(thing).values())
        return any(cell.value() or cell.errors for cell in cells)
