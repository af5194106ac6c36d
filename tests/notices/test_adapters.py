"""What each receiver gets, byte for byte, and how its answer is read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from notices.models import Adapter
from notices.outward.adapters import MOST_BYTES_OF_TEXT, Message, check_answer, request_for
from notices.outward.failing import NotDelivered

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
STAMP = 1795248000
URL = "https://hooks.example/send?key=1"
SECRET = "SEC0123"
MESSAGE = Message(
    key=UUID("01234567-89ab-4cde-8f01-23456789abcd"),
    kind="task",
    text="“社会保险经办信息系统”等待您处理。",
    url="https://jiheng.example/evaluations/1/",
    language="zh-hans",
    organization={"code": "110", "name": "衡州市人力资源和社会保障局"},
    recipients=[{"username": "zhao", "name": "小赵"}],
    created_at=NOW,
)


def test_signed_json_carries_the_notice_the_key_and_a_signature_over_moment_and_body():
    request = request_for(Adapter.JSON, URL, SECRET, MESSAGE, NOW)
    assert request.url == URL
    assert json.loads(request.body) == {
        "id": str(MESSAGE.key),
        "kind": "task",
        "text": MESSAGE.text,
        "language": "zh-hans",
        "url": MESSAGE.url,
        "organization": MESSAGE.organization,
        "recipients": MESSAGE.recipients,
        "created_at": "2026-11-21T08:00:00+00:00",
        "test": False,
    }
    expected = hmac.new(SECRET.encode(), f"{STAMP}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert request.headers["X-Jiheng-Timestamp"] == str(STAMP)
    assert request.headers["X-Jiheng-Signature"] == f"sha256={expected}"
    assert request.headers["Idempotency-Key"] == str(MESSAGE.key)


def test_a_dingtalk_robot_gets_its_own_signature_in_the_address():
    request = request_for(Adapter.DINGTALK, URL, SECRET, MESSAGE, NOW)
    asked = parse_qs(urlsplit(request.url).query)
    digest = hmac.new(SECRET.encode(), f"{STAMP}000\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked == {"key": ["1"], "timestamp": [f"{STAMP}000"], "sign": [base64.b64encode(digest).decode()]}
    assert json.loads(request.body)["msgtype"] == "text"


def test_a_wecom_robot_gets_text_with_the_link_and_the_beginning_of_the_key():
    request = request_for(Adapter.WECOM, URL, "", MESSAGE, NOW)
    assert request.url == URL
    content = json.loads(request.body)["text"]["content"]
    assert content == f"{MESSAGE.text}\n{MESSAGE.url}\n#01234567"


def test_a_robots_text_is_cut_at_a_whole_character():
    long = Message(**{**vars(MESSAGE), "text": "整" * 2000})
    content = json.loads(request_for(Adapter.WECOM, URL, "", long, NOW).body)["text"]["content"]
    assert MOST_BYTES_OF_TEXT - 3 < len(content.encode()) <= MOST_BYTES_OF_TEXT
    assert content.endswith("整\nhttps://jiheng.example/evaluations/1/\n#01234567")


def test_a_robot_that_says_zero_has_taken_it():
    check_answer(Adapter.WECOM, b'{"errcode":0,"errmsg":"ok"}')
    check_answer(Adapter.JSON, b"whatever")


@pytest.mark.parametrize(
    "body", [b'{"errcode":45009,"errmsg":"api freq out of limit"}', b"<html>", b"[]", b"{}"]
)
def test_a_robot_that_says_anything_else_has_not(body):
    with pytest.raises(NotDelivered):
        check_answer(Adapter.DINGTALK, body)
