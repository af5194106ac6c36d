"""Senders killed in the middle, and two at once: nothing is lost, and what comes twice can be told."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from notices import messages
from notices.announcing import announce
from notices.jobs import post_webhooks, send_mail
from notices.models import Delivery, Notice, State
from tests.notices.conftest import SITE, endpoint

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
THOUSAND = 1002
KILLS = 3


def tell(world, number):
    """Two e-mails and one post for each."""
    with transaction.atomic():
        for each in range(number):
            announce(
                message=messages.NEW_TASK,
                values={"project": f"项目{each}"},
                path=f"/evaluations/{each}/",
                source=f"test:{each}",
                stage="department review",
                right="review_department",
                organization_id=world.department.pk,
            )


def keys_in(mailbox, site):
    """The keys of everything that has arrived, once for each time."""
    mailed = [letter["Message-ID"].strip("<>").partition("@")[0] for letter in mailbox.letters]
    return mailed + [post.headers["Idempotency-Key"] for post in site.posts]


def environment(mailbox, site):
    """What a sender of its own needs to reach the same database and the same receivers."""
    return {
        **os.environ,
        "NOTICES_DATABASE": connection.settings_dict["NAME"],
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "MAIL_FROM": "jiheng@office.example",
        "SITE_URL": SITE,
        "WEBHOOK_HOSTS": site.host,
        "WEBHOOK_NETWORKS": "127.0.0.0/8",
    }


def two_at_once():
    """Two senders in threads of their own, with connections of their own."""
    failures: list[BaseException] = []
    together = threading.Barrier(2)

    def run() -> None:
        try:
            together.wait()
            send_mail(0)
            post_webhooks(0)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    senders = [threading.Thread(target=run) for _sender in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert failures == []


def test_a_sender_killed_again_and_again_loses_nothing(world, addresses, mailbox, site):
    endpoint(world.department, site)
    tell(world, THOUSAND // 3)
    due = {str(key) for key in Delivery.objects.values_list("key", flat=True)}
    assert len(due) == THOUSAND
    chosen = random.Random(20261121)
    # So many arrive before the next one is killed: while it waits for the receiver's answer.
    to_arrive = [chosen.randrange(20, THOUSAND // KILLS) for _kill in range(KILLS)]
    killed = []
    for number in [*to_arrive, THOUSAND * 2]:
        sender = subprocess.Popen(
            [sys.executable, "-m", "tests.notices.sender_to_be_killed"],
            cwd=ROOT,
            env=environment(mailbox, site),
        )
        ends_at = len(mailbox.letters) + len(site.posts) + number

        def kill_in_time(_arrived, sender=sender, ends_at=ends_at):
            if len(mailbox.letters) + len(site.posts) == ends_at:
                os.kill(sender.pid, signal.SIGKILL)
                killed.append(sender.pid)

        mailbox.on_arrival = site.on_arrival = kill_in_time
        code = sender.wait(timeout=180)
        assert code in (0, -signal.SIGKILL)
    assert (code, len(killed)) == (0, KILLS)
    arrived = Counter(keys_in(mailbox, site))
    assert set(arrived) == due
    assert sum(arrived.values()) - THOUSAND <= KILLS
    assert Delivery.objects.filter(state=State.SENT).count() == THOUSAND
    assert Notice.objects.count() == THOUSAND // 3 * 2


def test_what_a_killed_sender_left_open_comes_again_under_its_key(world, addresses, mailbox, site):
    """Killed after the receiver has taken it, and before that is written down."""
    tell(world, 1)
    with transaction.atomic():
        send_mail(0)
        transaction.set_rollback(True)
    assert len(mailbox.letters) == 2
    send_mail(0)
    assert set(Counter(keys_in(mailbox, site)).values()) == {2}


def test_two_senders_at_once_send_each_once(world, addresses, mailbox, site):
    endpoint(world.department, site)
    tell(world, 20)
    two_at_once()
    assert set(Counter(keys_in(mailbox, site)).values()) == {1}
    assert Delivery.objects.filter(state=State.SENT).count() == 60


def test_two_that_gather_at_once_make_one_e_mail(world, addresses, mailbox, settings):
    with transaction.atomic():
        for each in range(5):
            announce(
                message=messages.OVERDUE,
                values={"project": "项目", "due": "2026-11-20"},
                path="/",
                source=f"late:{each}",
                owner_id=world.zhao.pk,
            )
    settings.DIGEST_HOUR = 0
    two_at_once()
    send_mail(0)
    assert len(mailbox.letters) == 1
    assert Delivery.objects.filter(state=State.SENT).count() == 5
