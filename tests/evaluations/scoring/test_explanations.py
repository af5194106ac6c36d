"""Explanations: words in any language, arithmetic in none."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import evaluations.scoring
from evaluations.scoring import ScoringError
from evaluations.scoring.errors import REFUSALS
from evaluations.scoring.explain import WORDS, explain
from tests.evaluations.scoring.samples import scored

PACKAGE = Path(evaluations.scoring.__file__).parent
SOURCES = {path: path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
LITERALS = [
    node.value
    for path, source in SOURCES.items()
    if path.name not in ("explain.py", "errors.py")
    for node in ast.walk(ast.parse(source))
    if isinstance(node, ast.Constant)
]


@pytest.mark.parametrize("code", [code for code in WORDS if not code.startswith("tier-")])
def test_every_explanation_in_the_table_is_given_by_some_rule(code):
    assert code in LITERALS


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_in_the_table_is_raised_somewhere(code):
    assert code in LITERALS


@pytest.mark.parametrize("words", [*WORDS.values(), *REFUSALS.values()])
def test_messages_have_only_named_placeholders(words):
    assert re.sub(r"%\(\w+\)s", "", words).count("%") == 0


@pytest.mark.parametrize(
    ("details", "arithmetic"),
    [
        ({"target": "28", "actual": "26"}, "10 × 26 ÷ 28 = 9.29"),
        ({"target": "10", "actual": "16", "direction": "lower"}, "10 × 10 ÷ 16 = 6.25"),
        ({"target": "45", "actual": "52", "comparator": ">"}, "52 > 45 → 10.00"),
        ({"target": "28", "actual": "-3"}, "10 × (-3) ÷ 28 = -1.07 → 0.00"),
        (
            {
                "target": "95",
                "actual": "87.5",
                "rule": {"type": "linear", "zero_below": "80", "full_at": "95"},
            },
            "10 × (87.5 − 80) ÷ (95 − 80) = 5.00",
        ),
        (
            {
                "target": "0",
                "actual": "5",
                "direction": "lower",
                "rule": {"type": "deduction", "per_unit": "2.5"},
            },
            "10 − 2.5 × 5 = -2.50 → 0.00",
        ),
        (
            {
                "target": "9",
                "actual": "8",
                "rule": {"type": "bands", "bands": [{"from": "7", "share": "0.8"}]},
            },
            "10 × 0.8 = 8.00",
        ),
        (
            {
                "target": "9",
                "actual": "8",
                "rule": {"type": "bands", "bands": [{"from": "7", "points": "6.5"}]},
            },
            "6.50",
        ),
        ({"rule": {"type": "checklist", "shares": ["2", "1"], "met": [True, False]}}, "10 × 2 ÷ 3 = 6.67"),
        ({"rule": {"type": "panel", "points": ["7", "8.5"]}}, "(7 + 8.5) ÷ 2 = 7.75"),
    ],
)
def test_points_are_explained_by_their_arithmetic(details, arithmetic):
    assert scored(**details).explanation.arithmetic == arithmetic


def test_the_caller_translates_the_words_and_the_figures_stay():
    explanation = explain("band", "8.00", figure="85", bound="80")
    chinese = {explanation.words: "%(figure)s 落在自 %(bound)s 起的档次。"}
    assert explanation.text(chinese.__getitem__) == "85 落在自 80 起的档次。 8.00"
    assert explanation.text() == "85 falls in the band that begins at 80. 8.00"


def test_a_refusal_is_translated_with_its_figures():
    refusal = ScoringError("weight-over-100", "weight", subject="模块", found="120")
    assert str(refusal) == "The weight of 模块 is 120: it cannot be over 100."
    assert refusal.text({refusal.words: "%(subject)s：%(found)s"}.__getitem__) == "模块：120"


@pytest.mark.parametrize("source", SOURCES.values(), ids=[path.stem for path in SOURCES])
def test_scoring_is_pure(source):
    tree = ast.parse(source)
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported.isdisjoint({"django", "os", "time", "datetime", "random", "audit_log", "accounts"})
    floats = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in ("float", "round")]
    assert (floats, calls) == ([], [])
