"""Whether the people that there are could complete a policy, and which offices could not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import RIGHTS, Role
from evaluations.policies.fillable import Office, fillable
from evaluations.policies.shipped import default_policy, shipped_policies
from tests.evaluations.policies.samples import step, with_steps

FULL = {"finance_officer": [10, 11], "finance_chief": [12], "bureau_leader": [13]}


def office(name, level, **roles):
    """An office with the ids of those who hold each role there."""
    holders: dict[str, set[int]] = {}
    for role, people in roles.items():
        for right in RIGHTS[Role(role)]:
            holders.setdefault(right, set()).update(people)
    return Office(name, level, {str(right): frozenset(people) for right, people in holders.items()})


def chained(unit=(), department=(), number=1, **bureau):
    """A unit below its department below the bureau, with the ids of who holds what at each."""
    return [
        replace(office(f"单位{number}", "unit", **dict(unit)), id=number, above=50 + number),
        replace(office(f"部门{number}", "department", **dict(department)), id=50 + number, above=99),
        replace(office("财政局", "bureau", expert=[20, 21], **bureau), id=99),
    ]


UNIT = {"project_lead": [1], "unit_approver": [2]}
DEPARTMENT = {"department_reviewer": [3], "department_head": [4]}


@pytest.mark.parametrize(
    ("unit", "department", "bureau", "stuck_at"),
    [
        (UNIT, DEPARTMENT, FULL, []),
        (UNIT, {"department_reviewer": [2]}, FULL, ["stages[2].steps[0].asked"]),
        ({**UNIT, "unit_approver": [2, 5]}, {"department_reviewer": [2]}, FULL, []),
        (
            UNIT,
            {"department_reviewer": [10]},
            {"finance_officer": [10], "finance_chief": [12]},
            ["stages[3].steps[0].asked"],
        ),
    ],
    ids=["own people", "approver and reviewer", "a second approver", "reviewer and officer"],
)
def test_one_person_in_two_offices_cannot_act_at_steps_of_both(unit, department, bureau, stuck_at):
    assert list(faults(default_policy("self"), chained(unit, department, **bureau))) == stuck_at


def test_units_whose_one_person_stands_in_two_offices_are_named_while_others_could():
    other = chained(UNIT, {"department_reviewer": [2]}, number=2)[:2]
    found = fillable(default_policy("self"), [*chained(UNIT, DEPARTMENT, **FULL), *other])
    assert found.faults == ()
    (warning,) = found.warnings
    assert (warning.path, warning.values["offices"]) == ("stages[2].steps[0]", "单位2")


def test_a_role_that_is_told_of_late_work_has_a_holder():
    late = step("review_finance", work="file", on_timeout="escalate", escalate_to="bureau_leader")
    content = with_steps(finance_review=[late])
    assert list(faults(content, below(finance_officer=[10, 11], finance_chief=[12]))) == [
        "stages[3].steps[0].escalate_to"
    ]
    assert faults(content, below(**FULL)) == {}


def below(**roles):
    """One unit and one department that can do everything."""
    return [
        office("单位", "unit", project_lead=[1], unit_approver=[2]),
        office("部门", "department", department_reviewer=[3, 4], department_head=[5]),
        office("财政局", "bureau", expert=[20, 21], **roles),
    ]


def faults(content, offices):
    return {fault.path: fault.message for fault in fillable(content, offices).faults}


@pytest.mark.parametrize("code", shipped_policies())
def test_a_full_staff_can_complete_whatever_ships(code):
    staff = below(**FULL, finance_division_reviewer=[14])
    found = fillable(shipped_policies()[code], staff)
    assert (found.faults, found.warnings) == ((), ())


def test_a_role_that_nobody_holds_at_the_bureau_is_a_fault_at_its_step():
    content = with_steps(conclusion=[*CONCLUDE, step("bureau_leader", work="sign")])
    found = faults(content, below(finance_officer=[10], finance_chief=[12]))
    assert list(found) == ["stages[4].steps[1].asked"]
    assert "nobody" in found["stages[4].steps[1].asked"]


CONCLUDE = [step("conclude", work="conclude")]
FILE = step("review_finance", work="file")


def test_a_condition_excuses_no_role_from_having_a_holder():
    signed = step("bureau_leader", work="sign", condition={"budget_over": "500"})
    content = with_steps(conclusion=[*CONCLUDE, signed])
    assert list(faults(content, below(finance_officer=[10], finance_chief=[12]))) == [
        "stages[4].steps[1].asked"
    ]


def test_n_of_m_needs_as_many_holders():
    joint = step("finance_officer", who="n_of_m", needed=3)
    found = faults(with_steps(finance_review=[joint, FILE]), below(**FULL))
    assert list(found) == ["stages[3].steps[0].needed"]
    assert "3" in found["stages[3].steps[0].needed"]
    assert "2" in found["stages[3].steps[0].needed"]


@pytest.mark.parametrize(("officers", "able"), [([10, 11], False), ([10, 11, 12], True)])
def test_whoever_agrees_in_n_of_m_is_not_there_for_the_next_step(officers, able):
    joint = step("finance_officer", who="n_of_m", needed=2)
    content = with_steps(finance_review=[joint, FILE])
    found = faults(content, below(finance_officer=officers, finance_chief=[15]))
    assert list(found) == ([] if able else ["stages[3].steps[1].asked"])


def test_where_all_of_a_role_are_asked_none_of_them_is_left():
    content = with_steps(finance_review=[step("finance_officer", who="all"), FILE])
    assert list(faults(content, below(**FULL))) == ["stages[3].steps[1].asked"]
    assert faults(content, below(**FULL, finance_division_reviewer=[14])) == {}


def test_one_person_in_two_roles_cannot_act_at_two_steps():
    content = with_steps(conclusion=[*CONCLUDE, step("bureau_leader", work="sign")])
    one = below(finance_officer=[10], finance_chief=[12], bureau_leader=[12])
    assert list(faults(content, one)) == ["stages[4].steps[1].asked"]
    two = below(finance_officer=[10], finance_chief=[12, 13], bureau_leader=[12])
    assert faults(content, two) == {}


def test_two_steps_that_are_not_both_always_passed_may_be_one_persons():
    signed = step("bureau_leader", work="sign", condition={"budget_over": "500"})
    one = below(finance_officer=[10], finance_chief=[12], bureau_leader=[12])
    assert faults(with_steps(conclusion=[*CONCLUDE, signed]), one) == {}


def test_whoever_drafts_may_weigh_the_answers_but_not_review_the_draft():
    drafter = below(finance_officer=[10], finance_chief=[12])
    assert faults(default_policy("finance"), drafter) == {}
    draft = step("run_evaluation", "evaluator", "draft")
    content = with_steps("finance", draft_conclusion=[draft, step("finance_officer")])
    assert list(faults(content, drafter)) == ["stages[2].steps[1].asked"]


def test_offices_that_could_not_are_named_while_one_could():
    other = office("另一部门", "department", department_head=[])
    third = office("第三部门", "department", department_reviewer=[], department_head=[])
    found = fillable(default_policy("self"), [*below(**FULL), other, third])
    assert found.faults == ()
    (warning,) = found.warnings
    assert warning.path == "stages[2].steps[0]"
    assert warning.values["offices"] == "另一部门、第三部门"


def test_when_no_office_of_a_level_could_it_is_a_fault_even_for_different_reasons():
    head = step("department_head", "department")
    content = with_steps(department_review=[step("department_reviewer", "department"), head])
    offices = [
        office("单位", "unit", project_lead=[1], unit_approver=[2]),
        office("甲", "department", department_reviewer=[3]),
        office("乙", "department", department_reviewer=[6], department_head=[6]),
        office("财政局", "bureau", **FULL),
    ]
    found = fillable(content, offices)
    assert found.warnings == ()
    assert [fault.path for fault in found.faults] == ["stages[2].steps[1].asked"] * 2
    assert len({fault.words for fault in found.faults}) == 2


def test_a_bureau_without_departments_and_units_completes_nothing():
    found = faults(default_policy("self"), [office("财政局", "bureau", **FULL)])
    assert [path.partition(".")[0] for path in found] == ["stages[0]", "stages[1]", "stages[2]"]


def test_a_department_evaluation_is_run_in_the_department():
    found = faults(default_policy("department"), [*below()[:1], office("财政局", "bureau", **FULL)])
    assert "stages[2].steps[0].asked" in found


def test_parts_are_appointed_evaluation_by_evaluation():
    assert faults(shipped_policies()["finance-signed"], below(**FULL)) == {}


STAFF = st.lists(st.integers(1, 6), max_size=4)


@given(STAFF, STAFF, STAFF, st.integers(1, 3))
def test_what_passes_can_be_acted_out_by_different_people(officers, chiefs, leaders, needed):
    """Against every way of choosing people, tried one by one."""
    content = with_steps(
        finance_review=[step("finance_officer", who="n_of_m", needed=needed), FILE],
        conclusion=[step("finance_chief", work="conclude"), step("bureau_leader", work="sign")],
    )
    staff = below(finance_officer=officers, finance_chief=chiefs, bureau_leader=leaders)
    places = [set(officers)] * (needed + 1) + [set(chiefs), set(leaders)]
    assert (faults(content, staff) == {}) == can_be_told_apart(places)


def can_be_told_apart(places: list[set[int]], used: frozenset[int] = frozenset()) -> bool:
    if not places:
        return True
    return any(can_be_told_apart(places[1:], used | {person}) for person in places[0] - used)
