"""Entering how far an item has come: what is refused, and what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals import actions
from approvals.models import ItemStage, ProgressEntry, Verb
from audit_log import clock
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from tests.approvals.refusals import refused
from tests.cast import bring_item, do, open_task, report_done, soon
from tests.dossier_content import evidence_file
from tests.rectifying import last_event, on, refused_by_the_database, run_sql
from tests.standing_in import let
from workflow import rectifying
from workflow.attachments import NewFile


def note(item, actor, **details):
    task = open_task(item)
    given = {"percent": 40, "text": "合同已签订。", **details}
    return rectifying.note_progress(process_id=task.process_id, task_id=task.pk, actor=actor, **given)


def new_file():
    return NewFile(**evidence_file())


@pytest.mark.parametrize(
    "stage", [ItemStage.ISSUED, ItemStage.PLANNING, ItemStage.PLAN_REVIEW, ItemStage.DEPARTMENT_VERIFICATION]
)
def test_progress_is_entered_only_while_the_item_is_carried_out(world, item_at, stage):
    item = item_at(stage)
    with refused(WrongStage):
        note(item, world.lin)


@pytest.mark.parametrize("name", ["wang", "zhao", "sun", "chen", "wei"])
def test_only_whoever_carries_the_item_out_enters_progress(world, item_at, name):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(NotAllowed):
        note(item, world.people[name])


@pytest.mark.parametrize("percent", [-1, 101])
def test_progress_is_a_percentage(world, item_at, percent):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(InvalidInput, "percent"):
        note(item, world.lin, percent=percent)


def test_progress_says_what_was_done(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(InvalidInput, "text"):
        note(item, world.lin, text=" ")


@pytest.mark.parametrize("days", [-1, 1], ids=["before it was issued", "after today"])
def test_progress_is_of_a_day_since_the_item_was_issued(world, item_at, days):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(InvalidInput, "day"):
        note(item, world.lin, day=clock.today() + timedelta(days=days))


def test_progress_of_an_earlier_day_is_entered_later(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    today = clock.today()
    with on(soon(5)):
        assert note(item, world.lin, day=today + timedelta(days=2)).day == today + timedelta(days=2)


def test_a_file_of_another_item_shows_no_progress(world, item_at):
    item, other = item_at(ItemStage.CARRYING_OUT), item_at(ItemStage.CARRYING_OUT)
    report_done(other, world.lin)
    file = other.files.get().evidence
    with pytest.raises(InvalidInput) as refusal:
        actions.note_progress(item=item, actor=world.lin, percent=1, text="已签。", evidence=[file])
    assert list(refusal.value.fields) == ["file"]


def test_progress_is_kept_with_its_day_its_files_and_its_event_and_moves_nothing(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    before = item.decisions.count()
    entry = note(item, world.lin, files=[new_file()])
    item.refresh_from_db()
    assert (item.stage, item.decisions.count()) == (ItemStage.CARRYING_OUT, before)
    assert (entry.day, entry.percent, entry.round, entry.actor) == (clock.today(), 40, 1, world.lin)
    assert entry.files.get().evidence.uploaded_by == world.lin
    event = last_event(item, "note_progress")
    assert (event.actor_id, event.object_id) == (world.lin.pk, entry.pk)
    assert (event.data["percent"], event.data["text"]) == (40, "合同已签订。")


def test_the_last_percentage_closes_nothing(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    note(item, world.lin, percent=100, text="全部完成。")
    item.refresh_from_db()
    assert item.stage == ItemStage.CARRYING_OUT


def test_a_stand_in_enters_progress_for_whoever_is_asked(world, item_at):
    let(world.lin, world.chen)
    entry = note(item_at(ItemStage.CARRYING_OUT), world.chen)
    assert (entry.actor, entry.on_behalf_of) == (world.chen, world.lin)


def test_whoever_entered_progress_verifies_nothing_of_it(world, item_at):
    """Chen has stood in for Lin, and reviews for the department as well."""
    grant_role(actor=None, user=world.chen, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    let(world.lin, world.chen)
    item = item_at(ItemStage.CARRYING_OUT)
    note(item, world.chen)
    bring_item(world, item, ItemStage.DEPARTMENT_VERIFICATION)
    with refused(ConflictOfInterest):
        do(Verb.VERIFY, item, world.chen, opinion="属实。")
    do(Verb.VERIFY, item, world.zhao, opinion="属实。")


def test_a_file_that_came_with_progress_carries_the_report_of_its_round(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    note(item, world.lin, files=[new_file()])
    do(Verb.REPORT, item, world.lin, result="已完成。")
    assert item.stage == ItemStage.DEPARTMENT_VERIFICATION


@pytest.mark.parametrize(
    "statement",
    ["UPDATE approvals_progressentry SET percent = 99", "DELETE FROM approvals_progressentry"],
)
def test_progress_stays_as_it_was_entered(world, item_at, statement):
    note(item_at(ItemStage.CARRYING_OUT), world.lin)
    assert ProgressEntry.objects.count() == 1
    with refused_by_the_database("append-only"):
        run_sql(statement)
