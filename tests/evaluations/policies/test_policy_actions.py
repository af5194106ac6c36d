"""The verbs on review policies: who may, when, and what nobody could complete."""

from __future__ import annotations

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Verb
from approvals.procedure import steps_of
from approvals.uses import table_of
from audit_log.errors import InvalidInput, NotAllowed, Outdated, WrongStage
from audit_log.models import AuditEvent
from evaluations import actions
from evaluations.computed import panel_rule_of
from evaluations.models import ReviewPolicy, Stage
from evaluations.policies.chosen import policy_of
from tests.cast import do, open_self_evaluation, person
from tests.evaluations.policies.samples import document, stage_of, step

pytestmark = pytest.mark.django_db


def shipped(code="self-default"):
    return ReviewPolicy.objects.get(code=code, version=1)


def draft_of(world, code="self-default", **stages):
    """A draft of the bureau's with other steps at some stages."""
    draft = actions.draft_policy(actor=world.sun, source=shipped(code), bureau=world.bureau, code="own")
    if stages:
        found = draft.content
        for name, steps in stages.items():
            stage_of(found, name)[:] = steps
        draft = actions.change_policy(actor=world.sun, policy=draft, document=found)
    return draft


def test_a_policy_is_drafted_changed_published_and_retired_with_its_events(world):
    draft = draft_of(world, department_review=[step("department_head", "department")])
    published = actions.publish_policy(actor=world.sun, policy=draft)
    retired = actions.retire_policy(actor=world.zhou, policy=published, reason="由新版替代")
    assert retired.status == ReviewPolicy.Status.RETIRED
    verbs = AuditEvent.objects.filter(chain="policy:own").values_list("verb", flat=True)
    assert list(verbs) == ["draft_policy", "change_policy", "publish_policy", "retire_policy"]


def test_only_whoever_maintains_the_bureau_s_templates_may(world):
    draft = draft_of(world)
    with pytest.raises(NotAllowed):
        actions.draft_policy(actor=world.zhao, source=shipped(), bureau=world.bureau, code="x-1")
    with pytest.raises(NotAllowed):
        actions.change_policy(actor=world.feng, policy=draft, document=draft.content)
    with pytest.raises(NotAllowed):
        actions.publish_policy(actor=world.qian, policy=draft)
    with pytest.raises(NotAllowed):
        actions.retire_policy(actor=world.sun, policy=shipped(), reason="不用了")


def test_a_published_policy_changes_no_more(world):
    published = actions.publish_policy(actor=world.sun, policy=draft_of(world))
    with pytest.raises(WrongStage):
        actions.change_policy(actor=world.sun, policy=published, document=published.content)


def test_whoever_saw_something_else_publishes_nothing(world):
    draft = draft_of(world)
    with pytest.raises(Outdated):
        actions.publish_policy(actor=world.sun, policy=draft, seen="something else")


def test_the_kind_stays_what_it_was_copied_from(world):
    with pytest.raises(InvalidInput) as refusal:
        actions.change_policy(actor=world.sun, policy=draft_of(world), document=document("finance"))
    assert any(path.startswith("stages") for path in refusal.value.fields)


def test_what_cannot_be_a_step_is_said_at_its_path(world):
    with pytest.raises(InvalidInput) as refusal:
        draft_of(world, department_review=[step("finance_chief", "bureau")])
    assert list(refusal.value.fields) == ["stages[2].steps[0].asked"]


def test_a_policy_without_holders_is_refused_and_stays_a_draft(world):
    signed = [step("conclude", work="conclude"), step("bureau_leader", work="sign")]
    draft = draft_of(world, conclusion=signed)
    with pytest.raises(InvalidInput) as refusal:
        actions.publish_policy(actor=world.sun, policy=draft)
    assert list(refusal.value.fields) == ["stages[4].steps[1].asked"]
    draft.refresh_from_db()
    assert draft.is_draft
    assert not AuditEvent.objects.filter(verb="publish_policy").exists()
    person("leader", "小沈", Role.BUREAU_LEADER, world.bureau)
    assert actions.publish_policy(actor=world.sun, policy=draft).is_published


