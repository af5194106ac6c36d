"""A later due date: asked for in time by the unit, granted or refused by finance, so often as policy lets."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ExtensionAnswer, ItemStage, RaisedBy
from audit_log.errors import AlreadyHandled, ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from evaluations.policies.terms import DEFAULT_TERMS
from tests.approvals.refusals import refused
from tests.cast import bring_item, open_task, soon
from tests.rectifying import last_event, leader_of, on, refused_by_the_database, run_sql, told
from tests.standing_in import let
from workflow import rectifying, services

Outcome = ExtensionAnswer.Outcome


def ask(item, actor, due=None, reason="承建方延期交货。"):
    return rectifying.ask_extension(item=item, actor=actor, due=due or soon(60), reason=reason)


def answer(extension, actor, granted=True, **details):
    found = rectifying.answer_extension(extension=extension, actor=actor, granted=granted, **details)
    extension.item.refresh_from_db()
    return found


# --- asking ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["zhao", "qian", "sun", "zhou", "chen", "feng", "wei"])
def test_only_the_responsible_unit_asks(world, item_at, name):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(NotAllowed):
        ask(item, world.people[name])


@pytest.mark.parametrize(
    "stage",
    [
        ItemStage.PLANNING,
        ItemStage.OBJECTION,
        ItemStage.PLAN_REVIEW,
        ItemStage.CARRYING_OUT,
        ItemStage.DEPARTMENT_VERIFICATION,
        ItemStage.FINANCE_VERIFICATION,
    ],
)
def test_an_extension_is_asked_for_from_the_receipt_on_until_the_item_is_closed(world, item_at, stage):
    extension = ask(item_at(stage), world.lin)
    assert (extension.due_before, extension.due) == (soon(30), soon(60))


@pytest.mark.parametrize(
    "stage",
    [
        ItemStage.DRAFT,
        ItemStage.ISSUED,
        ItemStage.CLOSED,
    ],
)
def test_before_the_receipt_and_after_the_end_no_extension_is_asked_for(world, item_at, stage):
    item = item_at(stage)
    with refused(WrongStage):
        ask(item, world.lin)


def test_no_extension_is_granted_until_a_day_that_has_passed(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT, due=soon(3))
    extension = ask(item, world.lin, due=soon(5))
    with on(soon(6)), refused(InvalidInput, "due"):
        answer(extension, world.sun)


def test_an_extension_has_a_reason_and_a_later_day(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with refused(InvalidInput, "reason"):
        ask(item, world.lin, reason=" ")
    with refused(InvalidInput, "due"):
        ask(item, world.lin, due=item.due)


def test_an_extension_is_asked_for_until_the_working_day_on_which_the_due_date_ends(world, item_at):
    """May Day is off, and so are the days until 5 May."""
    with on(date(2026, 4, 1)):
        items = [item_at(ItemStage.CARRYING_OUT, due=date(2026, 5, 1)) for _ in range(2)]
    with on(date(2026, 5, 6)):
        ask(items[0], world.lin)
    with on(date(2026, 5, 7)), refused(WrongStage):
        ask(items[1], world.lin)


def test_one_extension_at_a_time_is_asked_for(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    ask(item, world.lin)
    with refused(WrongStage):
        ask(item, world.wang, due=soon(70))


def test_an_extension_is_granted_so_often_as_the_policy_lets(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    answer(ask(item, world.lin), world.sun, granted=False, reason="理由不足。")
    for number in range(1, DEFAULT_TERMS.extensions + 1):
        answer(ask(item, world.lin, due=soon(30 + number)), world.sun)
    with refused(WrongStage):
        ask(item, world.lin, due=soon(90))


def test_what_is_asked_for_is_kept_and_finance_is_told(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    extension = ask(item, world.wang, reason=" 承建方延期交货。 ")
    assert (extension.actor, extension.reason, extension.round) == (world.wang, "承建方延期交货。", 1)
    assert last_event(item, "ask_extension").data["due"] == str(soon(60))
    assert told(f"extension:{extension.pk}") == [world.sun, world.zhou]
    item.refresh_from_db()
    assert item.due == soon(30)


def test_a_stand_in_asks_for_whoever_carries_it_out(world, item_at):
    let(world.lin, world.chen)
    extension = ask(item_at(ItemStage.CARRYING_OUT), world.chen)
    assert (extension.actor, extension.on_behalf_of) == (world.chen, world.lin)


# --- answering ---------------------------------------------------------------------------


@pytest.mark.parametrize("raised_by", [RaisedBy.FINANCE, RaisedBy.DEPARTMENT])
@pytest.mark.parametrize("name", ["lin", "wang", "zhao", "qian", "feng", "wei"])
def test_only_finance_answers_whoever_raised_the_item(world, item_at, name, raised_by):
    extension = ask(item_at(ItemStage.CARRYING_OUT, raised_by=raised_by), world.lin)
    with refused(NotAllowed):
        answer(extension, world.people[name])


def test_a_refusal_has_a_reason_and_a_grant_a_later_day(world, item_at):
    extension = ask(item_at(ItemStage.CARRYING_OUT), world.lin)
    with refused(InvalidInput, "reason"):
        answer(extension, world.sun, granted=False, reason=" ")
    with refused(InvalidInput, "due"):
        answer(extension, world.sun, due=soon(30))


def test_a_granted_extension_moves_the_due_date_and_its_step_and_leaves_the_first_date(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    found = answer(ask(item, world.lin), world.sun, reason="情况属实。")
    item.refresh_from_db()
    assert (item.due, item.original_due, open_task(item).due) == (soon(60), soon(30), soon(60))
    assert (found.outcome, found.due) == (Outcome.GRANTED, soon(60))
    data = last_event(item, "answer_extension").data
    assert (data["granted"], data["due"], data["reason"]) == (True, str(soon(60)), "情况属实。")
    assert told(f"extension-answer:{found.pk}") == [world.lin]


def test_finance_grants_another_day_than_the_one_asked_for(world, item_at):
    extension = ask(item_at(ItemStage.CARRYING_OUT), world.lin)
    answer(extension, world.sun, due=soon(45))
    assert (extension.item.due, extension.due) == (soon(45), soon(60))


def test_a_refused_extension_leaves_the_due_date(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    found = answer(ask(item, world.lin), world.sun, granted=False, reason="理由不足。")
    assert (found.outcome, found.due, found.reason) == (Outcome.REFUSED, None, "理由不足。")
    assert (open_task(item).due, told(f"extension-answer:{found.pk}")) == (soon(30), [world.lin])


def test_an_extension_is_answered_once(world, item_at):
    extension = ask(item_at(ItemStage.CARRYING_OUT), world.lin)
    answer(extension, world.sun)
    with refused(AlreadyHandled):
        answer(extension, world.zhou, granted=False, reason="理由不足。")


def test_nobody_grants_what_they_asked_for(world, item_at):
    grant_role(actor=None, user=world.wang, organization=world.bureau, role=Role.FINANCE_OFFICER)
    extension = ask(item_at(ItemStage.CARRYING_OUT), world.wang)
    with refused(ConflictOfInterest):
        answer(extension, world.wang)


def test_nobody_grants_for_somebody_else_what_they_asked_for(world, item_at):
    """Chu asked for Lin, and acts for Sun afterwards."""
    let(world.lin, world.chu)
    extension = ask(item_at(ItemStage.CARRYING_OUT), world.chu)
    let(world.sun, world.chu)
    with refused(ConflictOfInterest):
        answer(extension, world.chu)


def test_a_stand_in_answers_for_the_officer(world, item_at):
    let(world.sun, world.chu)
    found = answer(ask(item_at(ItemStage.CARRYING_OUT), world.lin), world.chu)
    assert (found.actor, found.on_behalf_of) == (world.chu, world.sun)


# --- an item that goes on without ---------------------------------------------------------


def test_an_extension_that_nobody_answered_lapses_when_the_item_is_closed(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    extension = ask(item, world.lin)
    bring_item(world, item, ItemStage.CLOSED)
    assert (extension.answer.outcome, extension.answer.actor) == (Outcome.LAPSED, world.sun)
    event = last_event(item, "lapse_extension")
    assert (event.object_id, event.actor_id) == (extension.pk, world.sun.pk)
    assert (event.data["item"], event.data["ended"]) == (item.pk, ItemStage.CLOSED)
    with refused(AlreadyHandled):
        answer(extension, world.sun)


def test_an_extension_that_nobody_answered_lapses_when_the_item_is_ended(world, item_at):
    item = item_at(ItemStage.PLANNING)
    extension = ask(item, world.lin)
    rectifying.cancel(item=item, actor=leader_of(world), opinion="单位已经撤销。")
    assert extension.answer.outcome == Outcome.LAPSED


def test_an_extension_that_waits_is_answered_while_the_item_is_verified(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    extension = ask(item, world.lin)
    bring_item(world, item, ItemStage.DEPARTMENT_VERIFICATION)
    answer(extension, world.sun)
    assert open_task(item).due == soon(60)


def test_after_a_reopening_the_day_that_it_set_counts_until_the_next_extension(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    answer(ask(item, world.lin), world.sun)
    bring_item(world, item, ItemStage.CLOSED)
    services.reopen(item=item, actor=world.sun, opinion="复发。", due=soon(20))
    item.refresh_from_db()
    assert (item.due, open_task(item).due) == (soon(20), soon(20))
    answer(ask(item, world.lin, due=soon(25)), world.sun)
    item.refresh_from_db()
    assert (item.due, item.original_due) == (soon(25), soon(30))


def test_after_a_reopening_extensions_are_counted_anew(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    for number in range(1, DEFAULT_TERMS.extensions + 1):
        answer(ask(item, world.lin, due=soon(30 + number)), world.sun)
    bring_item(world, item, ItemStage.CLOSED)
    services.reopen(item=item, actor=world.sun, opinion="复发。", due=soon(20))
    for number in range(1, DEFAULT_TERMS.extensions + 1):
        answer(ask(item, world.lin, due=soon(20 + number)), world.sun)
    with refused(WrongStage):
        ask(item, world.lin, due=soon(90))


# --- what the database refuses -------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approvals_extension SET due = due + 1",
        "DELETE FROM approvals_extension",
        "UPDATE approvals_extensionanswer SET due = due + 1",
        "DELETE FROM approvals_extensionanswer",
    ],
)
def test_an_extension_and_its_answer_stay_as_they_were(world, item_at, statement):
    answer(ask(item_at(ItemStage.CARRYING_OUT), world.lin), world.sun)
    with refused_by_the_database("append-only"):
        run_sql(statement)


@pytest.mark.parametrize("stage", [ItemStage.ISSUED, ItemStage.CLOSED])
def test_the_original_due_date_stays_as_it_was_issued(world, item_at, stage):
    item = item_at(stage)
    with refused_by_the_database("original due date stays"):
        run_sql(
            "UPDATE approvals_rectificationitem SET original_due = original_due + 1 WHERE id = %s", item.pk
        )
