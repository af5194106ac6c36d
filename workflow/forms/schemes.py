"""A scheme's draft as one form: its parts, its document, and where each fault belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from audit_log.errors import InvalidInput
from evaluations.document_changes import digest_of
from evaluations.scoring.figures import SATISFACTION
from workflow.forms.rows import RowForm, RowFormSet, table
from workflow.forms.rules import RuleFields, RuleRow, as_share, as_text
from workflow.forms.scheme_document import (
    ends_of,
    grades_of,
    initial_parts,
    initial_rows,
    level2_of_lines,
    tiers_of,
)
from workflow.forms.scheme_parts import (
    DIMENSION_FIELDS,
    LEVEL_FIELDS,
    CapRow,
    ChecksForm,
    ExecutionBandRow,
    ExecutionForm,
    GeneralForm,
    LevelsForm,
    OverAchievementForm,
    ThresholdRow,
    TotalForm,
)

PARTS: dict[str, type[forms.Form]] = {
    "general": GeneralForm,
    "levels": LevelsForm,
    "execution": ExecutionForm,
    "default": RuleFields,
    "over": OverAchievementForm,
    "total": TotalForm,
    "checks": ChecksForm,
}
GROWING: dict[str, type[RowForm]] = {
    "bands": ExecutionBandRow,
    "thresholds": ThresholdRow,
    "rules": RuleRow,
    "caps": CapRow,
}
TABLES = {name: table(form_class) for name, form_class in GROWING.items()}
FIELD_OF_KEY = {"from": "low", "to": "high"}
PLACED = re.compile(r"(?P<table>execution\.bands|caps)\[(?P<place>\d+)\]\.?(?P<key>\w*)")
SINGLE = {
    "name": ("general", "name"),
    "source": ("general", "source"),
    "without_satisfaction": ("levels", "without_satisfaction"),
    "execution.denominator": ("execution", "denominator"),
    "over_achievement_threshold": ("over", "threshold"),
    "over_achievement_deduction.amount": ("over", "amount"),
    "tolerance": ("total", "tolerance"),
    "low_execution": ("checks", "low_execution"),
    "budget_adjustment": ("checks", "budget_adjustment"),
}
PART_OF_PATH = {
    "level_weights": "levels",
    "execution": "execution",
    "grades": "total",
    "tiers": "total",
    "caps": "total",
    "required_dimensions": "checks",
    "level2": "checks",
    "over_achievement_deduction": "over",
}


class SchemeForm:
    """The parts and tables of a draft, bound to ``data`` or showing its document."""

    def __init__(self, document: Mapping[str, Any], data: Any = None) -> None:
        self.document = document
        initial, rows = initial_parts(document), initial_rows(document)
        self.parts = {
            name: form_class(data, prefix=name, initial=initial[name]) for name, form_class in PARTS.items()
        }
        self.tables: dict[str, RowFormSet] = {
            name: form_set(data, prefix=name, initial=rows[name]) for name, form_set in TABLES.items()
        }
        self.seen = digest_of(document) if data is None else str(data.get("seen", ""))

    def is_valid(self) -> bool:
        parts: list[Any] = [*self.parts.values(), *self.tables.values()]
        faulty = [part for part in parts if not part.is_valid()]
        return not faulty and not self.repeated_rules()

    def repeated_rules(self) -> bool:
        """Whether a dimension has two rules; the second one is told so."""
        seen = {SATISFACTION} if self.kept("thresholds") else set()
        found = False
        for row in self.kept("rules"):
            if (dimension := row.cleaned_data["dimension"]) in seen:
                row.add_error("dimension", _("This dimension has a rule already."))
                found = True
            seen.add(dimension)
        return found

    def kept(self, name: str) -> list[Any]:
        """The rows of a table that count: neither removed nor blank."""
        rows = self.tables[name]
        return [form for form in rows.forms if form not in rows.deleted_forms and not form.is_blank]

    def values(self, part: str) -> dict[str, Any]:
        return self.parts[part].cleaned_data

    # --- the document ------------------------------------------------------------------

    def changed(self) -> dict[str, Any]:
        """The document as typed; call it when the form is valid."""
        levels, total = self.values("levels"), self.values("total")
        return {
            **self.document,
            **self.values("general"),
            "level_weights": {
                level: as_text(levels[name])
                for name, level in LEVEL_FIELDS.items()
                if levels[name] is not None
            },
            "without_satisfaction": levels["without_satisfaction"] or None,
            "execution": self.execution(),
            "default_rule": self.parts["default"].rule(),  # type: ignore[attr-defined]
            "dimension_rules": self.dimension_rules(),
            "caps": [{**ends_of(row), "most": as_text(row["most"])} for row in self.rows("caps")],
            "tolerance": as_text(total["tolerance"]),
            "grades": grades_of(total),
            "tiers": tiers_of(total),
            **self.over_achievement(),
            **self.checks(),
        }

    def rows(self, name: str) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.kept(name)]

    def execution(self) -> dict[str, Any]:
        values = self.values("execution")
        bands = [{**ends_of(row), "share": as_share(row["share"])} for row in self.rows("bands")]
        return {
            "denominator": values["denominator"],
            "bands": bands if values["by"] == "bands" else None,
        }

    def dimension_rules(self) -> dict[str, Any]:
        rules = {form.cleaned_data["dimension"]: form.rule() for form in self.kept("rules")}
        thresholds = [
            {"from": as_text(row["low"]), "share": as_share(row["share"])} for row in self.rows("thresholds")
        ]
        if thresholds:
            rules[SATISFACTION] = {"type": "bands", "bands": thresholds}
        return rules

    def over_achievement(self) -> dict[str, Any]:
        values = self.values("over")
        deduction = None
        if values["deduction"]:
            amount = values["amount"]
            text = as_share(amount) if values["deduction"] == "share" else as_text(amount)
            deduction = {"by": values["deduction"], "amount": text}
        return {
            "over_achievement_threshold": as_share(values["threshold"]),
            "over_achievement_deduction": deduction,
        }

    def checks(self) -> dict[str, Any]:
        values = self.values("checks")
        asked = {
            kind: [name for field, name in DIMENSION_FIELDS.items() if values[field] == kind]
            for kind in ("required", "optional")
        }
        return {
            "low_execution": as_share(values["low_execution"]),
            "budget_adjustment": as_share(values["budget_adjustment"]),
            "required_dimensions": asked["required"],
            "optional_dimensions": asked["optional"],
            "level2": level2_of_lines(values["level2"]),
        }

    # --- faults ------------------------------------------------------------------------

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        """Every single form with the words that name it."""
        names = {"levels": _("Level weights"), "total": _("Total and grade"), "default": _("Default rule")}
        for name, part in self.parts.items():
            yield str(names.get(name, "")), part
        words = {
            "bands": _("Execution band %(place)s"),
            "thresholds": _("Satisfaction threshold %(place)s"),
            "rules": _("Rule %(place)s"),
            "caps": _("Cap %(place)s"),
        }
        for name, rows in self.tables.items():
            for place, form in enumerate(rows.forms, start=1):
                if form not in rows.deleted_forms:
                    yield words[name] % {"place": place}, form

    def place(self, error: InvalidInput) -> None:
        """Put each message at the field that its path in the document names."""
        for path, messages in error.fields.items():
            form, field = self.form_of(path)
            for message in messages:
                form.add_error(field, str(message))

    def form_of(self, path: str) -> tuple[forms.BaseForm, str | None]:
        """The form and the field behind a path such as "caps[0].most"; no field for a whole part."""
        if path in SINGLE:
            part, name = SINGLE[path]
            return self.parts[part], name
        if found := PLACED.fullmatch(path):
            rows = self.kept("caps" if found["table"] == "caps" else "bands")
            place = int(found["place"])
            if place < len(rows):
                key = FIELD_OF_KEY.get(found["key"], found["key"])
                return rows[place], key if key in rows[place].fields else None
        head, _dot, rest = path.partition(".")
        if head == "dimension_rules":
            return self.rule_at(rest)
        if head == "default_rule":
            return self.parts["default"], rule_field(rest)
        if head == "level_weights" and rest in LEVEL_FIELDS.values():
            return self.parts["levels"], next(key for key, level in LEVEL_FIELDS.items() if level == rest)
        if head == "level2":
            return self.parts["checks"], "level2"
        part = PART_OF_PATH.get(head.partition("[")[0], "general")
        return self.parts[part], None

    def rule_at(self, rest: str) -> tuple[forms.BaseForm, str | None]:
        dimension, _dot, key = rest.partition(".")
        for row in self.kept("rules"):
            if row.cleaned_data["dimension"] == dimension:
                return row, rule_field(key)
        rows = self.kept("thresholds")
        return (rows[0], "low") if rows else (self.parts["default"], None)


def rule_field(key: str) -> str | None:
    name = key.partition("[")[0].partition(".")[0]
    return name if name in RuleFields.base_fields else None
