"""dossier/1: read strictly, every fault named, written back without loss."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations import dossier as module
from evaluations.dossier import Dossier, DossierFaults, dossier_to_json, parse_dossier, read_dossier
from evaluations.scoring import BudgetFigures, IndicatorFigures

CASES = sorted((Path(__file__).resolve().parents[2] / "workflow" / "demo" / "cases").glob("*-20*.json"))

DOCUMENT: dict[str, Any] = {
    "format": "dossier/1",
    "currency_unit": "万元",
    "project": {
        "unit": "信息中心",
        "department": "数据局",
        "region": None,
        "name": "平台升级",
        "fiscal_year": 2023,
    },
    "evaluation": {
        "kind": "self",
        "scheme": None,
        "title": None,
        "report_date": "2024-03-01",
        "base_date": None,
    },
    "budget": {
        "declared": None,
        "initial": "100.00",
        "annual": "125.46",
        "received": None,
        "paid": "121.25",
        "stated_execution_rates": ["96.64%", "97%"],
        "weight": "10",
        "stated_score": "9.66",
        "rows": [
            {
                "name": "年度资金总额",
                "initial": "100",
                "annual": "125.46",
                "paid": "121.25",
                "weight": "10",
                "rate": "96.64%",
                "score": "9.66",
            }
        ],
        "lines": [{"item": "维护费", "group": None, "date": "2023-12-21", "budget": None, "paid": "121.25"}],
        "stated_totals": [{"column": "paid", "amount": "121.25", "group": None}],
        "completed_within_budget": True,
        "reason": "年中核减",
    },
    "goal": {"expected": "完成升级", "achieved": None},
    "indicators": [
        {
            "level1": "产出",
            "level2": "数量",
            "name": "模块数",
            "weight": "90",
            "kind": "quantitative",
            "direction": "higher",
            "target": {"comparator": ">=", "value": "28", "unit": "个", "text": "≥28个"},
            "actual": {"value": "26", "text": "26个"},
            "rule": {"type": "linear", "zero_below": "10", "full_at": "28"},
            "stated": {"completion_rate": "92.86%", "met": False, "score": "80"},
            "deviation_reason": "两个模块延期",
        }
    ],
    "stated": {
        "total": "89.66",
        "grade": "良",
        "by_level1": {"产出": "80"},
        "level1_weights": {"产出": "90"},
    },
    "problems": ["进度滞后", {"text": "资料不全", "owner": "信息中心", "due": "2024-06-30"}],
    "recommendations": ["加强计划"],
    "team": ["财务科科长"],
    "report": [{"chapter": "overview", "text": "…"}],
}
SMALLEST = {
    "format": "dossier/1",
    "project": {"unit": "信息中心", "name": "平台升级", "fiscal_year": 2023},
    "evaluation": {"kind": "finance"},
    "indicators": [],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The document with one value replaced, at a path like "budget.rows.0.rate"."""
    document = copy.deepcopy(DOCUMENT)
    *parents, last = (int(step) if step.isdigit() else step for step in path.split("."))
    place: Any = document
    for step in parents:
        place = place[step]
    place[last] = value
    return document


def faults_of(document: object) -> list[tuple[str, str]]:
    with pytest.raises(DossierFaults) as refusal:
        parse_dossier(document)
    return refusal.value.pairs()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_published_case_comes_back_as_the_same_document(path):
    content = path.read_bytes()
    assert dossier_to_json(read_dossier(content)) == json.loads(content)


def test_a_full_dossier_comes_back_as_the_same_document():
    assert dossier_to_json(parse_dossier(DOCUMENT)) == DOCUMENT


def test_what_may_be_left_out_is_left_empty():
    dossier = parse_dossier(SMALLEST)
    assert (dossier.currency_unit, dossier.budget.paid, dossier.problems, dossier.report) == (
        "万元",
        None,
        (),
        (),
    )
    assert parse_dossier(dossier_to_json(dossier)) == dossier


def test_figures_become_decimals_and_dates_dates():
    dossier = parse_dossier(DOCUMENT)
    assert str(dossier.budget.initial) == "100.00"
    assert dossier.budget.lines[0].date == date(2023, 12, 21)
    assert dossier.stated.by_level1 == {"产出": Decimal(80)}


def test_a_problem_is_a_text_or_an_object():
    plain, tracked = parse_dossier(DOCUMENT).problems
    assert (plain.text, plain.owner) == ("进度滞后", None)
    assert (tracked.owner, tracked.due, tracked.indicator) == ("信息中心", "2024-06-30", None)


