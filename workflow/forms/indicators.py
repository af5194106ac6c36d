"""One indicator in the unit's form: what it aims at, what was reached, what the unit scores itself."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluations.actions import RowChange
from evaluations.computed import latest_scores, points_of
from evaluations.models import (
    Comparator,
    Direction,
    Evaluation,
    Indicator,
    IndicatorKind,
    ScoreSource,
)
from workflow.forms.figures import figure, points, read_figure
from workflow.forms.money import YesOrNo
from workflow.forms.rows import RowForm, choice_field, initial_of, label, table, text_field
from workflow.presentation.figures import target_of

LEVELS = {
    "决策": pgettext_lazy("level 1", "Decision"),
    "过程": _("Process"),
    "成本": _("Cost"),
    "产出": _("Output"),
    "效益": _("Effect"),
    "满意度": _("Satisfaction"),
}
COLUMNS = (
    "level1",
    "level2",
    "name",
    "weight",
    "kind",
    "direction",
    "comparator",
    "target_value",
    "unit_of_measure",
    "target_text",
    "actual_value",
    "actual_text",
    "stated_completion_rate",
    "stated_met",
    "deviation_reason",
)
REACHED = ("actual_value", "actual_text", "score", "deviation_reason")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class IndicatorForm(RowForm):
    """A row of the indicator table."""

    name = text_field(Indicator, "name", required=True)
    level1 = forms.ChoiceField(
        label=label(Indicator, "level1"),
        choices=[("", "—"), *LEVELS.items()],
        required=False,
    )
    level1_local = forms.CharField(
        label=_("Own level 1 label"),
        max_length=50,
        required=False,
        help_text=_("Only where none of the six fits; it is kept as written."),
    )
    level2 = text_field(Indicator, "level2")
    weight = figure(Indicator, "weight", min_value=0, max_value=100)
    kind = choice_field(
        Indicator, "kind", IndicatorKind.choices, initial=IndicatorKind.QUANTITATIVE, required=True
    )
    direction = choice_field(Indicator, "direction", [("", "—"), *Direction.choices])
    comparator = choice_field(Indicator, "comparator", [("", "—"), *Comparator.choices])
    target_value = figure(Indicator, "target_value", signed=True, units=("%", "万元"))
    unit_of_measure = text_field(Indicator, "unit_of_measure")
    target_text = text_field(Indicator, "target_text", label=_("Target in words"))
    actual_value = figure(Indicator, "actual_value", signed=True, units=("%", "万元"))
    actual_text = text_field(Indicator, "actual_text", label=_("Actual in words"))
    score = points(label=_("Stated score"), required=False, min_value=0)
    stated_completion_rate = text_field(Indicator, "stated_completion_rate")
    stated_met = YesOrNo(label=label(Indicator, "stated_met"))
    deviation_reason = text_field(Indicator, "deviation_reason", rows=2)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        self.require_level(values)
        self.follow_the_target(values)
        self.require_score_within_weight(values)
        for side in ("target", "actual"):
            self.keep_words_in_step(values, side)
        return values

    def require_level(self, values: dict[str, Any]) -> None:
        """A level 1 of the list, or a label of one's own."""
        if not (values.get("level1_local") or values.get("level1")):
            self.add_error("level1", _("Choose a level 1, or write your own label."))

    def follow_the_target(self, values: dict[str, Any]) -> None:
        """≥95% typed as the target fills in comparator and unit where they are empty."""
        if values.get("target_value") is None:
            return
        typed = read_figure(str(self["target_value"].data or ""))
        if typed and typed.sign and not values.get("comparator"):
            values["comparator"] = typed.sign
        if typed and typed.unit and not values.get("unit_of_measure"):
            values["unit_of_measure"] = typed.unit

    def require_score_within_weight(self, values: dict[str, Any]) -> None:
        weight, score = values.get("weight"), values.get("score")
        if weight is not None and score is not None and score > weight:
            message = _("The score %(points)s is above the weight %(weight)s.")
            self.add_error("score", message % {"points": score, "weight": weight})

    def keep_words_in_step(self, values: dict[str, Any], side: str) -> None:
        """When only the figure was changed, change it in the words too: 28个 → 26个."""
        value, words = f"{side}_value", f"{side}_text"
        before, after = self.initial.get(value), values.get(value)
        if after is None or before is None or after == before or words in self.changed_data:
            return
        values[words] = with_figure(values.get(words, ""), before, after)

    def values(self) -> dict[str, Any]:
        own = super().values()
        local = own.pop("level1_local", "")
        own.pop("score", None)
        return {**own, "level1": local or own.get("level1", "")}

    @property
    def heading_words(self) -> str:
        """What the card says beside the name: level, target."""
        row = self.as_typed() if not self.is_bound or self.is_valid() else Indicator()
        return " · ".join(filter(None, [row.level1, row.level2, target_of(row)]))

    @property
    def out_of(self) -> str:
        """The weight behind the score's field."""
        weight = self["weight"].value()
        return f"/ {self.fields['weight'].widget.format_value(weight)}" if weight not in (None, "") else ""

    @property
    def shows_definition(self) -> bool:
        """A new row, or one with a fault in its definition, is open."""
        faulty = set(self.errors) - set(REACHED) if self.is_bound else set()
        return bool(faulty) or not self["id"].value()

    def as_typed(self) -> Indicator:
        """The indicator as it stands in the form, unsaved, for computing while people type."""
        values = self.values() if self.is_bound else stored_values(dict(self.initial))
        return Indicator(**{name: value for name, value in values.items() if value is not None})

    def change(self, position: int) -> RowChange:
        return RowChange(
            values={**self.values(), "position": position},
            pk=self.cleaned_data.get("id"),
            score=self.cleaned_data.get("score"),
        )


def stored_values(initial: dict[str, Any]) -> dict[str, Any]:
    """The columns of a stored row that the form shows."""
    values = {name: initial.get(name) for name in COLUMNS}
    return {**values, "level1": initial.get("level1_local") or values["level1"]}


IndicatorTable = table(IndicatorForm)


def with_figure(words: str, before: Decimal, after: Decimal) -> str:
    """The words with the figure ``before`` replaced by ``after``; unchanged when it is not in them."""
    for found in NUMBER.finditer(words):
        if Decimal(found[0].replace(",", "")) == before:
            return f"{words[: found.start()]}{after.normalize():f}{words[found.end() :]}"
    return words


def indicator_rows(evaluation: Evaluation) -> list[dict[str, Any]]:
    """The stored indicators with the scores that the unit stated last."""
    indicators = list(evaluation.indicators.prefetch_related("scores"))
    stated = latest_scores(indicators, ScoreSource.STATED)
    rows = initial_of(indicators, COLUMNS)
    for row in rows:
        row["score"] = points_of(stated[row["id"]])
        if row["level1"] not in LEVELS:
            row["level1"], row["level1_local"] = "", row["level1"]
    return rows
