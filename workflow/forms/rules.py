"""A rule as people type it: its kind, its ends, its thresholds one to a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evaluations.scoring.exact import printed
from workflow.forms.figures import FigureField, normalised
from workflow.forms.rows import RowForm
from workflow.presentation.rules import MEASURES, RULE_LABELS
from workflow.presentation.schemes import DIMENSION_LABELS

OFFERED = ("proportional", "linear", "bands", "deduction", "all_or_nothing", "tiers")
THRESHOLD = re.compile(
    r"(?P<sign>>=|<=)?(?P<bound>-?\d+(?:\.\d+)?)%?[:=](?P<amount>\d+(?:\.\d+)?)(?P<share>%?)"
)
HUNDRED = Decimal(100)


def limited(**options: Any) -> FigureField:
    """A figure that a document takes: no longer than it can be written there."""
    return FigureField(**{"max_digits": 18, "decimal_places": 6, "required": False, **options})


def share_field(**options: Any) -> FigureField:
    """A part of one, typed in percent."""
    return limited(**{"units": ("%",), **options})


def as_text(value: Decimal) -> str:
    """A figure as a document writes it."""
    return printed(value)


def as_share(value: Decimal | None) -> str | None:
    """What was typed in percent, as a part of one."""
    return None if value is None else printed(value / HUNDRED)


def in_percent(value: Any) -> Decimal | None:
    """A document's part of one as a form shows it."""
    return None if value is None else Decimal(str(value)) * HUNDRED


class RuleFields(forms.Form):
    """A kind of rule with all that any kind may need; what the kind does not use is left out."""

    type = forms.ChoiceField(
        label=_("Rule"), choices=[(name, RULE_LABELS[name]) for name in OFFERED], initial=OFFERED[0]
    )
    of = forms.ChoiceField(
        label=_("Measured by"), choices=list(MEASURES.items()), required=False, initial="actual"
    )
    zero_below = limited(label=_("Nothing below"), units=("%",))
    full_at = limited(label=_("Full from"), units=("%",))
    per_unit = limited(label=_("Points per unit"))
    bands = forms.CharField(
        label=_("Thresholds"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One to a line: points as ≤3: 5, or a share of the weight as ≥90: 100%"),
    )

    def clean_bands(self) -> list[dict[str, str]]:
        """The thresholds as a rule's document has them."""
        lines = [line for line in self.cleaned_data["bands"].splitlines() if line.strip()]
        return [threshold_of(line) for line in lines]

    def rule(self) -> dict[str, Any]:
        """The rule's document; call it when the form is valid."""
        values = self.cleaned_data
        kind = values["type"]
        rule: dict[str, Any] = {"type": kind}
        if kind in ("linear", "bands") and values["of"] == "completion":
            rule["of"] = values["of"]
        for name in {"linear": ("zero_below", "full_at"), "deduction": ("per_unit",)}.get(kind, ()):
            if values[name] is not None:
                rule[name] = as_text(values[name])
        if kind == "bands":
            rule["bands"] = values["bands"]
        return rule


class RuleRow(RuleFields, RowForm):
    """A rule for one dimension."""

    dimension = forms.ChoiceField(label=_("Dimension"), choices=[("", "—"), *DIMENSION_LABELS.items()])

    field_order = ("dimension",)


def threshold_of(line: str) -> dict[str, str]:
    """One line of thresholds. Raises ValidationError."""
    found = THRESHOLD.fullmatch(normalised(line))
    if found is None:
        raise ValidationError(
            _("“%(line)s” is no threshold: write it as ≥90: 100%%."), params={"line": line.strip()[:40]}
        )
    end = "to" if found["sign"] == "<=" else "from"
    amount = Decimal(found["amount"])
    if found["share"]:
        return {end: found["bound"], "share": printed(amount / HUNDRED)}
    return {end: found["bound"], "points": found["amount"]}


def line_of(band: Mapping[str, Any]) -> str:
    """A threshold as it is typed."""
    bound = f"≥{band['from']}" if band.get("from") is not None else f"≤{band['to']}"
    if band.get("share") is not None:
        return f"{bound}: {printed(Decimal(str(in_percent(band['share']))))}%"
    return f"{bound}: {band['points']}"


def initial_of_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's document as the form shows it."""
    figures = {
        name: Decimal(str(rule[name]))
        for name in ("zero_below", "full_at", "per_unit")
        if rule.get(name) is not None
    }
    return {
        "type": rule["type"],
        "of": rule.get("of", "actual"),
        "bands": "\n".join(line_of(band) for band in rule.get("bands", ())),
        **figures,
    }
