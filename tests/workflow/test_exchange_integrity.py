"""check_integrity finds each corruption of the exchange of views and of the appointments."""

from __future__ import annotations

import pytest

from approvals.exchange import exchange_of
from approvals.models import Verb
from evaluations.models import EvaluationUserPermission, Part, Stage
from tests.cast import do, person
from tests.exchange import objecting, put_to_the_unit
from tests.workflow.test_integrity import only, seed
from workflow import appointing
from workflow.integrity import faults

pytestmark = pytest.mark.corrupts


@pytest.fixture
def considered(world, commissioned_evaluation):
    """The unit objected to the problem; that was adopted, and the evaluation waits for its conclusion."""
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    do(Verb.ANSWER, evaluation, world.lin, opinion="有异议", views=objecting(evaluation, {2: "已交付。"}))
    do(Verb.ANSWER, evaluation, world.qian, opinion="同意")
    (view,) = exchange_of(evaluation).objections
    do(Verb.CONSIDER, evaluation, world.sun, considered={view.pk: (True, "属实。")})
    return evaluation


def test_a_sound_exchange_has_no_faults(considered):
    assert faults() == []


def test_after_a_return_to_the_draft_there_are_no_faults(world, considered):
    do(Verb.RETURN, considered, world.zhou, opinion="请重新起草。", to=Stage.DRAFT_CONCLUSION)
    assert faults() == []


@pytest.mark.parametrize("change", ["text = '伪造'", "kind = 'suggestion'", "place = 99"])
def test_a_point_that_was_rewritten_is_found(considered, change):
    point = exchange_of(considered).points[1]
    seed((f"UPDATE approvals_draftpoint SET {change} WHERE id = %s", point.pk))
    assert only(faults(), considered.number, "differ from its audit event")


@pytest.mark.parametrize("change", ["text = '伪造'", "place = 99", "stance = 'agree'"])
def test_a_view_that_was_rewritten_is_found(considered, change):
    (view,) = exchange_of(considered).objections
    seed((f"UPDATE approvals_view SET {change} WHERE id = %s", view.pk))
    assert only(faults(), considered.number, "views of answer", view.decision_id)


@pytest.mark.parametrize("change", ["adopted = false", "reason = '伪造'"])
def test_a_consideration_that_was_rewritten_is_found(considered, change):
    seed((f"UPDATE approvals_consideration SET {change} WHERE id > %s", 0))
    assert only(faults(), considered.number, "what consideration")


def test_a_view_that_is_gone_is_found_and_missed_at_its_point(considered):
    view = exchange_of(considered).addressees[1].views[0]
    seed(("DELETE FROM approvals_view WHERE id = %s", view.pk))
    found = faults()
    assert len(found) == 2
    assert "views of answer" in found[0]
    assert "point 1 of its draft do not agree" in found[1]


def test_an_objection_that_nobody_considered_is_found_behind_the_exchange(considered):
    seed(
        ("DELETE FROM approvals_consideration WHERE id > %s", 0),
        (
            "UPDATE audit_log_auditevent SET data = jsonb_set(data, '{considered}', '[]') "
            "WHERE verb = 'consider' AND id > %s",
            0,
        ),
    )
    found = [line for line in faults() if "audit chain" not in line]
    assert only(found, considered.number, "was not considered")


def test_views_written_with_another_decision_are_found(considered):
    (view,) = exchange_of(considered).objections
    other = considered.decisions.get(verb=Verb.CONSIDER)
    seed(("UPDATE approvals_view SET decision_id = %s WHERE id = %s", other.pk, view.pk))
    assert any(f"answer {other.pk}" in line for line in faults())


def test_an_appointment_and_its_right_go_together(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    he = person("he", "小何")
    appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part=Part.GROUP_HEAD)
    assert faults() == []
    EvaluationUserPermission.objects.filter(user=he).delete()
    assert only(faults(), evaluation.number, "he is appointed but may not see it")


def test_a_right_without_an_appointment_is_found(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    he = person("he", "小何")
    made = appointing.appoint(evaluation=evaluation, actor=world.sun, person=he, part=Part.GROUP_HEAD)
    seed(("UPDATE evaluations_appointment SET ended_at = now() WHERE id = %s", made.pk))
    assert only(faults(), evaluation.number, "he may see it without an appointment")
