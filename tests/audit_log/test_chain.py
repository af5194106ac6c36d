"""The chain of events: it proves itself, and tells where somebody has written over it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from audit_log import clock, origin
from audit_log.models import AuditEvent
from audit_log.record import chain_faults, chain_of, record
from evaluations.models import Stage


@pytest.fixture
def evaluation(self_evaluation):
    """With a chain of several events."""
    return self_evaluation(Stage.CLOSED)


def tamper(statement, **values):
    """Change the log as somebody with the database's own rights could: triggers off, then on."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        changed = cursor.rowcount
        cursor.execute("SET session_replication_role = origin")
    assert changed


def test_a_chain_that_nobody_touched_has_no_faults(evaluation):
    events = AuditEvent.objects.filter(chain=chain_of(evaluation.pk))
    assert events.count() >= 8
    assert list(chain_faults()) == []


def test_each_event_carries_the_hash_of_the_one_before(evaluation):
    events = list(AuditEvent.objects.filter(chain=chain_of(evaluation.pk)))
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert events[0].previous_hash == ""


@pytest.mark.corrupts
@pytest.mark.parametrize(
    "change",
    [
        "verb = 'approve'",
        "actor_id = actor_id + 1",
        "actor_label = 'somebody else'",
        "object_label = 'something else'",
        "origin = 'elsewhere'",
        "occurred_at = occurred_at + interval '1 second'",
        """data = data || '{"round": 7}'""",
        "hash = repeat('0', 64)",
        "previous_hash = repeat('0', 64)",
    ],
)
def test_a_changed_event_is_found(evaluation, change):
    chain = chain_of(evaluation.pk)
    tamper(f"UPDATE audit_log_auditevent SET {change} WHERE chain = %(chain)s AND sequence = 3", chain=chain)
    found = list(chain_faults(chain))
    assert found
    assert "event 3" in found[0]


@pytest.mark.corrupts
def test_a_removed_event_is_found(evaluation):
    chain = chain_of(evaluation.pk)
    tamper("DELETE FROM audit_log_auditevent WHERE chain = %(chain)s AND sequence = 3", chain=chain)
    assert any("missing before 4" in fault for fault in chain_faults())


@pytest.mark.corrupts
def test_two_events_that_changed_places_are_found(evaluation):
    chain = chain_of(evaluation.pk)
    for old, new in ((3, 99), (4, 3), (99, 4)):
        tamper(
            "UPDATE audit_log_auditevent SET sequence = %(new)s"
            " WHERE chain = %(chain)s AND sequence = %(old)s",
            chain=chain,
            old=old,
            new=new,
        )
    assert len(list(chain_faults(chain))) >= 2


@pytest.mark.corrupts
def test_tampering_with_one_chain_leaves_the_others_sound(evaluation, self_evaluation):
    other = self_evaluation(Stage.UNIT_APPROVAL)
    tamper(
        "UPDATE audit_log_auditevent SET verb = 'x' WHERE chain = %(chain)s AND sequence = 1",
        chain=chain_of(evaluation.pk),
    )
    assert list(chain_faults(chain_of(other.pk))) == []


def test_figures_dates_and_chinese_survive_the_way_through_the_database(world):
    data = {"points": Decimal("9.30"), "due": clock.today(), "opinion": "同意“整改”。\n第二行", "empty": None}
    record(chain="test:1", verb="try", actor=world.sun, object=world.bureau, data=data)
    event = AuditEvent.objects.get(chain="test:1")
    assert event.data["points"] == "9.30"
    assert list(chain_faults("test:1")) == []


def test_an_event_says_from_where_it_came(world):
    with origin.coming_from("web 10.1.2.3"):
        record(chain="test:1", verb="try", actor=None, object=world.bureau)
    event = AuditEvent.objects.get(chain="test:1")
    assert (event.origin, event.actor_id, event.actor_label) == ("web 10.1.2.3", None, "")
    assert origin.current() == ""


def test_events_and_rows_can_be_written_with_the_date_that_they_would_have_had(world):
    earlier = clock.now().replace(year=2020)
    with clock.at(earlier):
        record(chain="test:1", verb="try", actor=None, object=world.bureau)
    assert AuditEvent.objects.get(chain="test:1").occurred_at == earlier
    assert clock.now() > earlier
