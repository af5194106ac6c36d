"""The parts of a scheme's form, each a section of the page."""

from __future__ import annotations

import itertools
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.scoring.figures import EXECUTION, SATISFACTION
from evaluations.scoring.parameters import DIMENSIONS
from workflow.forms.figures import points
from workflow.forms.rows import RowForm
from workflow.forms.rules import limited, share_field
from workflow.presentation.figures import plain
from workflow.presentation.schemes import DENOMINATORS, DIMENSION_LABELS, LEVEL_LABELS

LEVEL_FIELDS = {f"level_{place}": level for place, level in enumerate(LEVEL_LABELS)}
DIMENSION_FIELDS = {f"dimension_{place}": name for place, name in enumerate(DIMENSIONS)}
NO_RECEIVER = (EXECUTION, SATISFACTION)
GRADE_FIELDS = {"excellent": "优", "good": "良", "fair": "中", "poor": "差"}


class GeneralForm(forms.Form):
    """What the scheme is called and on what it stands."""

    name = forms.CharField(label=_("Name"), max_length=200)
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("The document on which it stands, with its number.")
    )


class LevelsForm(forms.Form):
    """Points by level; an empty field takes the level out."""

    without_satisfaction = forms.ChoiceField(
        label=_("Points of an absent satisfaction go to"),
        required=False,
        choices=[
            ("", _("nobody: they are left out of the total")),
            *((level, words) for level, words in LEVEL_LABELS.items() if level not in NO_RECEIVER),
        ],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, level in LEVEL_FIELDS.items():
            self.fields[name] = points(label=LEVEL_LABELS[level], required=False)
        self.order_fields([*LEVEL_FIELDS, "without_satisfaction"])


class ExecutionForm(forms.Form):
    """What the paid amount is divided by, and how the rate scores."""

    denominator = forms.ChoiceField(label=_("Paid amount divided by"), choices=list(DENOMINATORS.items()))
    by = forms.ChoiceField(
        label=_("Points for execution"),
        choices=[
            ("rate", _("weight × execution rate")),
            ("bands", _("full when completed within the budget, else by the bands below")),
        ],
    )


class OverAchievementForm(forms.Form):
    """From where a target counts as set too low, and what that costs."""

    threshold = share_field(label=_("Noted from, in percent of the target"), required=True)
    deduction = forms.ChoiceField(
        label=_("Deducted"),
        required=False,
        choices=[
            ("", _("nothing")),
            ("share", _("a share of the weight, in percent")),
            ("points", _("points")),
        ],
    )
    amount = limited(label=_("How much"), units=("%",))

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("deduction") and values.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Say how much is deducted."))
        return values


class TotalForm(forms.Form):
    """Where each grade and tier begins, and how exactly scores must agree."""

    tolerance = limited(label=_("Stated and computed score agree within (points)"), required=True)
    excellent = points(label=_("Grade 优 from"), required=False)
    good = points(label=_("Grade 良 from"), required=False)
    fair = points(label=_("Grade 中 from"), required=False)
    poor = points(label=_("Grade 差 from"), required=False)
    met = share_field(label=_("Words say met: from, in percent of the weight"), required=True)
    partly = share_field(label=_("Words say partly met: from, in percent of the weight"), required=True)

    def clean(self) -> dict[str, Any]:
        """Each grade and tier begins below the one before it; the first that does not is told so."""
        for names in (GRADE_FIELDS, ("met", "partly")):
            typed = [name for name in names if self.cleaned_data.get(name) is not None]
            for before, name in itertools.pairwise(typed):
                most = self.cleaned_data[before]
                if self.cleaned_data[name] >= most:
                    words = _("Must be less than the %(most)s of the one before it.")
                    self.add_error(name, words % {"most": plain(most)})
                    break
        return self.cleaned_data


class ChecksForm(forms.Form):
    """What the checks ask about."""

    low_execution = share_field(
        label=_("A reason is asked below an execution rate of, in percent"), required=True
    )
    budget_adjustment = share_field(
        label=_("A reason is asked when the budget changed by, in percent"), required=True
    )
    level2 = forms.CharField(
        label=_("Names of level 2 that the scheme fixes"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One level 1 to a line, as 成本: 经济成本, 社会成本, 生态环境成本."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [
            ("required", _("must have an indicator")),
            ("optional", _("noted when there is none")),
            ("", _("not asked for")),
        ]
        for name, dimension in DIMENSION_FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=DIMENSION_LABELS[dimension], choices=choices, required=False
            )
        self.order_fields(["low_execution", "budget_adjustment", *DIMENSION_FIELDS, "level2"])

    def limits(self) -> list[forms.BoundField]:
        """From where a reason is asked for."""
        return [self["low_execution"], self["budget_adjustment"]]

    def dimensions(self) -> list[forms.BoundField]:
        """Which dimensions a dossier must or should have."""
        return [self[name] for name in DIMENSION_FIELDS]


class ExecutionBandRow(RowForm):
    """A range of execution rates of projects that were not completed."""

    low = share_field(label=_("Rate from (%)"), required=True)
    high = share_field(label=_("to below (%)"), required=True)
    share = share_field(label=_("Share (%)"), required=True)


class CapRow(RowForm):
    """A range of execution rates that caps the total."""

    low = share_field(label=_("Rate from (%)"), required=True)
    high = share_field(label=_("to below (%)"), required=True)
    most = points(label=_("At most"))


class ThresholdRow(RowForm):
    """A satisfaction from which a share of the weight is given."""

    low = limited(label=_("From (%)"), units=("%",), required=True)
    share = share_field(label=_("Share (%)"), required=True)
