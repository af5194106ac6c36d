"""Between a scheme's document and its form: parts of one are shown as percentages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evaluations.scoring.figures import SATISFACTION
from workflow.forms.rules import as_share, as_text, in_percent, initial_of_rule
from workflow.forms.scheme_parts import DIMENSION_FIELDS, GRADE_FIELDS, LEVEL_FIELDS

HUNDRED = Decimal(100)


def ends_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"from": as_share(row["low"]), "to": as_share(row["high"])}


def grades_of(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """The grades from their lower ends: each reaches up to the next one."""
    lows = {name: values[field] for field, name in GRADE_FIELDS.items() if values[field] is not None}
    grades, upper = [], HUNDRED
    for name, low in lows.items():
        grades.append({"grade": name, "from": as_text(low), "to": as_text(upper)})
        upper = low
    return grades


def tiers_of(values: Mapping[str, Any]) -> list[dict[str, str | None]]:
    met, partly = values["met"], values["partly"]
    return [
        {"tier": "met", "from": as_share(met), "to": "1"},
        {"tier": "partly", "from": as_share(partly), "to": as_share(met)},
        {"tier": "poor", "from": "0", "to": as_share(partly)},
    ]


def level2_of_lines(text: str) -> dict[str, list[str]]:
    """ "成本: 经济成本, 社会成本" as the document has it."""
    found: dict[str, list[str]] = {}
    for line in filter(str.strip, text.splitlines()):
        level, _colon, names = line.replace("：", ":").partition(":")
        found[level.strip()] = [name.strip() for name in re.split(r"[,，、]", names) if name.strip()]
    return found


# --- what the form shows at first --------------------------------------------------------


def initial_parts(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A document's values by part and field."""
    weights, deduction = document["level_weights"], document.get("over_achievement_deduction") or {}
    amount = deduction.get("amount")
    lows = {band["grade"]: Decimal(band["from"]) for band in document["grades"]}
    tiers = {band["tier"]: band["from"] for band in document["tiers"]}
    return {
        "general": {name: document[name] for name in ("name", "source")},
        "levels": {
            "without_satisfaction": document.get("without_satisfaction") or "",
            **{field: Decimal(weights[level]) for field, level in LEVEL_FIELDS.items() if level in weights},
        },
        "execution": {
            "denominator": document["execution"]["denominator"],
            "by": "rate" if document["execution"].get("bands") is None else "bands",
        },
        "default": initial_of_rule(document["default_rule"]),
        "over": {
            "threshold": in_percent(document["over_achievement_threshold"]),
            "deduction": deduction.get("by", ""),
            "amount": in_percent(amount) if deduction.get("by") == "share" else amount and Decimal(amount),
        },
        "total": {
            "tolerance": Decimal(document["tolerance"]),
            **{field: lows.get(name) for field, name in GRADE_FIELDS.items()},
            **{tier: in_percent(tiers[tier]) for tier in ("met", "partly")},
        },
        "checks": initial_checks(document),
    }


def initial_checks(document: Mapping[str, Any]) -> dict[str, Any]:
    asked = dict.fromkeys(document["required_dimensions"], "required")
    asked |= {name: "optional" for name in document["optional_dimensions"] if name not in asked}
    lines = [f"{level}: {', '.join(names)}" for level, names in document["level2"].items()]
    return {
        "low_execution": in_percent(document["low_execution"]),
        "budget_adjustment": in_percent(document["budget_adjustment"]),
        "level2": "\n".join(lines),
        **{field: asked.get(name, "") for field, name in DIMENSION_FIELDS.items()},
    }


def initial_rows(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """A document's rows by table; ``id`` is the place, so that an unchanged row is none that is blank."""
    rules = dict(document["dimension_rules"])
    thresholds = rules.pop(SATISFACTION)["bands"] if has_thresholds(rules.get(SATISFACTION)) else []
    tables: dict[str, list[dict[str, Any]]] = {
        "bands": [
            {**initial_ends(row), "share": in_percent(row["share"])}
            for row in document["execution"].get("bands") or ()
        ],
        "thresholds": [
            {"low": Decimal(row["from"]), "share": in_percent(row["share"])} for row in thresholds
        ],
        "rules": [{"dimension": name, **initial_of_rule(rule)} for name, rule in rules.items()],
        "caps": [{**initial_ends(row), "most": Decimal(row["most"])} for row in document["caps"]],
    }
    return {
        name: [{"id": place, **row} for place, row in enumerate(rows, start=1)]
        for name, rows in tables.items()
    }


def initial_ends(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"low": in_percent(row["from"]), "high": in_percent(row["to"])}


def has_thresholds(rule: Mapping[str, Any] | None) -> bool:
    """Whether a satisfaction rule is what the small table edits: shares from a figure up."""
    return (
        rule is not None
        and rule["type"] == "bands"
        and rule.get("of", "actual") == "actual"
        and all(band.get("from") is not None and band.get("share") is not None for band in rule["bands"])
    )
