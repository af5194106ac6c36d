"""What each receiver understands: address, headers and body, and how its answer reads. Pure functions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from django.utils.translation import gettext as _

from notices.models.endpoints import Adapter
from notices.outward.failing import NotDelivered

MOST_BYTES_OF_TEXT = 2048
"""What WeCom takes of a text message, in UTF-8."""


@dataclass(frozen=True)
class Message:
    """What is posted, whoever receives it."""

    key: UUID
    kind: str
    text: str
    url: str
    language: str
    organization: dict[str, str]
    recipients: list[dict[str, str]] = field(default_factory=list)
    created_at: datetime | None = None
    is_test: bool = False


@dataclass(frozen=True)
class Request:
    """One POST."""

    url: str
    headers: dict[str, str]
    body: bytes


def request_for(adapter: str, url: str, secret: str, message: Message, now: datetime) -> Request:
    """The POST that hands ``message`` to a receiver of this kind, signed at ``now``."""
    if adapter == Adapter.JSON:
        return json_request(url, secret, message, now)
    if adapter == Adapter.DINGTALK and secret:
        stamp, sign = dingtalk_signature(secret, now)
        url = f"{url}{'&' if '?' in url else '?'}timestamp={stamp}&sign={quote_plus(sign)}"
    content = {"msgtype": "text", "text": {"content": robot_text(message)}}
    return Request(url, headers_of(message), in_bytes(content))


def json_request(url: str, secret: str, message: Message, now: datetime) -> Request:
    """The notice as JSON; the signature covers the moment and the body (docs/operations.md)."""
    content = {
        "id": str(message.key),
        "kind": message.kind,
        "text": message.text,
        "language": message.language,
        "url": message.url,
        "organization": message.organization,
        "recipients": message.recipients,
        "created_at": message.created_at.isoformat() if message.created_at else None,
        "test": message.is_test,
    }
    body = in_bytes(content)
    stamp = str(int(now.timestamp()))
    headers = {"X-Jiheng-Timestamp": stamp, "X-Jiheng-Signature": f"sha256={signature(secret, stamp, body)}"}
    return Request(url, {**headers_of(message), **headers}, body)


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over ``timestamp.body``, in hexadecimal."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def dingtalk_signature(secret: str, now: datetime) -> tuple[str, str]:
    """DingTalk's own: HMAC-SHA256 over "milliseconds, line feed, secret", in base64."""
    stamp = str(int(now.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return stamp, base64.b64encode(digest).decode()


def robot_text(message: Message) -> str:
    """A line, where it leads, and the key's beginning: a robot cannot tell a repetition, people can."""
    foot = f"\n{message.url}\n#{message.key.hex[:8]}"
    room = MOST_BYTES_OF_TEXT - len(foot.encode())
    return message.text.encode()[:room].decode(errors="ignore") + foot


def headers_of(message: Message) -> dict[str, str]:
    return {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": str(message.key)}


def in_bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def check_answer(adapter: str, body: bytes) -> None:
    """Raises NotDelivered when a robot answers 200 and says in the body that it did not take it."""
    if adapter == Adapter.JSON:
        return
    try:
        answer = json.loads(body)
        code = answer["errcode"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotDelivered(_("The robot's answer cannot be read."), of_the_receiver=True) from error
    if code != 0:
        words = str(answer.get("errmsg", ""))[:200]
        raise NotDelivered(f"errcode {code}: {words}", of_the_receiver=True)
