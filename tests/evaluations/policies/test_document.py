"""A review policy as a document: read strictly, written without loss, and every fault at its place."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given

from evaluations.policies.consequences import DEFAULT_TABLE
from evaluations.policies.document import PolicyContent
from evaluations.policies.shipped import DEFAULT, shipped_policies
from evaluations.strict_json import DocumentFaults
from tests.evaluations.policies.samples import document, documents, shipped, stage_of, step


def faults_of(found) -> list[str]:
    with pytest.raises(DocumentFaults) as refusal:
        PolicyContent.from_json(found)
    return [path for path, _message in refusal.value.pairs()]


@pytest.mark.parametrize("code", shipped_policies())
def test_what_ships_reads_back_to_the_same_content(code):
    content = shipped_policies()[code]
    assert PolicyContent.from_json(json.loads(json.dumps(content.to_json()))) == content


def test_every_kind_has_its_default():
    assert {kind: shipped_policies()[code].kind for kind, code in DEFAULT.items()} == {
        kind: kind for kind in ("self", "department", "finance")
    }


@given(documents())
def test_any_valid_policy_is_read_and_written_without_loss(found):
    content = PolicyContent.from_json(found)
    written = json.loads(json.dumps(content.to_json(), ensure_ascii=False))
    assert PolicyContent.from_json(written) == content
    assert [place for *place, _step in content.positions()] == [
        [each["stage"], number] for each in found["stages"] for number in range(len(each["steps"]))
    ]


def test_consequences_may_be_left_out_and_are_the_default_table_then():
    found = document()
    del found["consequences"]
    assert PolicyContent.from_json(found).consequences == DEFAULT_TABLE


def test_other_consequences_are_kept_and_their_faults_stand_below_their_key():
    found = document()
    found["consequences"]["rows"][2]["none"] = {"use": "cut", "percent": "35"}
    named = PolicyContent.from_json(found).consequences.named("中", "none")
    assert (named.use, named.percent) == ("cut", Decimal(35))
    found["consequences"]["rows"][2]["none"] = "cut"
    assert faults_of(found) == ["consequences.rows[2].none.percent"]


def changed(kind="self", stage="unit_approval", number=0, **values):
    """The product's own policy with one step changed, and that step's path."""
    found = document(kind)
    stage_of(found, stage)[number] |= values
    place = [each["stage"] for each in found["stages"]].index(stage)
    return found, f"stages[{place}].steps[{number}]"


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"asked": "finance_chief"}, "asked"),
        ({"held_at": "bureau"}, "held_at"),
        ({"who": "n_of_m"}, "needed"),
        ({"who": "n_of_m", "needed": 0}, "needed"),
        ({"who": "n_of_m", "needed": 100}, "needed"),
        ({"who": "all", "needed": 2}, "needed"),
        ({"veto": True}, "veto"),
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"on_timeout": "escalate"}, "escalate_to"),
        ({"on_timeout": "escalate", "escalate_to": "project_lead"}, "escalate_to"),
        ({"escalate_to": "department_head"}, "escalate_to"),
        ({"condition": {"budget_over": "-1"}}, "condition.budget_over"),
        ({"condition": {"sample_percent": "0"}}, "condition.sample_percent"),
        ({"condition": {"sample_percent": "100.5"}}, "condition.sample_percent"),
        ({"condition": {"grades": ["优", "极差"]}}, "condition.grades"),
    ],
)
def test_what_a_step_cannot_be_is_said_at_its_field(values, key):
    found, path = changed(**values)
    assert faults_of(found) == [f"{path}.{key}"]


@pytest.mark.parametrize(
    ("place", "values", "key"),
    [
        (("self", "unit_approval"), {"may_adjust": True}, "may_adjust"),
        (("self", "self_assessment"), {"condition": {"budget_over": "5"}}, "condition"),
        (("self", "finance_review"), {"who": "all"}, "who"),
        (("self", "finance_review"), {"condition": {"agency": True}}, "condition.agency"),
        (("finance", "expert_scoring"), {"who": "all"}, "who"),
        (("self", "conclusion"), {"asked": "lead_evaluator", "held_at": "evaluator"}, "asked"),
    ],
)
def test_what_a_work_excludes_is_said_at_its_field(place, values, key):
    found, path = changed(*place, **values)
    assert faults_of(found) == [f"{path}.{key}"]


def test_one_step_of_the_department_applies_to_every_evaluation():
    found, path = changed("self", "department_review", condition={"budget_over": "500"})
    assert faults_of(found) == [path.removesuffix("[0]")]
    stage_of(found, "department_review").append(step("department_head", "department"))
    assert PolicyContent.from_json(found)


def test_a_part_is_one_persons():
    found = shipped("finance-signed")
    stage_of(found, "conclusion")[0]["who"] = "all"
    assert faults_of(found) == ["stages[4].steps[0].who"]


@pytest.mark.parametrize(
    ("stage", "works"),
    [
        ("self_assessment", ["fill", "fill"]),
        ("department_review", []),
        ("department_review", ["file"]),
        ("finance_review", ["file", "review"]),
        ("conclusion", ["sign"]),
        ("conclusion", ["conclude", "conclude"]),
    ],
)
def test_steps_that_cannot_stand_at_a_stage_or_not_in_this_order_are_refused(stage, works):
    found = document()
    stage_of(found, stage)[:] = [step("review_finance", work=work) for work in works]
    place = [each["stage"] for each in found["stages"]].index(stage)
    assert faults_of(found) == [f"stages[{place}].steps"]


@pytest.mark.parametrize("kind", ["department", "finance"])
def test_the_exchange_of_views_cannot_be_left_out(kind):
    found = document(kind)
    found["stages"] = [each for each in found["stages"] if each["stage"] != "exchange_of_views"]
    assert faults_of(found) == ["stages"]


def test_the_unit_s_and_the_bureau_s_review_may_be_left_out():
    found = document()
    optional = ("unit_approval", "finance_review")
    found["stages"] = [each for each in found["stages"] if each["stage"] not in optional]
    assert PolicyContent.from_json(found).steps_at("finance_review") == ()


def test_stages_stand_once_and_in_the_order_of_the_procedure():
    found = document()
    found["stages"].reverse()
    assert faults_of(found) == ["stages"]
    found = document()
    found["stages"].insert(1, found["stages"][0])
    assert faults_of(found) == ["stages"]
    found = document()
    found["stages"][1]["stage"] = "expert_scoring"
    assert faults_of(found) == ["stages[1].stage"]


def test_only_a_self_assessment_stops_at_the_department():
    assert faults_of(document("finance", stops_at_department=True)) == ["stops_at_department"]
    assert PolicyContent.from_json(document(stops_at_department=True)).stops_at_department


def test_what_stops_at_the_department_leaves_finance_the_step_to_re_check_it():
    stopping = document(stops_at_department=True)
    stopping["stages"] = [stage for stage in stopping["stages"] if stage["stage"] != "finance_review"]
    assert faults_of(stopping) == ["stops_at_department"]


def test_what_was_published_is_read_whatever_is_asked_of_new_policies():
    stopping = document(stops_at_department=True)
    stopping["stages"] = [stage for stage in stopping["stages"] if stage["stage"] != "finance_review"]
    assert PolicyContent.from_published(stopping).stops_at_department


@pytest.mark.parametrize("points", ["-0.01", "100.01"])
def test_the_threshold_of_a_re_check_is_a_number_of_points(points):
    assert faults_of(document(recheck_threshold=points)) == ["recheck_threshold"]


def test_unknown_keys_are_named():
    found, path = changed(approves_by_itself=True)
    assert faults_of(found) == [f"{path}.approves_by_itself"]
