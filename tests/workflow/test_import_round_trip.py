"""What was taken out as a file goes in again whole; what does not is told."""

from __future__ import annotations

from typing import Any

import pytest

from evaluations.dossier import parse_dossier
from evaluations.exchange.understanding import Understanding
from evaluations.models import Evaluation, Project, Stage
from tests.cast import World, open_self_evaluation
from tests.workflow.importing import campaign_of, held, lins
from workflow.importing.filling import carry_out
from workflow.importing.plan import Plan, plan_for, whole
from workflow.importing.preview import remarks_of, remarks_on


def planned(value: dict[str, Any], world: World, evaluation: Evaluation) -> Plan:
    return plan_for(parse_dossier(value), actor=world.lin, evaluation=whole(evaluation.pk))


def told(value: dict[str, Any], plan: Plan) -> dict[str, str]:
    """Every place of which the preview says that it is not taken, with what stands there."""
    dossier = parse_dossier(value)
    remarks = [*remarks_on(dossier, plan), *remarks_of(Understanding(dossier))]
    return {remark.place: remark.found for remark in remarks}


@pytest.fixture
def taken_out(world, self_evaluation) -> dict[str, Any]:
    """A complete dossier with a problem that speaks of an indicator, as it is taken out."""
    evaluation = self_evaluation(Stage.UNIT_APPROVAL)
    problem = evaluation.problems.get()
    problem.indicator = evaluation.indicators.get(name="上线业务模块")
    problem.save_as(world.lin)
    evaluation.team = ["小林", "小陈"]
    evaluation.report_date = "2026-03-01"
    evaluation.title = "信息系统绩效自评"
    evaluation.save_as(world.lin)
    Project.objects.filter(pk=evaluation.project_id).update(region="衡州市")
    return held(evaluation)


def test_a_dossier_taken_out_goes_into_an_empty_evaluation_whole_but_for_what_is_told(world, taken_out):
    evaluation = open_self_evaluation(world, project=world.new_project())
    plan = planned(taken_out, world, evaluation)
    carry_out(plan, world.lin)
    found = held(evaluation)
    assert told(taken_out, plan) == {
        "project.name": taken_out["project"]["name"],
        "project.region": "衡州市",
        "evaluation.title": "信息系统绩效自评",
    }
    for place in told(taken_out, plan):
        part, name = place.split(".")
        found[part][name] = taken_out[part][name]
    assert found == taken_out


def test_a_new_evaluation_takes_its_title_from_the_file(world, taken_out):
    value = {**taken_out, "project": {**taken_out["project"], "name": "档案系统"}}
    plan = plan_for(parse_dossier(value), actor=world.sun, campaign=campaign_of(world))
    evaluation = carry_out(plan, world.sun)
    assert evaluation is not None
    assert told(value, plan) == {}
    assert held(evaluation) == value


def test_a_department_a_region_or_a_scheme_that_the_file_names_otherwise_is_told(world):
    value = lins(world, evaluation={"kind": "self", "scheme": "another"})
    value["project"] |= {"department": "水利局", "region": "某区"}
    plan = plan_for(parse_dossier(value), actor=world.sun, campaign=campaign_of(world))
    assert told(value, plan) == {
        "project.department": "水利局",
        "project.region": "某区",
        "evaluation.scheme": "another",
    }


def test_a_problem_is_moved_to_another_indicator_and_once_is_enough(world):
    evaluation = open_self_evaluation(world)
    problem = {"text": "两个模块未按期交付。", "indicator": "上线模块"}
    carry_out(planned(lins(world, problems=[problem]), world, evaluation), world.lin)
    assert evaluation.problems.get().indicator.name == "上线模块"
    assert planned(lins(world, problems=[problem]), world, evaluation).outcome == "unchanged"
    moved = planned(lins(world, problems=[{**problem, "indicator": "群众满意度"}]), world, evaluation)
    assert [(row.before, row.after) for row in moved.differences] == [("上线模块", "群众满意度")]
    carry_out(moved, world.lin)
    assert evaluation.problems.get().indicator.name == "群众满意度"


def test_an_indicator_that_the_file_does_not_hold_is_told(world):
    value = lins(world, problems=[{"text": "进度滞后。", "indicator": "无此指标"}])
    plan = planned(value, world, open_self_evaluation(world))
    carry_out(plan, world.lin)
    assert told(value, plan) == {"problems[0].indicator": "无此指标"}
