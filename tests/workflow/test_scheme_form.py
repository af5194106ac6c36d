"""A scheme's draft as a form: what is shown is what is stored, and each fault stands at its field."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from audit_log.errors import InvalidInput
from evaluations.document_changes import changes_between
from evaluations.scoring import SchemeParameters
from evaluations.scoring.shipped import shipped_schemes
from workflow.forms.schemes import TABLES, SchemeForm

CAPPED: dict[str, Any] = {
    "caps": [{"from": "0.7", "to": "0.8", "most": "89"}, {"from": "0", "to": "0.7", "most": "79.5"}],
    "over_achievement_deduction": {"by": "share", "amount": "0.125"},
    "default_rule": {"type": "all_or_nothing"},
    "dimension_rules": {
        "时效": {"type": "deduction", "per_unit": "0.5"},
        "数量": {"type": "linear", "of": "completion", "zero_below": "60", "full_at": "95.5"},
        "质量": {
            "type": "bands",
            "bands": [{"to": "3", "points": "5"}, {"to": "9", "points": "2"}],
        },
        "满意度": {"type": "bands", "of": "completion", "bands": [{"from": "90", "share": "1"}]},
    },
}


def document(code: str = "core-2021-cost", **changes: Any) -> dict[str, Any]:
    shipped = shipped_schemes()[code].to_json()
    return SchemeParameters.from_json({**shipped, **changes}).to_json()


def posted(form: SchemeForm) -> dict[str, str]:
    """What a browser sends when nothing was changed."""
    data = {}
    for part in (*form.parts.values(), *(row for rows in form.tables.values() for row in rows.forms)):
        for field in part:
            value = field.value()
            widget: Any = field.field.widget
            if isinstance(widget, forms.TextInput | forms.HiddenInput):
                value = widget.format_value(value)
            if value is not False:
                data[field.html_name] = "" if value is None else str(value)
    for name, rows in form.tables.items():
        count = str(len(rows.forms))
        data |= {f"{name}-TOTAL_FORMS": count, f"{name}-INITIAL_FORMS": count}
    return data


def refilled(stored: dict[str, Any], **typed: str) -> SchemeForm:
    return SchemeForm(stored, {**posted(SchemeForm(stored)), **typed})


def faults_of(form: SchemeForm) -> dict[str, list[str]]:
    """The messages by the field's name in the page; "part:" where they belong to a whole part."""
    found: dict[str, list[str]] = {}
    for _name, part in form.named_forms():
        for field, messages in part.errors.items():
            key = f"{part.prefix}:" if field == "__all__" else f"{part.prefix}-{field}"
            found[key] = [str(message) for message in messages]
    return found


def faults_after_checking(form: SchemeForm) -> list[str]:
    """The fields at which the rules of a scheme find fault with what the form holds."""
    assert form.is_valid(), faults_of(form)
    with pytest.raises(ValueError, match=r".") as refusal:
        SchemeParameters.from_json(form.changed())
    fields = {fault.path: [fault.message] for fault in refusal.value.faults}  # type: ignore[attr-defined]
    form.place(InvalidInput("", fields=fields))
    return list(faults_of(form))


@pytest.mark.parametrize(
    "stored",
    [*(document(code) for code in shipped_schemes()), document(**CAPPED)],
    ids=[*shipped_schemes(), "with everything"],
)
def test_saving_the_form_untouched_changes_nothing(stored):
    form = refilled(stored)
    assert form.is_valid(), faults_of(form)
    assert changes_between(stored, form.changed()) == []
    assert SchemeParameters.from_json(form.changed())


def test_percentages_are_typed_as_percentages_and_stored_as_parts_of_one():
    form = refilled(
        document(), **{"over-threshold": "１５０％", "over-deduction": "share", "over-amount": "20%"}
    )
    assert form.is_valid(), faults_of(form)
    changed = form.changed()
    assert changed["over_achievement_threshold"] == "1.5"
    assert changed["over_achievement_deduction"] == {"by": "share", "amount": "0.2"}


def test_a_row_is_added_and_another_removed():
    stored = document(**CAPPED)
    form = refilled(
        stored,
        **{
            "caps-TOTAL_FORMS": "3",
            "caps-0-DELETE": "on",
            "caps-2-low": "80",
            "caps-2-high": "90",
            "caps-2-most": "95",
        },
    )
    assert form.is_valid(), faults_of(form)
    assert [cap["most"] for cap in form.changed()["caps"]] == ["79.5", "95"]


def test_satisfaction_thresholds_are_a_small_table():
    form = SchemeForm(document())
    rows = [(str(row["low"].value()), str(row["share"].value())) for row in form.tables["thresholds"].forms]
    assert [tuple(map(float, row)) for row in rows] == [(90, 100), (80, 80), (60, 50)]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"levels-level_4": "99"}, "levels:"),
        ({"levels-without_satisfaction": "决策"}, "levels-without_satisfaction"),
        ({"over-threshold": "90"}, "over-threshold"),
        ({"over-deduction": "points", "over-amount": "0"}, "over-amount"),
        ({"total-tolerance": "-1"}, "total-tolerance"),
        (
            {"caps-TOTAL_FORMS": "1", "caps-0-low": "80", "caps-0-high": "70", "caps-0-most": "89"},
            "caps-0-low",
        ),
        ({"bands-0-share": "700"}, "execution:"),
        ({"checks-low_execution": "900"}, "checks-low_execution"),
        ({"checks-level2": "业务: 甲"}, "checks-level2"),
        ({"default-type": "linear", "default-full_at": "90"}, "default-zero_below"),
        ({"rules-0-full_at": "10"}, "rules-0-zero_below"),
        ({"thresholds-1-low": "90"}, "thresholds-0-low"),
    ],
)
def test_what_the_scheme_refuses_stands_at_its_field(typed, field):
    assert faults_after_checking(refilled(document(), **typed)) == [field]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"general-name": ""}, "general-name"),
        ({"total-excellent": "50"}, "total-good"),
        ({"total-good": "95", "total-poor": "70"}, "total-good"),
        ({"total-partly": "95"}, "total-partly"),
        ({"levels-level_0": "ten"}, "levels-level_0"),
        ({"over-deduction": "share"}, "over-amount"),
        ({"default-type": "bands", "default-bands": "ninety"}, "default-bands"),
        (
            {"rules-TOTAL_FORMS": "2", "rules-1-dimension": "数量", "rules-1-type": "proportional"},
            "rules-1-dimension",
        ),
        (
            {"rules-TOTAL_FORMS": "2", "rules-1-dimension": "满意度", "rules-1-type": "proportional"},
            "rules-1-dimension",
        ),
    ],
)
def test_what_cannot_be_read_stands_at_its_field(typed, field):
    form = refilled(document(), **typed)
    assert not form.is_valid()
    assert list(faults_of(form)) == [field]


def test_every_table_can_grow():
    assert set(TABLES) == {"bands", "thresholds", "rules", "caps"}
