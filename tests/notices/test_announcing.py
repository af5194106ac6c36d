"""Telling people: rows that commit with their cause, once for each cause, person and way."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from audit_log import clock
from notices import messages
from notices.announcing import announce
from notices.kinds import ByMail
from notices.models import Channel, Delivery, Notice, NoticeChoice, State
from tests.notices.conftest import endpoint

pytestmark = pytest.mark.django_db


def tell(world, message=messages.CLOSED, source="test:1", **recipients):
    """The department's people are told, unless the test says otherwise."""
    asked = recipients or {"right": "review_department", "organization_id": world.department.pk}
    announce(message=message, values={"project": "项目"}, path="/evaluations/", source=source, **asked)


def ways() -> set[tuple[str, bool]]:
    rows = Delivery.objects.filter(channel=Channel.MAIL).select_related("notice__recipient")
    return {(row.notice.recipient.username, row.once_a_day) for row in rows}


def choose(person, **by_mail):
    NoticeChoice(person=person, by_mail=by_mail, language="en").save_as(person)


def test_each_person_has_one_notice_for_a_cause_however_often_it_is_told(world, mail_is_on, addresses):
    for _time in range(3):
        tell(world)
    assert sorted(Notice.objects.values_list("recipient__username", flat=True)) == ["qian", "zhao"]
    assert Delivery.objects.count() == 2
    tell(world, source="test:2")
    assert (Notice.objects.count(), Delivery.objects.count()) == (4, 4)


def test_it_is_one_statement_whatever_goes_out(world, mail_is_on, addresses, site, django_assert_num_queries):
    endpoint(world.department, site)
    with transaction.atomic(), django_assert_num_queries(1):
        tell(world)
    assert Delivery.objects.count() == 3


def test_what_is_rolled_back_has_told_nobody(world, mail_is_on, addresses):
    with transaction.atomic():
        tell(world)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_without_mail_or_webhooks_people_are_told_inside_the_product_alone(world, addresses, site, settings):
    endpoint(world.department, site)
    settings.WEBHOOK_HOSTS = []
    tell(world)
    assert Notice.objects.count() == 2
    assert not Delivery.objects.exists()


def test_whoever_has_no_address_gets_no_mail(world, mail_is_on, addresses):
    world.qian.email = ""
    world.qian.save_as(None, "test")
    tell(world)
    assert ways() == {("zhao", True)}


def test_each_kind_has_its_default(world, mail_is_on, addresses):
    tell(world, messages.NEW_TASK)
    assert ways() == {("qian", False), ("zhao", False)}
    assert set(Notice.objects.values_list("kind", flat=True)) == {"task"}
    assert not Delivery.objects.exclude(next_attempt_at=None).filter(once_a_day=True).exists()


def test_everybody_is_told_as_they_have_chosen(world, mail_is_on, addresses):
    choose(world.zhao, result=ByMail.AT_ONCE)
    choose(world.qian, result=ByMail.NEVER)
    tell(world, messages.CLOSED)
    assert ways() == {("zhao", False)}
    assert Notice.objects.count() == 2


def test_what_is_compulsory_goes_out_once_a_day_even_to_whoever_had_turned_it_off(
    world, mail_is_on, addresses
):
    choose(world.zhao, deadline=ByMail.NEVER)
    choose(world.qian, deadline=ByMail.AT_ONCE)
    tell(world, messages.OVERDUE)
    assert ways() == {("zhao", True), ("qian", False)}


def test_what_waits_is_due_at_once_with_a_key_of_its_own(world, mail_is_on, addresses):
    tell(world, messages.NEW_TASK)
    first, second = Delivery.objects.all()
    assert first.key != second.key
    assert (first.state, first.attempts) == (State.WAITING, 0)
    assert first.next_attempt_at == first.notice.created_at <= clock.now()


def test_the_same_cause_has_the_same_key_whenever_it_is_written(world, mail_is_on, addresses):
    tell(world)
    before = set(Delivery.objects.values_list("key", flat=True))
    Delivery.objects.all().delete()
    Notice.objects.all().delete()
    tell(world)
    assert set(Delivery.objects.values_list("key", flat=True)) == before


# --- to endpoints -------------------------------------------------------------------------


def posted() -> list[str]:
    rows = Delivery.objects.filter(channel=Channel.WEBHOOK).order_by("endpoint__name")
    return list(rows.values_list("endpoint__name", flat=True))


@pytest.fixture
def endpoints(world, site):
    endpoint(world.bureau, site, name="bureau")
    endpoint(world.bureau, site, name="bureau and all below", with_those_below=True)
    endpoint(world.department, site, name="department")
    endpoint(world.department, site, name="department and units", with_those_below=True)
    endpoint(world.department, site, name="of tasks", kinds=["task"])
    endpoint(world.department, site, name="switched off", is_active=False)
    endpoint(world.other_department, site, name="other", with_those_below=True)


def test_an_endpoint_gets_once_what_its_organization_is_told(world, endpoints):
    tell(world)
    tell(world)
    assert posted() == ["bureau and all below", "department", "department and units"]


def test_what_a_unit_is_told_goes_to_those_above_that_ask_for_it(world, endpoints):
    tell(world, right="view_evaluations", organization_id=world.unit.pk)
    assert posted() == ["bureau and all below", "department and units"]


def test_two_ways_of_telling_one_cause_are_one_post(world, endpoints):
    tell(world)
    tell(world, right="view_evaluations", organization_id=world.unit.pk)
    assert posted() == ["bureau and all below", "department", "department and units"]


def test_what_is_a_persons_own_goes_to_no_endpoint(world, endpoints):
    tell(world, owner_id=world.zhao.pk)
    assert Notice.objects.count() == 1
    assert posted() == []


def test_the_database_itself_refuses_a_second_row(world, mail_is_on, addresses):
    tell(world)
    row = Delivery.objects.first()
    again = "INSERT INTO notices_delivery (key, notice_id, channel, state, attempts, once_a_day, last_error) "
    refused = pytest.raises(IntegrityError, match="mailed_once")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(
            again + "VALUES (gen_random_uuid(), %s, 'mail', 'waiting', 0, FALSE, '')", [row.notice_id]
        )
