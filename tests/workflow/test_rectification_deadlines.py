"""Reminders of rectification items: standstills, two at once, vacant posts, cost and failures."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions import end_role
from accounts.models import RoleHolding
from approvals.models import ItemStage, LadderRung, Verb
from audit_log.models import AuditEvent
from notices import messages
from notices.models import Notice
from tests.approvals.test_telling import told, who
from tests.cast import carrier, do, report_done
from tests.refusing_database import WORDS
from tests.workflow.reminding import DAY, ITEM_MESSAGES, at_the_unit, on, run_on
from tests.workflow.test_concurrency import SECONDS, at_once
from tests.workflow.test_integrity import only, seed
from tests.workflow.test_reminders_at_once import until_somebody_waits_for_this_transaction
from workflow import services
from workflow.integrity import faults

pytestmark = pytest.mark.django_db

START = date(2026, 1, 5)


@pytest.fixture
def item_from(item_at):
    """An item that was issued, or brought further, on a day: ``item_from(START, stage, due=…)``."""

    def make(day, stage=ItemStage.CARRYING_OUT, **details):
        with on(day):
            return item_at(stage, **details)

    return make


# --- standstill, again, nothing --------------------------------------------------------------

DUE = date(2026, 9, 11)


def test_a_worker_that_stood_still_for_twenty_days_catches_up_once(world, item_from):
    item = item_from(date(2026, 8, 3), due=DUE)
    run_on(date(2026, 9, 4))  # five working days before
    assert [run_on(DUE + 20 * DAY), run_on(DUE + 20 * DAY)] == [1, 0]
    rungs = {rung.rung: rung.is_told for rung in item.ladder_rungs.filter(arming__startswith="completion")}
    assert rungs == {
        "before:5": True,
        "before:1": False,
        "day:0": False,
        "overdue:1": False,
        "overdue:5": False,
        "head:5": True,
        "overdue:10": True,
    }
    assert len(told(messages.ITEM_OVERDUE)) == len(at_the_unit(world, item))
    assert who(messages.ITEM_ESCALATED) == {world.qian.pk}


def test_asked_again_on_the_same_day_it_tells_nothing(item_from):
    item_from(date(2026, 8, 3), due=DUE)
    run_on(date(2026, 9, 4))
    before = Notice.objects.count()
    assert [run_on(DUE), run_on(DUE), run_on(DUE)] == [1, 0, 0]
    assert Notice.objects.count() > before


def test_an_item_that_ended_is_reminded_of_no_more(world, item_from):
    item_from(date(2026, 8, 3), ItemStage.CLOSED, due=DUE)
    assert run_on(DUE + 100 * DAY) == 0
    assert not LadderRung.objects.exists()


def test_the_words_say_how_many_working_days_are_left_on_the_day_they_are_told(item_from):
    item_from(date(2026, 8, 3), due=DUE)
    run_on(date(2026, 9, 8))  # the rung of five days, three days late
    (values,) = {notice["values"]["days"] for notice in told(messages.ITEM_DUE_SOON)}
    assert values == "3"


def test_a_notice_for_several_items_is_reminded_of_once_for_a_unit(world, self_evaluation):
    with on(START):
        items = several_issued(world, self_evaluation)
    assert run_on(date(2026, 1, 12)) == len(items)
    assert Counter(notice["recipient_id"] for notice in told(messages.RECEIPT_WAITING)) == {
        world.lin.pk: 1,
        world.wang.pk: 1,
    }
    assert run_on(date(2026, 1, 13)) == 0


def several_issued(world, self_evaluation):
    """Three items that one notice has issued; nothing of them is due for long."""
    from_stage = self_evaluation("finance_review")
    for number in range(3):
        services.raise_item(
            evaluation=from_stage, actor=world.sun, requirement=f"要求{number}", due=date(2026, 12, 1)
        )
    do(Verb.ACCEPT, from_stage, world.sun)
    do(Verb.CONCLUDE, from_stage, world.zhou, total=from_stage.stated_total, conclusion="同意。")
    return list(from_stage.items.all())


# --- who is told -----------------------------------------------------------------------------


def test_a_vacant_post_ends_no_ladder(world, item_from):
    item_from(date(2026, 8, 3), due=DUE)
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.qian, ended_at=None))
    run_on(DUE + 14 * DAY)
    assert who(messages.ITEM_ESCALATED) == {world.zhao.pk}


def test_whoever_looks_at_the_item_is_reminded_while_it_waits_for_them(world, item_from):
    item_from(date(2026, 8, 3), ItemStage.DEPARTMENT_VERIFICATION, due=DUE)
    run_on(DUE)
    assert who(messages.ITEM_DUE_TODAY) == {world.zhao.pk, world.qian.pk}


def test_what_goes_up_is_on_record_in_the_chain(world, item_from):
    item = item_from(date(2026, 8, 3), due=DUE)
    run_on(DUE + 7 * DAY)
    event = AuditEvent.objects.get(verb="escalate")
    assert (event.actor_id, event.object_type, event.object_id) == (None, "rectificationitem", item.pk)
    assert (event.data["to"], event.data["due"]) == ("department_head", "2026-09-11")


# --- cost and failures -----------------------------------------------------------------------


def statements_on(day):
    with CaptureQueriesContext(connection) as queries:
        number = run_on(day)
    return number, len(queries)


def test_a_day_on_which_nothing_is_reached_costs_the_same_for_many_items(world, item_from):
    first = item_from(date(2026, 8, 3), due=DUE)
    run_on(DUE)
    assert LadderRung.objects.filter(item=first).exists()
    alone = statements_on(DUE)
    for _number in range(3):
        item_from(date(2026, 8, 3), due=DUE)
    assert run_on(DUE) == 3
    assert statements_on(DUE) == alone
    assert alone[0] == 0


def test_an_item_is_told_of_in_a_few_statements(item_from):
    item_from(date(2026, 8, 3), due=DUE)
    _nothing, quiet = statements_on(date(2026, 8, 4))
    number, spent = statements_on(DUE)
    assert (number, spent - quiet) == (1, 12)


REFUSES = """
CREATE FUNCTION refuses_in_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{words}';
END $$;
CREATE TRIGGER refuses_in_a_test BEFORE INSERT ON approvals_ladderrung
    FOR EACH ROW WHEN (NEW.item_id = {pk}) EXECUTE FUNCTION refuses_in_a_test();