def test_figures_for_scoring_leave_no_text_empty():
    dossier = parse_dossier(changed("indicators.0.level2", None))
    assert dossier.budget.figures() == BudgetFigures(
        initial=Decimal(100),
        annual=Decimal("125.46"),
        paid=Decimal("121.25"),
        weight=Decimal(10),
        completed_within_budget=True,
    )
    assert dossier.indicators[0].figures() == IndicatorFigures(
        level1="产出",
        level2="",
        name="模块数",
        weight=Decimal(90),
        kind="quantitative",
        direction="higher",
        comparator=">=",
        target_value=Decimal(28),
        target_text="≥28个",
        actual_value=Decimal(26),
        actual_text="26个",
        rule=DOCUMENT["indicators"][0]["rule"],
        unit="个",
    )


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("colour", "colour"),
        ("project.colour", "project.colour"),
        ("budget.rows.0.colour", "budget.rows[0].colour"),
        ("indicators.0.target.colour", "indicators[0].target.colour"),
        ("indicators.0.rule.colour", "indicators[0].rule.colour"),
        ("problems.1.colour", "problems[1].colour"),
    ],
)
def test_an_unknown_key_is_named_with_its_path(path, named):
    assert faults_of(changed(path, "red")) == [(named, "unknown key “colour”")]


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("format", "dossier/2", "format"),
        ("currency_unit", "美元", "currency_unit"),
        ("project", [], "project"),
        ("project.name", None, "project.name"),
        ("project.name", 5, "project.name"),
        ("project.name", "a\x00b", "project.name"),
        ("project.name", "\ud800", "project.name"),
        ("project.name", "长" * 100_001, "project.name"),
        ("project.fiscal_year", "2023", "project.fiscal_year"),
        ("project.fiscal_year", True, "project.fiscal_year"),
        ("evaluation.kind", "unit", "evaluation.kind"),
        ("evaluation.report_date", "2024-02-30", "evaluation.report_date"),
        ("evaluation.report_date", "20240301", "evaluation.report_date"),
        ("budget.paid", 121.25, "budget.paid"),
        ("budget.paid", 121, "budget.paid"),
        ("budget.paid", "1,121.25", "budget.paid"),
        ("budget.paid", "1e5", "budget.paid"),
        ("budget.paid", "NaN", "budget.paid"),
        ("budget.paid", "１２", "budget.paid"),
        ("budget.paid", "12万元", "budget.paid"),
        ("budget.paid", "", "budget.paid"),
        ("budget.paid", "1" * 19, "budget.paid"),
        ("budget.completed_within_budget", "yes", "budget.completed_within_budget"),
        ("budget.rows", {}, "budget.rows"),
        ("budget.lines.0", "维护费", "budget.lines[0]"),
        ("budget.stated_totals.0.column", "sum", "budget.stated_totals[0].column"),
        ("indicators.0.kind", None, "indicators[0].kind"),
        ("indicators.0.direction", "up", "indicators[0].direction"),
        ("indicators.0.target.comparator", "≥", "indicators[0].target.comparator"),
        ("indicators.0.rule", {"type": "guess"}, "indicators[0].rule.type"),
        ("indicators.0.rule", {}, "indicators[0].rule.type"),
        ("indicators.0.rule.full_at", "5", "indicators[0].rule.zero_below"),
        ("stated.by_level1", {"产出": 80}, "stated.by_level1.产出"),
        ("team", [None], "team[0]"),
    ],
)
def test_a_wrong_value_is_a_fault_at_its_path(path, value, named):
    assert [found for found, _ in faults_of(changed(path, value))] == [named]


def test_a_missing_key_is_named():
    document = changed("project.colour", 1)
    del document["project"]["colour"], document["project"]["unit"], document["indicators"][0]["level1"]
    assert faults_of(document) == [("project.unit", "is missing"), ("indicators[0].level1", "is missing")]


def test_all_faults_are_collected_in_one_reading():
    document = changed("budget.paid", 5)
    document["indicators"][0]["weight"] = "ten"
    document["surprise"] = 1
    assert faults_of(document) == [
        ("budget.paid", 'must be a figure written as a text, such as "12.5", not 5'),
        ("indicators[0].weight", "must be a figure written as a text, such as \"12.5\", not 'ten'"),
        ("surprise", "unknown key “surprise”"),
    ]


def test_a_message_never_repeats_a_page_of_input():
    ((_, message),) = faults_of(changed("budget.paid", "9" * 5000))
    assert len(message) < 120
    ((path, message),) = faults_of({**DOCUMENT, "k" * 5000: 1})
    assert len(path + message) < 120


@pytest.mark.parametrize("document", [None, [], "dossier/1", 7])
def test_what_is_no_object_is_no_dossier(document):
    assert faults_of(document) == [("", "must be an object")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON: line 1, column 1"),
        (b'{"format": \n nonsense}', "is not JSON: line 2, column 2"),
        (b"\xff\xfe{}", "is not text in UTF-8"),
        (b"[" * 200_000, "is not JSON: line 1, column 1"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is not JSON: line 1, column 1"),
    ],
)
def test_a_file_that_is_no_json_is_refused_in_one_line(content, message):
    with pytest.raises(DossierFaults) as refusal:
        read_dossier(content)
    assert refusal.value.pairs() == [("", message)]


