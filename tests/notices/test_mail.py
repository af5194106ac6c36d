"""E-mails: what stands in them, in whose language, and what becomes of them when the server says no."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from audit_log import clock
from notices import messages
from notices.announcing import announce
from notices.jobs import send_mail
from notices.models import Delivery, Digest, Notice, NoticeChoice, State
from notices.outward.failing import LONGEST_WAIT, MOST_ATTEMPTS
from notices.outward.mail import notices_due
from notices.outward.sending import send_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addresses")]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def noon():
    """A Monday, after the hour of the day's e-mails."""
    with clock.at(NOON):
        yield


def tell(person, number=1, message=messages.NEW_TASK):
    place = Notice.objects.count()
    for each in range(place, place + number):
        announce(
            message=message,
            values={"project": f"项目{each}", "due": "2026-11-20"},
            stage="department review",
            path=f"/evaluations/{each}/",
            source=f"test:{each}",
            owner_id=person.pk,
        )


def later(**time):
    return clock.at(clock.now() + timedelta(**time))


def body_of(letter, kind="plain"):
    return letter.get_body((kind,)).get_content()


def test_an_e_mail_says_what_the_page_says_with_a_link_in_text_and_html(world, mailbox):
    tell(world.zhao)
    assert send_mail(0) == 1
    (letter,) = mailbox.letters
    (row,) = Delivery.objects.all()
    assert (letter["To"], letter["From"]) == ("zhao@office.example", "jiheng@office.example")
    assert letter["Message-ID"] == f"<{row.key}@jiheng.example>"
    assert "项目0" in letter["Subject"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == NOON
    for kind in ("plain", "html"):
        assert "项目0" in body_of(letter, kind)
        assert "https://jiheng.example/evaluations/0/" in body_of(letter, kind)
        assert "https://jiheng.example/notices/choices/" in body_of(letter, kind)
    assert (row.state, row.sent_at, row.attempts) == (State.SENT, NOON, 1)


def test_each_recipient_is_written_to_in_the_own_language(world, mailbox):
    NoticeChoice(person=world.qian, language="en").save_as(world.qian)
    announce(
        message=messages.NEW_TASK,
        values={"project": "项目"},
        stage="department review",
        path="/evaluations/1/",
        source="test",
        right="review_department",
        organization_id=world.department.pk,
    )
    send_mail(0)
    subjects = {letter["To"]: letter["Subject"].strip() for letter in mailbox.letters}
    assert subjects["qian@office.example"] == "Department review: “项目” is waiting for you."
    assert "待" in subjects["zhao@office.example"]
    words = {letter["To"]: body_of(letter) for letter in mailbox.letters}
    assert "Dear 小钱," in words["qian@office.example"]


def test_what_stands_in_a_line_stays_text_in_html(world, mailbox):
    announce(
        message=messages.MENTIONED,
        values={"person": "<b>小赵</b>", "project": "a\nBcc: x@elsewhere.example"},
        path="/",
        source="test",
        owner_id=world.zhao.pk,
    )
    with later(days=1):
        send_mail(0)
    (letter,) = mailbox.letters
    assert "&lt;b&gt;" in body_of(letter, "html")
    assert letter["Bcc"] is None


def test_nothing_is_sent_twice(world, mailbox):
    tell(world.zhao, 3)
    assert [send_mail(0), send_mail(0)] == [3, 0]
    assert len(mailbox.letters) == 3


def test_an_address_that_the_server_refuses_has_failed_for_good_and_stops_nothing_else(world, mailbox):
    mailbox.answers = {1: "550 no such mailbox"}
    tell(world.zhao, 2)
    assert send_mail(0) == 1
    first, second = Delivery.objects.order_by("pk")
    assert (first.state, second.state) == (State.DEAD, State.SENT)
    assert "no such mailbox" in first.last_error


def test_a_passing_refusal_is_tried_again_later_under_the_same_key(world, mailbox):
    mailbox.answers = {1: "451 try again later"}
    tell(world.zhao)
    assert send_mail(0) == 0
    (row,) = Delivery.objects.all()
    assert (row.state, row.attempts) == (State.WAITING, 1)
    assert NOON + timedelta(seconds=30) <= row.next_attempt_at <= NOON + timedelta(minutes=1)
    assert send_mail(0) == 0
    with later(minutes=1):
        assert send_mail(0) == 1
    assert mailbox.letters[0]["Message-ID"] == f"<{row.key}@jiheng.example>"


def test_a_server_that_is_away_costs_one_attempt_in_each_run(world, mail_is_on, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell(world.zhao, 3)
    assert send_mail(0) == 0
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert not Delivery.objects.exclude(state=State.WAITING).exists()


def test_after_the_last_attempt_it_has_failed_for_good(world, mailbox):
    mailbox.answers = dict.fromkeys(range(1, 100), "451 not now")
    tell(world.zhao)
    moment = NOON
    for number in range(MOST_ATTEMPTS):
        assert Delivery.objects.get().attempts == number
        with clock.at(moment):
            send_mail(0)
        moment += LONGEST_WAIT
    assert Delivery.objects.get().state == State.DEAD
    with clock.at(moment):
        assert send_mail(0) == 0


def test_whoever_has_left_is_written_to_no_more(world, mailbox):
    tell(world.zhao)
    world.zhao.is_active = False
    world.zhao.save_as(None, "left")
    assert send_mail(0) == 0
    assert Delivery.objects.get().state == State.DEAD
    assert mailbox.letters == []


def test_a_server_may_take_longer_than_the_database_lets_others_stand_idle(world, mail_is_on, settings):
    def patience() -> timedelta:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('idle_in_transaction_session_timeout')::interval")
            return cursor.fetchone()[0]

    usual, found = patience(), []
    tell(world.zhao)
    assert send_due(notices_due, lambda _row: found.append(patience()), lambda _row, _failure: True) == 1
    answers_of_a_server = 10
    assert found[0] >= timedelta(seconds=answers_of_a_server * settings.EMAIL_TIMEOUT)
    assert found[0] > usual > timedelta(0)


def test_without_mail_nothing_is_done(world, settings):
    settings.MAIL_IS_ON = False
    tell(world.zhao)
    assert send_mail(0) == 0
    assert Notice.objects.count() == 1


# --- once a day ---------------------------------------------------------------------------


def at(day, hour):
    return clock.at(datetime(2026, 11, day, hour, 30, tzinfo=ZoneInfo("Asia/Shanghai")))


def test_what_goes_out_once_a_day_goes_in_one_e_mail_at_the_hour(world, mailbox):
    with at(23, 6):
        tell(world.zhao, 4, messages.OVERDUE)
        tell(world.qian, 1, messages.OVERDUE)
    with at(23, 7):
        assert send_mail(0) == 0
    with at(23, 8):
        assert send_mail(0) == 2
    assert sorted(mailbox.to) == ["qian@office.example", "zhao@office.example"]
    letter = mailbox.letters[mailbox.to.index("zhao@office.example")]
    for kind in ("plain", "html"):
        assert all(
            f"https://jiheng.example/evaluations/{place}/" in body_of(letter, kind) for place in range(4)
        )
    assert not Delivery.objects.exclude(state=State.SENT).exists()
    assert letter["Message-ID"] == f"<{Digest.objects.get(recipient=world.zhao).key}@jiheng.example>"


def test_a_day_has_one_and_what_comes_later_waits_for_the_next(world, mailbox):
    with at(23, 9):
        tell(world.zhao, 2, messages.OVERDUE)
        assert [send_mail(0), send_mail(0)] == [1, 0]
        tell(world.zhao, 1, messages.OVERDUE)
        assert send_mail(0) == 0
    with at(24, 7):
        assert send_mail(0) == 0
    with at(24, 8):
        assert [send_mail(0), send_mail(0)] == [1, 0]
    assert len(mailbox.letters) == 2


def test_a_worker_that_stood_still_for_days_sends_one_e_mail_with_all(world, mailbox):
    for day in (23, 24, 25):
        with at(day, 6):
            tell(world.zhao, 2, messages.OVERDUE)
    with at(28, 15):
        assert [send_mail(0), send_mail(0)] == [1, 0]
    (letter,) = mailbox.letters
    assert body_of(letter).count("https://jiheng.example/evaluations/") == 6


def test_a_mail_server_that_was_away_for_days_finds_one_e_mail_a_person(world, mailbox):
    mailbox.answers = {1: "451 not now", 2: "451 not now"}
    for day in (23, 24):
        with at(day, 9):
            tell(world.zhao, 1, messages.OVERDUE)
            assert send_mail(0) == 0
    with at(25, 9):
        assert send_mail(0) == 1
        assert len(mailbox.letters) == 1
    with at(25, 10):
        assert send_mail(0) == 1
    assert len(mailbox.letters) == 2
    assert Digest.objects.count() == 2


def test_a_year_of_deadlines_is_one_e_mail_a_day(world, mailbox):
    for day in range(0, 360, 40):
        with clock.at(NOON + timedelta(days=day)):
            tell(world.zhao, 3, messages.OVERDUE)
            send_mail(0)
            send_mail(0)
    assert len(mailbox.letters) == Digest.objects.count() == 9
    assert Delivery.objects.filter(state=State.SENT).count() == 27
