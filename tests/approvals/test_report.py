"""Reporting an item as done: what is refused."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals.models import ItemStage, RaisedBy, Verb
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import do, open_task, report_done
from tests.dossier_content import evidence_file
from workflow import services


def attached(item, actor):
    task = open_task(item)
    return services.attach(process_id=task.process_id, task_id=task.pk, actor=actor, **evidence_file())


def test_nothing_is_reported_before_it_was_planned(world, item_at):
    item = item_at(ItemStage.PLANNING)
    with refused(WrongStage):
        do(Verb.REPORT, item, world.lin, result="已完成")


@pytest.mark.parametrize("name", ["wang", "zhao", "sun", "chen"])
def test_only_the_responsible_person_reports(world, item_at, name):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(NotAllowed):
        do(Verb.REPORT, item, world.people[name], result="已完成")


def test_a_report_says_what_was_done(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    file = attached(item, world.lin)
    with refused(InvalidInput, "result"):
        do(Verb.REPORT, item, world.lin, result="", evidence=[file])


def test_a_report_rests_on_a_file(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(InvalidInput, "file"):
        do(Verb.REPORT, item, world.lin, result="已完成")


def test_a_file_of_another_evaluation_proves_nothing_here(world, item_at):
    item, other = item_at(ItemStage.CARRYING_OUT), item_at(ItemStage.CARRYING_OUT)
    foreign = attached(other, world.lin)
    with refused(InvalidInput, "file"):
        do(Verb.REPORT, item, world.lin, result="已完成", evidence=[foreign])


def test_a_file_of_the_concluded_dossier_proves_nothing(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    old = item.evaluation.evidence.get()
    with refused(InvalidInput, "file"):
        do(Verb.REPORT, item, world.lin, result="已完成", evidence=[old])


def test_a_withdrawn_file_proves_nothing(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    file, task = attached(item, world.lin), open_task(item)
    place = {"process_id": task.process_id, "task_id": task.pk, "actor": world.lin}
    services.withdraw(**place, evidence_id=file.pk)
    with refused(InvalidInput, "file"):
        do(Verb.REPORT, item, world.lin, result="已完成", evidence=[file])


@pytest.mark.parametrize("linked", [True, False], ids=["reported", "left over"])
def test_a_file_of_an_earlier_round_proves_nothing(world, item_at, linked):
    item = item_at(ItemStage.CARRYING_OUT, raised_by=RaisedBy.FINANCE)
    left_over = attached(item, world.lin)
    report_done(item, world.lin)
    do(Verb.SEND_BACK, item, world.zhao, opinion="请补充。")
    file = item.files.get().evidence if linked else left_over
    with refused(InvalidInput, "file"):
        do(Verb.REPORT, item, world.lin, result="已完成", evidence=[file])


def test_files_of_an_item_come_in_with_the_report_only(world, item_at, as_):
    item = item_at(ItemStage.CARRYING_OUT)
    task = open_task(item)
    url = reverse("attach_evidence", args=[task.process_id, task.pk])
    assert as_(world.lin).get(url).status_code == 404
    assert as_(world.lin).post(url, {}).status_code == 404
