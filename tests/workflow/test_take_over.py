"""Steps in the hands of somebody who may not do them, now or any more."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.actions import end_role, grant_role
from accounts.models import RoleHolding
from accounts.roles import Role
from approvals.models import ItemStage, Verb
from audit_log.errors import ConflictOfInterest, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do, open_task
from workflow import services

pytestmark = pytest.mark.django_db


def place_of(subject):
    task = open_task(subject)
    return {"process_id": task.process_id, "task_id": task.pk}


def end(person):
    end_role(actor=None, holding=RoleHolding.objects.get(user=person))


def test_whoever_may_not_verify_an_item_may_not_claim_it_either(world, item_at):
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    place = place_of(item_at(ItemStage.DEPARTMENT_VERIFICATION))
    with refused(ConflictOfInterest):
        services.claim(**place, actor=world.lin)
    services.claim(**place, actor=world.zhao)


def test_a_claimed_step_is_taken_over_when_its_owners_role_has_ended(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    place = place_of(evaluation)
    services.claim(**place, actor=world.zhao)
    with refused(WrongStage):
        services.take_over(**place, actor=world.qian)
    end(world.zhao)
    for stranger in (world.wang, world.sun, world.chu):
        with refused(NotAllowed):
            services.take_over(**place, actor=stranger)
    services.take_over(**place, actor=world.qian)
    event = AuditEvent.objects.get(verb="take_over")
    assert (event.actor_id, event.data["from"]) == (world.qian.pk, world.zhao.pk)
    do(Verb.APPROVE, evaluation, world.qian, opinion="材料齐全。")
    assert evaluation.stage == Stage.FINANCE_REVIEW


def test_the_step_of_a_lead_who_has_left_is_done_by_another_of_the_unit(world, self_evaluation):
    evaluation = self_evaluation()
    world.lin.is_active = False
    world.lin.save_as(world.zhou)
    grant_role(actor=None, user=world.chen, organization=world.unit, role=Role.PROJECT_LEAD)
    services.take_over(**place_of(evaluation), actor=world.chen)
    do(Verb.SUBMIT, evaluation, world.chen)
    assert evaluation.stage == Stage.UNIT_APPROVAL


def test_whoever_may_not_decide_takes_nothing_over(world, self_evaluation):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    place = place_of(self_evaluation(Stage.DEPARTMENT_REVIEW))
    services.claim(**place, actor=world.zhao)
    end(world.zhao)
    with refused(ConflictOfInterest):
        services.take_over(**place, actor=world.wang)


def test_the_dossier_and_the_item_offer_what_was_left_behind_to_other_holders_only(
    world, self_evaluation, item_at, as_
):
    for subject, name in (
        (self_evaluation(Stage.DEPARTMENT_REVIEW), "dossier"),
        (item_at(ItemStage.DEPARTMENT_VERIFICATION), "item"),
    ):
        place = place_of(subject)
        grant = {"user": world.zhao, "organization": world.department, "role": Role.DEPARTMENT_REVIEWER}
        services.claim(**place, actor=world.zhao)
        button = reverse("take_over", args=list(place.values()))
        page = reverse(name, args=[subject.pk])
        assert button not in as_(world.qian).get(page).content.decode()
        end_role(actor=None, holding=RoleHolding.objects.get(user=world.zhao, ended_at=None))
        assert button in as_(world.qian).get(page).content.decode()
        assert button not in as_(world.sun).get(page).content.decode()
        grant_role(actor=None, **grant)
