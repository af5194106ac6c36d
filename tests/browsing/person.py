"""Somebody who uses the product through its pages, by the words that stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request, Response

# Answers that a page expects: what was typed cannot be taken, somebody was faster.
EXPECTED = {409, 422}
# What htmx says when somebody leaves a page that still waits for an answer. A request that failed
# for any other reason is noted by itself.
OF_LEAVING = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")
ABORTED = "net::ERR_ABORTED"


class Person:
    """A signed-in browser; ``complaints`` is what the browser had to find fault with."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.may_say: tuple[str, ...] = OF_LEAVING
        """How console messages begin that tell of no fault."""
        page.on("console", self.note_message)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", self.note_response)
        page.on("requestfailed", self.note_failure)

    def note_message(self, message: ConsoleMessage) -> None:
        """Errors and refused parts; a status that is expected is noted by the browser as well."""
        expected = any(f"status of {status}" in message.text for status in EXPECTED)
        expected = expected or message.text.startswith(self.may_say)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"{message.type}: {message.text}")

    def note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in EXPECTED:
            self.complaints.append(f"{response.status}: {response.url}")

    def note_failure(self, request: Request) -> None:
        if request.failure != ABORTED:
            self.complaints.append(f"{request.failure}: {request.url}")

    def sign_in(self, username: str) -> None:
        """Come in by the front door."""
        self.page.goto("/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.press("登录")
        self.page.get_by_role("button", name="退出").wait_for()

    def sign_out(self) -> None:
        self.press("退出")

    def take_up(self, matter: str) -> None:
        """Open what waits under this name in the inbox."""
        self.page.goto("/")
        # Until the page has loaded: what is typed before the scripts have run is not seen by them.
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=matter).first.click()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def unfold(self, words: str) -> None:
        self.page.locator("summary", has_text=words).last.click()

    def type(self, **figures: str) -> None:
        """Fill in fields by their names; ``__`` stands for a hyphen."""
        for name, value in figures.items():
            field = self.page.locator(f'[name="{name.replace("__", "-")}"]')
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def explain(self) -> None:
        """Give a reason for each error that the checks found, and confirm their warnings."""
        for field in self.page.locator('textarea[name^="reason-"]').all():
            field.fill("已逐项核对原始凭证，数据属实。")
        for tick in self.page.locator('[name="acknowledged"]').all():
            tick.check()

    def type_under(self, label: str, text: str) -> None:
        """Fill in the field that is called so."""
        self.page.get_by_role("textbox", name=label).fill(text)

    def attach(self, name: str, content: bytes) -> None:
        """Choose a file."""
        file = {"name": name, "mimeType": "application/pdf", "buffer": content}
        self.page.locator('input[type="file"]').set_input_files(files=[file])  # type: ignore[list-item]

    def reads(self, words: str) -> None:
        """Wait until the words are visible on the page."""
        self.page.get_by_text(words).first.wait_for()
