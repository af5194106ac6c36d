"""What is typed in the exchange of views: an answer to each point, and what is made of each objection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from approvals.actions.exchange import Views
from approvals.models import DraftPoint, Stance, View

OWN_POINTS = 3
LONGEST = 4000
STANCES = [
    (Stance.AGREE.value, pgettext_lazy("view", "agree")),
    (Stance.OBJECT.value, pgettext_lazy("view", "object")),
]
ADOPTION = [("yes", gettext_lazy("adopted")), ("no", gettext_lazy("not adopted"))]


def words(label: str, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, widget=forms.Textarea({"rows": rows})
    )


def choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


class PointsForm(forms.Form):
    """A view of each point of the draft, and points of one's own."""

    def __init__(self, data: Any, *, points: Iterable[DraftPoint], typed: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(typed))
        self.points = list(points)
        for point in self.points:
            number = {"number": point.place}
            self.fields[f"stance-{point.pk}"] = choice(_("View of point %(number)s") % number, STANCES)
            self.fields[f"said-{point.pk}"] = words(
                _("What you see differently in point %(number)s") % number
            )
        for place in range(OWN_POINTS):
            self.fields[f"further-{place}"] = words(_("Own point %(number)s") % {"number": place + 1}, rows=2)

    @staticmethod
    def agreeing(data: Any, points: Iterable[DraftPoint]) -> Any:
        """What was posted, with agreement wherever nothing was chosen."""
        changed = data.copy()
        for point in points:
            if not changed.get(f"stance-{point.pk}"):
                changed[f"stance-{point.pk}"] = Stance.AGREE.value
        return changed

    def views(self) -> Views:
        """What was typed. Call it when the form is valid."""
        found = self.cleaned_data
        return Views(
            by_point={
                point.pk: (found[f"stance-{point.pk}"], self.said(point))
                for point in self.points
                if found[f"stance-{point.pk}"]
            },
            further=[found[f"further-{place}"] for place in range(OWN_POINTS)],
        )

    def said(self, point: DraftPoint) -> str:
        """The words to a point; beside an agreement they are a remark."""
        return str(self.cleaned_data[f"said-{point.pk}"])

    def rows(self) -> list[tuple[DraftPoint, forms.BoundField, forms.BoundField]]:
        return [(point, self[f"stance-{point.pk}"], self[f"said-{point.pk}"]) for point in self.points]

    def own_points(self) -> list[forms.BoundField]:
        return [self[f"further-{place}"] for place in range(OWN_POINTS)]


class ConsiderationsForm(forms.Form):
    """Whether each objection is adopted, and why."""

    def __init__(self, data: Any, *, views: Iterable[View], typed: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(typed))
        self.views = list(views)
        for number, view in enumerate(self.views, 1):
            values = {"number": number}
            label = _("Objection %(number)s") % values
            self.fields[f"adopted-{view.pk}"] = choice(label, ADOPTION)
            self.fields[f"reason-{view.pk}"] = words(_("Reason to objection %(number)s") % values, rows=2)

    def considered(self) -> dict[int, tuple[bool | None, str]]:
        """What was typed, by the view's id. Call it when the form is valid."""
        said = {"yes": True, "no": False}
        found = self.cleaned_data
        return {
            view.pk: (said.get(found[f"adopted-{view.pk}"]), found[f"reason-{view.pk}"])
            for view in self.views
        }

    def fields_of(self, view: View) -> tuple[forms.BoundField, forms.BoundField]:
        return self[f"adopted-{view.pk}"], self[f"reason-{view.pk}"]
