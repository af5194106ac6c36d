"""The table of consequences: complete, strict, read back without loss; and the suggested amounts."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.policies.consequences import (
    DEFAULT_TABLE,
    GRADES,
    STATES,
    Consequence,
    ConsequenceTable,
    state_of,
    suggested_amount,
)
from evaluations.strict_json import DocumentFaults


def document():
    return copy.deepcopy(DEFAULT_TABLE.to_json())


def faults_of(changed) -> list[str]:
    with pytest.raises(DocumentFaults) as refusal:
        ConsequenceTable.from_json(changed)
    return [path for path, _message in refusal.value.pairs()]


def test_the_default_table_names_a_use_for_every_grade_in_every_state():
    named = {(grade, state): DEFAULT_TABLE.named(grade, state) for grade in GRADES for state in STATES}
    assert list(DEFAULT_TABLE.faults()) == []
    assert named["优", "none"] == Consequence("support")
    assert {named["良", state] for state in STATES} == {Consequence("keep")}
    assert named["中", "open"] == Consequence("cut", Decimal(20))
    assert named["差", "none"] == Consequence("cancel")
    assert named["差", "open"] == Consequence("hold")


def test_the_handbook_prints_the_default_table():
    text = (Path(__file__).parents[3] / "docs" / "how-to.md").read_text("utf-8")
    for grade in GRADES:
        cells = [DEFAULT_TABLE.named(grade, state) for state in STATES]
        words = [f"{cell.use} {cell.percent}%" if cell.percent else cell.use for cell in cells]
        assert f"| {grade} | {' | '.join(words)} |" in text


def test_closing_all_items_never_makes_the_default_consequence_harder():
    order = ["support", "keep", "cut", "cancel"]
    for grade in GRADES:
        still_open, closed = DEFAULT_TABLE.named(grade, "open"), DEFAULT_TABLE.named(grade, "closed")
        if still_open.use == "hold":
            continue
        assert (order.index(closed.use), closed.percent or 0) <= (
            order.index(still_open.use),
            still_open.percent or 0,
        )


def test_the_document_reads_back_to_the_same_table_and_writes_plain_uses_as_words():
    text = json.dumps(DEFAULT_TABLE.to_json(), ensure_ascii=False)
    assert ConsequenceTable.from_json(json.loads(text)) == DEFAULT_TABLE
    assert DEFAULT_TABLE.to_json()["rows"][2] == {
        "grade": "中",
        "none": {"use": "cut", "percent": "10"},
        "open": {"use": "cut", "percent": "20"},
        "closed": {"use": "cut", "percent": "10"},
    }
    assert DEFAULT_TABLE.to_json()["rows"][1]["open"] == "keep"


def test_a_state_that_is_left_out_is_a_fault_at_its_row():
    changed = document()
    del changed["rows"][0]["closed"]
    assert faults_of(changed) == ["rows[0].closed"]


def test_a_grade_without_a_row_and_one_with_two_are_faults():
    changed = document()
    changed["rows"][3] = {**changed["rows"][0]}
    assert faults_of(changed) == ["rows[3].grade", "rows"]


@pytest.mark.parametrize("percent", ["0", "-5", "100.01", "12.345"])
def test_a_percentage_lies_above_0_and_up_to_100_with_two_decimals(percent):
    changed = document()
    changed["rows"][2]["open"] = {"use": "cut", "percent": percent}
    assert faults_of(changed) == ["rows[2].open.percent"]


@pytest.mark.parametrize("percent", ["0.01", "33.33", "100", "100.00"])
def test_a_percentage_within_its_bounds_is_read(percent):
    changed = document()
    changed["rows"][2]["open"] = {"use": "cut", "percent": percent}
    assert ConsequenceTable.from_json(changed).named("中", "open").percent == Decimal(percent)


def test_a_cut_without_a_percentage_and_a_percentage_without_a_cut_are_faults():
    changed = document()
    changed["rows"][2]["open"] = "cut"
    changed["rows"][0]["none"] = {"use": "support", "percent": "5"}
    assert faults_of(changed) == ["rows[0].none.percent", "rows[2].open.percent"]


def test_an_unknown_use_grade_or_key_is_named_at_its_place():
    changed = document()
    changed["rows"][0]["none"] = "double"
    changed["rows"][1]["grade"] = "良好"
    changed["rows"][2]["late"] = "keep"
    assert faults_of(changed) == ["rows[0].none.use", "rows[1].grade", "rows[2].late"]


@pytest.mark.parametrize(
    ("items", "open_items", "state"), [(0, 0, "none"), (1, 1, "open"), (3, 1, "open"), (3, 0, "closed")]
)
def test_rectification_is_closed_only_when_nothing_is_open_any_more(items, open_items, state):
    assert state_of(items, open_items) == state


@pytest.mark.parametrize(
    ("annual", "use", "percent", "expected"),
    [
        ("152.96", "support", None, "152.96"),
        ("152.96", "keep", None, "152.96"),
        ("152.96", "cut", "20", "122.37"),
        ("0.05", "cut", "50", "0.03"),
        ("100", "cut", "100", "0"),
        ("100", "cancel", None, "0"),
        ("100", "hold", None, None),
        (None, "keep", None, None),
        (None, "cut", "20", None),
        (None, "cancel", None, "0"),
    ],
)
def test_the_suggested_amount_follows_from_the_use(annual, use, percent, expected):
    figures = [None if text is None else Decimal(text) for text in (annual, percent, expected)]
    assert suggested_amount(figures[0], use, figures[1]) == figures[2]


AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=6)
PERCENTS = st.decimals(min_value=Decimal("0.01"), max_value=100, places=2)


@given(annual=AMOUNTS, percent=PERCENTS)
def test_a_cut_leaves_what_it_does_not_take_to_the_nearest_0_01(annual, percent):
    left = suggested_amount(annual, "cut", percent)
    assert left is not None
    assert left == left.quantize(Decimal("0.01"))
    assert abs(left + annual * percent / 100 - annual) <= Decimal("0.005")
