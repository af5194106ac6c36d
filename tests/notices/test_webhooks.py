"""Webhooks: posted to a real server, signed, tried again, and one that is away holds up no other."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from audit_log import clock
from notices import messages
from notices.announcing import announce
from notices.jobs import post_webhooks
from notices.models import Adapter, Delivery, State
from notices.outward.failing import LONGEST_WAIT, MOST_ATTEMPTS
from notices.outward.webhooks import MOST_TO_A_ROBOT
from tests.notices.conftest import endpoint

pytestmark = pytest.mark.django_db


def tell(world, number=1):
    place = Delivery.objects.count()
    for each in range(place, place + number):
        announce(
            message=messages.NEW_TASK,
            values={"project": f"项目{each}"},
            stage="department review",
            path=f"/evaluations/{each}/",
            source=f"test:{each}",
            right="review_department",
            organization_id=world.department.pk,
        )


def later(**time):
    return clock.at(clock.now() + timedelta(**time))


def test_a_notice_is_posted_signed_and_under_its_key(world, site):
    made = endpoint(world.department, site)
    tell(world)
    assert [post_webhooks(0), post_webhooks(0)] == [1, 0]
    (post,) = site.posts
    (row,) = Delivery.objects.all()
    signed = post.headers["X-Jiheng-Timestamp"].encode() + b"." + post.body
    signature = hmac.new(made.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert post.headers["X-Jiheng-Signature"] == f"sha256={signature}"
    assert post.headers["Idempotency-Key"] == str(row.key)
    content = json.loads(post.body)
    assert (content["id"], content["kind"]) == (str(row.key), "task")
    assert content["url"] == "https://jiheng.example/evaluations/0/"
    assert [person["username"] for person in content["recipients"]] == ["zhao", "qian"]
    assert "项目0" in content["text"]
    assert post.path == "/hook?key=abc"
    assert row.state == State.SENT


def test_a_refusal_is_tried_again_with_the_same_key_and_body(world, site):
    endpoint(world.department, site)
    site.answers = [(500, {}, b""), (200, {}, b"")]
    tell(world)
    assert post_webhooks(0) == 0
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.last_error) == (State.WAITING, 1, "HTTP 500")
    with later(minutes=2):
        assert post_webhooks(0) == 1
    first, second = site.posts
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.body == second.body


def test_retry_after_is_honoured(world, site):
    endpoint(world.department, site)
    site.answers = [(429, {"Retry-After": "3600"}, b"")]
    tell(world)
    post_webhooks(0)
    with later(minutes=55):
        assert post_webhooks(0) == 0
    with later(minutes=61):
        assert post_webhooks(0) == 1


def test_a_redirect_is_not_followed(world, site):
    endpoint(world.department, site)
    site.answers = [(302, {"Location": f"http://{site.host}/elsewhere"}, b"")]
    tell(world)
    assert post_webhooks(0) == 0
    assert [post.path for post in site.posts] == ["/hook?key=abc"]


def test_after_the_last_attempt_it_has_failed_for_good(world, site):
    endpoint(world.department, site)
    site.usual = (503, {}, b"")
    tell(world)
    for number in range(MOST_ATTEMPTS + 2):
        with clock.at(clock.now() + number * LONGEST_WAIT):
            post_webhooks(0)
    assert Delivery.objects.get().state == State.DEAD
    assert len(site.posts) == MOST_ATTEMPTS
    assert len({post.headers["Idempotency-Key"] for post in site.posts}) == 1


def test_an_endpoint_that_is_away_costs_one_attempt_a_run_and_holds_up_no_other(world, site, settings):
    settings.WEBHOOK_HOSTS = [site.host, "127.0.0.1:1"]
    away = endpoint(world.department, site, url="http://127.0.0.1:1/")
    endpoint(world.department, site, name="there")
    tell(world, 5)
    assert post_webhooks(0) == 5
    assert sorted(away.deliveries.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    assert len(site.posts) == 5


def test_a_robot_that_answers_200_and_says_no_has_not_taken_it(world, site):
    endpoint(world.department, site, Adapter.WECOM)
    site.usual = (200, {}, b'{"errcode":93000,"errmsg":"invalid webhook url"}')
    tell(world)
    assert post_webhooks(0) == 0
    assert Delivery.objects.get().last_error == "errcode 93000: invalid webhook url"


def test_a_robot_gets_no_more_in_a_minute_than_it_takes(world, site):
    endpoint(world.department, site, Adapter.DINGTALK)
    site.usual = (200, {}, b'{"errcode":0}')
    tell(world, MOST_TO_A_ROBOT + 2)
    assert [post_webhooks(0), post_webhooks(0)] == [MOST_TO_A_ROBOT, 2]


def test_a_host_that_is_no_longer_allowed_gets_nothing(world, site, settings):
    endpoint(world.department, site)
    tell(world)
    settings.WEBHOOK_HOSTS = ["elsewhere.example"]
    assert post_webhooks(0) == 0
    assert site.posts == []
    assert "WEBHOOK_HOSTS" in Delivery.objects.get().last_error


def test_an_address_in_a_network_that_nobody_has_named_gets_nothing(world, site, settings):
    endpoint(world.department, site)
    tell(world)
    settings.WEBHOOK_NETWORKS = ["10.0.0.0/8"]
    assert post_webhooks(0) == 0
    assert site.posts == []
    assert "WEBHOOK_NETWORKS" in Delivery.objects.get().last_error
