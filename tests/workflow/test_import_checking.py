"""What a preview promises is what filling in takes: faults are told before, by row and field."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from audit_log.errors import InvalidInput, JihengError
from evaluations.dossier import parse_dossier
from evaluations.models import Evaluation
from tests.cast import open_self_evaluation
from tests.workflow.importing import campaign_of, document, lins
from workflow.importing.filling import carry_out
from workflow.importing.jobs import words_of
from workflow.importing.plan import plan_for, planned_at, whole


def with_indicator(world: Any, place: int, **changes: Any) -> dict[str, Any]:
    value = lins(world)
    value["indicators"][place] |= changes
    return value


LONG = "长" * 301
FAULTY = [
    (lambda world: with_indicator(world, 0, name=LONG), "indicator 1 “" + "长" * 40 + "” · indicator: "),
    (
        lambda world: with_indicator(world, 0, target={"comparator": ">=", "value": "28", "unit": LONG}),
        "indicator 1 “上线模块” · unit of measure: ",
    ),
    (lambda world: with_indicator(world, 1, weight="-1", stated={}), "indicator 2 “网上办理比例” · weight: "),
    (lambda world: with_indicator(world, 1, level1=""), "indicator 2 “网上办理比例” · level 1: "),
    (lambda world: with_indicator(world, 2, stated={"score": "10.5"}), "indicator 3 “群众满意度” · score: "),
    (lambda world: lins(world, budget={"annual": "1" + "0" * 17}), "annual budget: "),
    (lambda world: lins(world, budget={"paid": "-1"}), "paid amount: "),
    (lambda world: lins(world, budget={"lines": [{"item": LONG}]}), "长长” · item: "),
    (lambda world: lins(world, stated={"grade": "极好"}), "stated grade: "),
    (lambda world: lins(world, problems=[{"text": "进度滞后。", "owner": LONG}]), "who is responsible: "),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words"), FAULTY)
def test_a_preview_tells_what_cannot_be_taken_and_filling_in_agrees(make, words, world):
    evaluation = whole(open_self_evaluation(world).pk)
    dossier = parse_dossier(make(world))
    with translation.override("en"):
        plan = plan_for(dossier, actor=world.lin, evaluation=evaluation)
        with pytest.raises(InvalidInput):
            carry_out(planned_at(dossier, world.lin, evaluation, None), world.lin)
    assert plan.outcome == "refused"
    assert words in plan.refusal
    assert "indicators-" not in plan.refusal
    assert plan.differences != ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"evaluation": {"kind": "self", "title": LONG}}, "title: "),
        ({"project": {"name": "名" * 201, "fiscal_year": 2025}}, "project: "),
        ({"project": {"name": "新项目", "fiscal_year": 2025, "region": LONG}}, "region: "),
    ],
)
def test_a_new_evaluation_and_its_project_are_checked_too(changes, words, world):
    value = document(world.unit.name, "档案系统")
    value |= {name: {**value[name], **facts} for name, facts in changes.items()}
    with translation.override("en"):
        plan = plan_for(parse_dossier(value), actor=world.sun, campaign=campaign_of(world))
    assert (plan.outcome, words in plan.refusal) == ("refused", True)
    assert Evaluation.objects.count() == 0


def test_many_faults_are_counted(world):
    rows = [{**row, "name": LONG} for row in lins(world)["indicators"] * 10]
    evaluation = whole(open_self_evaluation(world).pk)
    with translation.override("en"):
        dossier = parse_dossier(lins(world, indicators=rows))
        plan = plan_for(dossier, actor=world.lin, evaluation=evaluation)
    assert len(plan.refusal.splitlines()) == 22
    assert plan.refusal.splitlines()[-1] == "and 10 more"


def test_what_filling_in_refuses_all_the_same_is_told_by_row_and_field(world):
    evaluation = whole(open_self_evaluation(world).pk)
    dossier = parse_dossier(with_indicator(world, 2, stated={"score": "10.5"}))
    plan = planned_at(dossier, world.lin, evaluation, None)
    with translation.override("en"):
        with pytest.raises(JihengError) as refused:
            carry_out(plan, world.lin)
        words = words_of(refused.value, plan.changes)
    assert "indicator 3 “群众满意度” · score: The score 10.5 is above the weight 10" in words