"""


def test_one_item_that_fails_is_logged_and_the_others_are_told(world, item_from, caplog):
    failing, other = (item_from(date(2026, 8, 3), due=DUE) for _number in range(2))
    with connection.cursor() as cursor:
        cursor.execute(REFUSES.format(words=WORDS, pk=failing.pk))
    assert run_on(DUE) == 1
    assert WORDS in caplog.text
    assert {notice["path"] for notice in told(messages.ITEM_DUE_TODAY)} == {f"/rectification/{other.pk}/"}


def test_a_rung_comes_once_and_stays_as_it_was_written(item_from):
    item = item_from(date(2026, 8, 3), due=DUE)
    run_on(DUE)
    rung = item.ladder_rungs.get(rung="day:0")
    with pytest.raises(IntegrityError), transaction.atomic():
        LadderRung.objects.create(item=item, arming=rung.arming, rung=rung.rung)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        LadderRung.objects.filter(pk=rung.pk).update(people=9)


# --- integrity -------------------------------------------------------------------------------


@pytest.mark.corrupts
def test_a_rung_whose_notices_are_gone_is_found(item_from):
    item = item_from(date(2026, 8, 3), due=DUE)
    run_on(DUE)
    seed(("DELETE FROM notices_notice WHERE source LIKE %s", f"ladder:{item.pk}:%day:0"))
    assert only(faults(), f"item {item.number}", "day:0, but there are 0 notices")


@pytest.mark.corrupts
def test_a_reminder_whose_rung_is_gone_is_found(item_from):
    item = item_from(date(2026, 8, 3), due=DUE)
    run_on(DUE)
    seed(("DELETE FROM approvals_ladderrung WHERE item_id = %s AND rung = 'day:0'", item.pk))
    assert only(faults(), f"ladder:{item.pk}:", "the rung is not on record")


# --- at once ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_tell_once(world, item_from):
    items = [item_from(date(2026, 8, 3), due=DUE) for _number in range(4)]
    results = at_once(*[partial(run_on, DUE + 7 * DAY)] * 2)
    assert sum(results) == len(items)
    told_of = Counter(
        (notice["path"], notice["message"], notice["recipient_id"])
        for message in ITEM_MESSAGES
        for notice in told(message)
    )
    assert set(told_of.values()) == {1}
    assert {path for path, _message, _person in told_of} == {f"/rectification/{item.pk}/" for item in items}
    assert AuditEvent.objects.filter(verb="escalate").count() == len(items)


@pytest.mark.django_db(transaction=True)
def test_whoever_acts_at_the_same_moment_is_waited_for_and_not_reminded(world, item_from):
    """The unit's report is being written: when it is there, the department is asked."""
    item = item_from(date(2026, 8, 3), due=DUE)
    written = threading.Event()

    def reports():
        with on(DUE), transaction.atomic():
            report_done(item, carrier(world, item))
            written.set()
            until_somebody_waits_for_this_transaction()

    def reminds():
        assert written.wait(SECONDS)
        return run_on(DUE)

    assert at_once(reports, reminds) == [None, 1]
    assert who(messages.ITEM_DUE_TODAY) == {world.zhao.pk, world.qian.pk}
