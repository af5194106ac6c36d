"""What notices go to in these tests: a mail server and a web server, both real, both on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """What has arrived; ``answers`` says what the server replies to the n-th (none: it takes it)."""

    letters: list[EmailMessage] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)
    on_arrival: Callable[[int], None] = lambda number: None
    port: int = 0
    seen: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.seen += 1
        refused = self.answers.get(self.seen)
        if refused:
            return refused
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.on_arrival(len(self.letters))
        return "250 OK"

    @property
    def to(self) -> list[str]:
        return [str(letter["To"]) for letter in self.letters]


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server on a free port."""
    mailbox = Mailbox()
    mailbox.port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@dataclass
class Posted:
    """One POST that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Site:
    """What has arrived; ``answers`` are given one after the other, then ``usual`` for ever."""

    posts: list[Posted] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    usual: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")
    on_arrival: Callable[[int], None] = lambda number: None
    host: str = ""

    @property
    def url(self) -> str:
        return f"http://{self.host}/hook?key=abc"


@contextmanager
def web_server() -> Iterator[Site]:
    """A web server on a free port."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            site.posts.append(Posted(self.path, dict(self.headers), body))
            status, headers, content = site.answers.pop(0) if site.answers else site.usual
            site.on_arrival(len(site.posts))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.host = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
