"""A scheme in words: every parameter with what it means, and what differs between two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.words import enumerated
from evaluations.scoring import SchemeParameters
from evaluations.scoring.figures import COST, EFFECTS, EXECUTION, LEVELS, OUTPUTS, SATISFACTION
from workflow.presentation.rules import figure, percent, rule_words
from workflow.presentation.words import grade_label

LEVEL_LABELS: dict[str, Any] = {
    EXECUTION: gettext_lazy("Budget execution"),
    "决策": gettext_lazy("Decisions"),
    "过程": gettext_lazy("Process"),
    COST: gettext_lazy("Cost"),
    OUTPUTS: gettext_lazy("Output"),
    EFFECTS: gettext_lazy("Effect"),
    SATISFACTION: gettext_lazy("Satisfaction"),
}
DIMENSION_LABELS: dict[str, Any] = {
    "数量": gettext_lazy("Quantity"),
    "质量": gettext_lazy("Quality"),
    "时效": gettext_lazy("Timeliness"),
    **LEVEL_LABELS,
}
DENOMINATORS: dict[str, Any] = {
    "annual": gettext_lazy("annual budget"),
    "received": gettext_lazy("received funds"),
    "initial": gettext_lazy("initial budget"),
}
Row = dict[str, Any]
Section = dict[str, Any]


def dimension_label(name: str) -> str:
    return str(DIMENSION_LABELS.get(name, name))


def listed(names: Any) -> str:
    """Names in a row, as they are called on screen."""
    return enumerated(dimension_label(name) for name in names) or _("none")


def sections_of(scheme: SchemeParameters) -> list[Section]:
    """Everything that a scheme fixes, in words: ``{title, rows: [{key, label, value}]}``."""
    parts = [
        (_("Level weights"), level_rows(scheme)),
        (_("Execution of the budget"), execution_rows(scheme)),
        (_("How indicators score"), rule_rows(scheme)),
        (_("Passing the target by far"), over_achievement_rows(scheme)),
        (_("Total and grade"), total_rows(scheme)),
        (_("What the checks look at"), check_rows(scheme)),
    ]
    return [
        {"title": title, "rows": [{"key": key, "label": label, "value": value} for key, label, value in rows]}
        for title, rows in parts
    ]


Rows = Iterator[tuple[str, str, str]]


def level_rows(scheme: SchemeParameters) -> Rows:
    for level in (EXECUTION, *LEVELS):
        weight = scheme.level_weights.get(level)
        words = _("not scored") if weight is None else _("%(points)s points") % {"points": figure(weight)}
        yield f"level.{level}", dimension_label(level), words
    receiver = scheme.without_satisfaction
    words = _("left out of the total")
    if receiver is not None:
        words = _("added to %(level)s") % {"level": dimension_label(receiver)}
    yield "without_satisfaction", _("Points of an absent satisfaction"), words


def execution_rows(scheme: SchemeParameters) -> Rows:
    denominator = str(DENOMINATORS[scheme.execution.denominator])
    yield "denominator", _("Execution rate"), _("paid amount ÷ %(amount)s") % {"amount": denominator}
    bands = scheme.execution.bands
    if bands is None:
        yield "execution", _("Points for execution"), _("weight × execution rate, at most the full weight")
        return
    lines = [_("completed within the budget: full weight, whatever the rate; the unit is asked")]
    for band in bands:
        words = _("not completed, rate from %(low)s to below %(high)s: %(share)s of the weight")
        ends = {"low": percent(band.from_), "high": percent(band.to), "share": percent(band.share)}
        lines.append(words % ends)
    yield "execution", _("Points for execution"), "\n".join(lines)


def rule_rows(scheme: SchemeParameters) -> Rows:
    yield "default_rule", _("Every figure, unless said otherwise"), rule_words(scheme.default_rule)
    for dimension, rule in scheme.dimension_rules.items():
        yield f"rule.{dimension}", dimension_label(dimension), rule_words(rule)
    words = {
        "met": _("met: %(low)s to %(high)s of the weight"),
        "partly": _("partly met: %(low)s to %(high)s of the weight"),
        "poor": _("not met: %(low)s to %(high)s of the weight"),
    }
    tiers = [
        words[tier.tier] % {"low": percent(tier.from_), "high": percent(tier.to)} for tier in scheme.tiers
    ]
    yield "tiers", _("Targets in words"), "\n".join(tiers)


def over_achievement_rows(scheme: SchemeParameters) -> Rows:
    threshold = {"rate": percent(scheme.over_achievement_threshold)}
    yield "threshold", _("Noted as set too low"), _("from %(rate)s of the target") % threshold
    deduction, words = scheme.over_achievement_deduction, _("nothing")
    if deduction is not None and deduction.by == "share":
        words = _("%(share)s of the indicator's weight") % {"share": percent(deduction.amount)}
    elif deduction is not None:
        words = _("%(points)s points") % {"points": figure(deduction.amount)}
    yield "deduction", _("Deducted from there on"), words


def total_rows(scheme: SchemeParameters) -> Rows:
    lines = [
        _("execution rate from %(low)s to below %(high)s: at most %(most)s points")
        % {"low": percent(cap.from_), "high": percent(cap.to), "most": figure(cap.most)}
        for cap in scheme.caps
    ]
    yield "caps", _("Caps of the total"), "\n".join(lines) or _("none")
    grades = [
        _("%(grade)s from %(low)s points") % {"grade": grade_label(band.grade), "low": figure(band.from_)}
        for band in scheme.grades
    ]
    yield "grades", _("Grades"), "\n".join(grades)
    points = {"points": figure(scheme.tolerance)}
    yield "tolerance", _("Stated and computed score agree within"), _("%(points)s points") % points


def check_rows(scheme: SchemeParameters) -> Rows:
    rate = {"rate": percent(scheme.low_execution)}
    yield "low_execution", _("Execution that asks for a reason"), _("below %(rate)s") % rate
    change = {"rate": percent(scheme.budget_adjustment)}
    yield "budget_adjustment", _("Budget change that asks for a reason"), _("%(rate)s or more") % change
    yield "required", _("Every dossier needs an indicator for"), listed(scheme.required_dimensions)
    yield "optional", _("Noted only when there is none"), listed(scheme.optional_dimensions)
    names = [f"{dimension_label(level)}: {enumerated(found)}" for level, found in scheme.level2.items()]
    yield "level2", _("Names of level 2"), "\n".join(names) or _("as the form prints them")


def comparison(before: SchemeParameters, after: SchemeParameters) -> list[Section]:
    """Two schemes side by side: ``{title, rows: [{label, before, after, differs}]}``."""
    return [
        {"title": old["title"], "rows": side_by_side(old["rows"], new["rows"])}
        for old, new in zip(sections_of(before), sections_of(after), strict=True)
    ]


def side_by_side(before: list[Row], after: list[Row], absent: str = "") -> list[Row]:
    """The rows of a section in both, by their keys; ``absent`` is what is said where one is missing."""
    absent = absent or _("as the default")
    old, new = ({row["key"]: row for row in rows} for rows in (before, after))
    return [
        {
            "label": {**old, **new}[key]["label"],
            "before": value_at(old, key, absent),
            "after": value_at(new, key, absent),
            "differs": value_at(old, key, absent) != value_at(new, key, absent),
        }
        for key in dict.fromkeys([*old, *new])
    ]


def value_at(rows: Mapping[str, Row], key: str, absent: str) -> str:
    return str(rows[key]["value"]) if key in rows else absent


def differences(before: SchemeParameters, after: SchemeParameters) -> list[Row]:
    """Only what differs."""
    return [row for section in comparison(before, after) for row in section["rows"] if row["differs"]]