def test_a_byte_order_mark_is_no_fault():
    content = b"\xef\xbb\xbf" + json.dumps(DOCUMENT).encode()
    assert read_dossier(content) == parse_dossier(DOCUMENT)


def test_a_key_that_stands_twice_is_a_fault():
    content = json.dumps(SMALLEST).replace('"unit"', '"unit": "甲", "unit"').encode()
    with pytest.raises(DossierFaults) as refusal:
        read_dossier(content)
    assert refusal.value.pairs() == [("unit", "the key “unit” stands twice in one object")]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
FIGURES = st.decimals(
    Decimal(-(10**12)), Decimal(10**12), allow_nan=False, allow_infinity=False, places=6
) | st.decimals(Decimal(0), Decimal(100), places=0)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


AMOUNTS = {name: maybe(FIGURES) for name in ("initial", "annual", "paid")}
RULES = st.sampled_from(
    [None, {"type": "proportional"}, {"type": "panel", "points": ["8.5", "9"], "trimmed": True}]
)
INDICATORS = st.builds(
    module.IndicatorFacts,
    level1=TEXTS,
    name=TEXTS,
    kind=st.sampled_from(["quantitative", "qualitative"]),
    level2=maybe(TEXTS),
    weight=maybe(FIGURES),
    direction=st.sampled_from(["higher", "lower", None]),
    target=st.builds(
        module.TargetFacts,
        comparator=st.sampled_from([">=", ">", "=", "<=", "<", None]),
        value=maybe(FIGURES),
        unit=maybe(TEXTS),
        text=maybe(TEXTS),
    ),
    actual=st.builds(module.ActualFacts, value=maybe(FIGURES), text=maybe(TEXTS)),
    rule=RULES,
    stated=st.builds(
        module.StatedIndicator, completion_rate=maybe(TEXTS), met=maybe(st.booleans()), score=maybe(FIGURES)
    ),
    deviation_reason=maybe(TEXTS),
)
BUDGETS = st.builds(
    module.BudgetFacts,
    **AMOUNTS,
    declared=maybe(FIGURES),
    stated_execution_rates=st.lists(TEXTS, max_size=2).map(tuple),
    rows=st.lists(
        st.builds(module.FundingRowFacts, name=TEXTS, rate=maybe(TEXTS), score=maybe(FIGURES), **AMOUNTS),
        max_size=2,
    ).map(tuple),
    lines=st.lists(
        st.builds(
            module.PaymentLineFacts,
            item=TEXTS,
            group=maybe(TEXTS),
            date=maybe(st.dates()),
            paid=maybe(FIGURES),
        ),
        max_size=2,
    ).map(tuple),
    stated_totals=st.lists(
        st.builds(
            module.StatedTotalFacts,
            column=st.sampled_from(["budget", "paid"]),
            amount=FIGURES,
            group=maybe(TEXTS),
        ),
        max_size=2,
    ).map(tuple),
    completed_within_budget=maybe(st.booleans()),
    reason=maybe(TEXTS),
)
DOSSIERS = st.builds(
    Dossier,
    format=st.just("dossier/1"),
    project=st.builds(
        module.ProjectFacts, unit=TEXTS, name=TEXTS, fiscal_year=st.integers(1990, 2100), region=maybe(TEXTS)
    ),
    evaluation=st.builds(
        module.EvaluationFacts,
        kind=st.sampled_from(["self", "department", "finance"]),
        title=maybe(TEXTS),
        base_date=maybe(st.dates()),
    ),
    indicators=st.lists(INDICATORS, max_size=3).map(tuple),
    currency_unit=st.sampled_from(["元", "万元", "亿元"]),
    budget=BUDGETS,
    stated=st.builds(
        module.StatedResult,
        total=maybe(FIGURES),
        grade=maybe(TEXTS),
        by_level1=st.dictionaries(TEXTS, FIGURES, max_size=2),
    ),
    problems=st.lists(
        st.builds(
            module.ProblemFacts, text=TEXTS, owner=maybe(TEXTS), due=maybe(TEXTS), indicator=maybe(TEXTS)
        ),
        max_size=2,
    ).map(tuple),
    recommendations=st.lists(TEXTS, max_size=2).map(tuple),
    report=st.lists(st.builds(module.ChapterFacts, chapter=TEXTS, text=maybe(TEXTS)), max_size=2).map(tuple),
)


@given(DOSSIERS)
def test_any_dossier_survives_the_way_through_a_file(dossier):
    document = dossier_to_json(dossier)
    found = read_dossier(json.dumps(document, ensure_ascii=False).encode())
    assert found == dossier
    assert dossier_to_json(found) == document


@given(DOSSIERS, st.sampled_from([-5, 2.5, ["x"], {"x": "y"}, True]))
def test_a_figure_that_is_no_text_is_always_found(dossier, wrong):
    document = dossier_to_json(replace(dossier, indicators=()))
    document["budget"]["received"] = wrong
    assert [path for path, _ in faults_of(document)] == ["budget.received"]
