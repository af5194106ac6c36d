"""Verifying an item: what is refused."""

from __future__ import annotations

import pytest

from accounts.actions import end_role, grant_role
from accounts.roles import Role
from approvals.models import ItemStage, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import bring_item, do, open_task
from tests.dossier_content import evidence_file
from workflow import services


def test_nothing_is_verified_before_it_was_reported(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(WrongStage):
        do(Verb.VERIFY, item, world.lin, opinion="属实")


@pytest.mark.parametrize(
    ("stage", "name"),
    [
        (ItemStage.DEPARTMENT_VERIFICATION, "lin"),
        (ItemStage.DEPARTMENT_VERIFICATION, "sun"),
        (ItemStage.DEPARTMENT_VERIFICATION, "chu"),
        (ItemStage.FINANCE_VERIFICATION, "zhao"),
        (ItemStage.FINANCE_VERIFICATION, "feng"),
        (ItemStage.FINANCE_VERIFICATION, "wei"),
    ],
)
def test_only_the_office_that_is_asked_verifies(world, item_at, stage, name):
    item = item_at(stage)
    with refused(NotAllowed):
        do(Verb.VERIFY, item, world.people[name], opinion="属实")


def test_the_responsible_person_never_verifies(world, item_at):
    grant_role(actor=None, user=world.lin, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.lin, opinion="属实")


def test_a_verification_says_what_was_checked(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    with refused(InvalidInput, "opinion"):
        do(Verb.VERIFY, item, world.zhao, opinion="")


def test_the_lead_of_the_project_verifies_no_item_of_it(world, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    item.evaluation.project.lead = world.qian
    item.evaluation.project.save_as(world.sun)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.qian, opinion="属实")


def test_whoever_brought_the_files_of_an_item_does_not_verify_it(world, item_at):
    """Qian adds the file while helping the unit out; Chen reports with it."""
    holding = grant_role(actor=None, user=world.qian, organization=world.other_unit, role=Role.PROJECT_LEAD)
    item = item_at(ItemStage.PLANNING, responsible_unit=world.other_unit)
    bring_item(world, item, ItemStage.CARRYING_OUT)
    task = open_task(item)
    file = services.attach(process_id=task.process_id, task_id=task.pk, actor=world.qian, **evidence_file())
    do(Verb.REPORT, item, world.chen, result="已交付。", evidence=[file])
    end_role(actor=None, holding=holding)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.qian, opinion="属实")
    do(Verb.VERIFY, item, world.zhao, opinion="属实")
