"""What the rules give for the four published evaluations."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from evaluations.dossier import read_dossier
from evaluations.scoring import ScoredDossier, scheme_for, score_dossier
from tests.evaluations.scoring.samples import scheme

CASES = Path(__file__).resolve().parents[3] / "workflow" / "demo" / "cases"


def computed(case: str) -> ScoredDossier:
    dossier = read_dossier((CASES / f"{case}.json").read_bytes())
    rows = [row.figures() for row in dossier.indicators]
    return score_dossier(rows, dossier.budget.figures(), scheme(scheme_for(row.level1 for row in rows)))


def test_shaoxing_comes_to_99_29_where_98_was_stated():
    result = computed("shaoxing-2019")
    modules = result.indicators[0]
    assert (modules.points, modules.explanation.arithmetic) == (Decimal("9.29"), "10 × 26 ÷ 28 = 9.29")
    assert (result.total, result.grade, result.assigned_weights) == (Decimal("99.29"), "优", False)
    assert [(row.level1, row.points) for row in result.subtotals] == [
        ("产出", Decimal("59.29")),
        ("效益", Decimal("40.00")),
    ]
    assert (result.execution.points, result.notes, result.faults) == (None, (), ())


def test_kashgar_is_weighed_by_equal_shares_and_comes_to_97_72():
    result = computed("kashgar-2019")
    assert result.assigned_weights
    assert [note.code for note in result.notes] == ["equal-shares"]
    assert [str(row.weight) for row in result.indicators] == (
        ["3.13", "3.13", "3.13", "3.11", "12.50", "6.25", "6.25"]
        + ["1.56"] * 7
        + ["1.58", "15.00", "15.00", "5.00", "5.00"]
    )
    assert [(row.figures.name, row.points) for row in result.indicators if row.points != row.weight] == [
        ("短信数量", Decimal("2.78"))
    ]
    assert result.execution.explanation.arithmetic == "10 × 476.9512 ÷ 591.299 = 8.07"
    assert (result.total, result.grade) == (Decimal("97.72"), "优")


def test_guangzhou_stays_open_because_one_actual_only_repeats_its_target():
    result = computed("guangzhou-2023")
    open_rows = [row.figures.name for row in result.indicators if row.points is None]
    assert open_rows == ["新增非结构化数据量"]
    assert (result.total, result.least, result.most) == (None, 80, 100)
    assert [(row.level1, row.points) for row in result.subtotals] == [
        ("过程", Decimal("20.00")),
        ("产出", Decimal("40.00")),
        ("效益", None),
    ]


def test_dongcheng_is_left_to_the_experts():
    result = computed("dongcheng-2020")
    assert {row.points for row in result.indicators} == {None}
    assert {row.explanation.code for row in result.indicators} == {"words-missing"}
    assert [(row.level1, row.weight) for row in result.subtotals] == [
        ("决策", 10),
        ("过程", 20),
        ("产出", 40),
        ("效益", 30),
    ]
    assert (result.total, result.execution.rate, result.notes) == (None, None, ())
