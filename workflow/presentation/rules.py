"""A rule in words, as its document names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.scoring.exact import exact, printed, printed_percent

RULE_LABELS: dict[str, Any] = {
    "proportional": gettext_lazy("in proportion to the target"),
    "linear": gettext_lazy("linear between two ends"),
    "bands": gettext_lazy("by thresholds"),
    "deduction": gettext_lazy("deduction for each unit missed"),
    "all_or_nothing": gettext_lazy("all or nothing"),
    "tiers": gettext_lazy("judged in tiers"),
    "checklist": gettext_lazy("points to satisfy"),
    "panel": gettext_lazy("mean of the experts"),
}
MEASURES: dict[str, Any] = {
    "actual": gettext_lazy("the actual figure"),
    "completion": gettext_lazy("the completion rate"),
}


def figure(value: Decimal | str) -> str:
    """A figure without idle zeros."""
    return printed(Decimal(value))


def percent(value: Decimal | str) -> str:
    """A part of one as a percentage: 0.8 → 80%."""
    return printed_percent(exact(Decimal(value)))


def rule_words(rule: Mapping[str, Any]) -> str:
    """What a rule does, with its figures."""
    name = str(rule.get("type", ""))
    words = RULE_WORDS.get(name)
    return words(rule) if words else str(RULE_LABELS.get(name, name))


def measure_of(rule: Mapping[str, Any]) -> str:
    return str(MEASURES[rule.get("of", "actual")])


def proportional(rule: Mapping[str, Any]) -> str:
    return _("met: full weight; else weight × actual ÷ target (less is better: target ÷ actual)")


def linear(rule: Mapping[str, Any]) -> str:
    sign = "%" if rule.get("of") == "completion" else ""
    words = _("nothing below %(low)s, full from %(high)s, in between by the way gone (%(measure)s)")
    ends = {"low": figure(rule["zero_below"]) + sign, "high": figure(rule["full_at"]) + sign}
    return words % {**ends, "measure": measure_of(rule)}


def bands(rule: Mapping[str, Any]) -> str:
    lines = [_("%(figure)s: %(amount)s") % words_of_band(band) for band in rule["bands"]]
    return _("%(measure)s: ") % {"measure": measure_of(rule)} + _("; ").join(lines)


def words_of_band(band: Mapping[str, Any]) -> dict[str, str]:
    """Where a band begins or ends, and what it gives."""
    bound = f"≥{figure(band['from'])}" if band.get("from") is not None else f"≤{figure(band['to'])}"
    if band.get("share") is not None:
        amount = _("%(share)s of the weight") % {"share": percent(band["share"])}
    else:
        amount = _("%(points)s points") % {"points": figure(band["points"])}
    return {"figure": bound, "amount": amount}


def deduction(rule: Mapping[str, Any]) -> str:
    words = _("full weight less %(points)s points for each unit by which the target is missed")
    return words % {"points": figure(rule["per_unit"])}


def all_or_nothing(rule: Mapping[str, Any]) -> str:
    return _("met: full weight; else nothing")


RULE_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "proportional": proportional,
    "linear": linear,
    "bands": bands,
    "deduction": deduction,
    "all_or_nothing": all_or_nothing,
}