def test_more_people_than_there_are_cannot_be_made_to_agree(world):
    joint = step("finance_officer", who="n_of_m", needed=2)
    draft = draft_of(world, finance_review=[joint, step("review_finance", work="file")])
    with pytest.raises(InvalidInput) as refusal:
        actions.publish_policy(actor=world.sun, policy=draft)
    assert list(refusal.value.fields) == ["stages[3].steps[0].needed"]


def test_one_person_in_two_roles_cannot_be_asked_twice(world):
    signed = [step("conclude", work="conclude"), step("bureau_leader", work="sign")]
    draft = draft_of(world, conclusion=signed)
    grant_role(actor=None, user=world.zhou, organization=world.bureau, role=Role.BUREAU_LEADER)
    with pytest.raises(InvalidInput) as refusal:
        actions.publish_policy(actor=world.sun, policy=draft)
    assert list(refusal.value.fields) == ["stages[4].steps[1].asked"]


def test_people_who_left_hold_nothing(world):
    draft = draft_of(world)
    world.zhou.is_active = False
    world.zhou.save_as(None, "left")
    with pytest.raises(InvalidInput) as refusal:
        actions.publish_policy(actor=world.sun, policy=draft)
    assert list(refusal.value.fields) == ["stages[4].steps[0].asked"]


# --- What an evaluation keeps ---------------------------------------------------------


def test_an_evaluation_goes_on_by_the_version_that_it_started_with(world, self_evaluation):
    first = actions.publish_policy(actor=world.sun, policy=draft_of(world))
    old = self_evaluation(Stage.UNIT_APPROVAL, policy=first)
    second = actions.draft_policy(actor=world.sun, source=first, bureau=world.bureau)
    found = second.content
    stage_of(found, "department_review").append(step("department_head", "department"))
    second = actions.change_policy(actor=world.sun, policy=second, document=found)
    second = actions.publish_policy(actor=world.sun, policy=second)
    new = self_evaluation(Stage.UNIT_APPROVAL, policy=second)
    actions.retire_policy(actor=world.sun, policy=first, reason="由新版替代")
    assert [len(steps_of(evaluation)) for evaluation in (old, new)] == [5, 6]
    for evaluation in (old, new):
        do(Verb.APPROVE, evaluation, world.wang)
        do(Verb.APPROVE, evaluation, world.zhao)
    assert (old.stage, old.step) == (Stage.FINANCE_REVIEW, 0)
    assert (new.stage, new.step) == (Stage.DEPARTMENT_REVIEW, 1)


def test_the_rules_for_panels_and_consequences_are_those_of_the_policy(world):
    draft = draft_of(world)
    found = {**draft.content, "panel_rule": "trimmed_mean"}
    found["consequences"]["rows"][0]["none"] = "keep"
    draft = actions.change_policy(actor=world.sun, policy=draft, document=found)
    evaluation = open_self_evaluation(
        world, policy=actions.publish_policy(actor=world.sun, policy=draft), project=world.new_project()
    )
    assert panel_rule_of(evaluation) == "trimmed_mean"
    assert table_of(evaluation).named("优", "none").use == "keep"
    usual = open_self_evaluation(world, project=world.new_project())
    assert policy_of(usual).code == "self-default"
    assert table_of(usual).named("优", "none").use == "support"


def test_a_campaign_without_a_choice_keeps_the_usual_policy_of_its_kind(world):
    campaign = actions.create_campaign(
        actor=world.sun,
        organizer=world.bureau,
        scheme=world.scheme,
        name="年度",
        fiscal_year=2025,
        kind="finance",
    )
    assert campaign.policy == shipped("finance-default")


def test_a_campaign_takes_a_published_policy_of_its_own_kind_and_bureau(world):
    details = {"organizer": world.bureau, "scheme": world.scheme, "fiscal_year": 2025, "kind": "self"}

    def prepared(policy, name="年度"):
        return actions.create_campaign(actor=world.sun, policy=policy, name=name, **details)

    draft = draft_of(world)
    for refused in (draft, shipped("finance-default")):
        with pytest.raises(InvalidInput) as refusal:
            prepared(refused)
        assert list(refusal.value.fields) == ["policy"]
    published = actions.publish_policy(actor=world.sun, policy=draft)
    assert prepared(published).policy == published
