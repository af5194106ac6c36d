"""A page's form as a browser without JavaScript would send it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from workflow.models import FlowTask

UNSENT = ("submit", "button", "file")
HANDING_IN = ("submit", "supply", "draft")
A_REASON = "已逐项核对原始凭证，数据属实。"


class FormReader(HTMLParser):
    """Collects the fields of one form with their values, and the errors that stand at fields."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.fields: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.ticks: dict[str, str] = {}
        """Boxes that are not ticked, with what each would send."""
        self._inside = False
        self._select: str | None = None
        self._textarea: str | None = None
        self._error: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = found.get("id") == self.form_id
        if "field-error" in found.get("class", "") and found.get("id", "").endswith("_error"):
            self._error = found["id"].removeprefix("id_").removesuffix("_error")
        if not self._inside:
            return
        if tag == "input" and found.get("type") not in UNSENT:
            if found.get("type") not in ("checkbox", "radio") or "checked" in found:
                default = "on" if found.get("type") == "checkbox" else ""
                self.fields[found["name"]] = found.get("value", default)
            else:
                self.ticks[found["name"]] = found.get("value", "on")
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and self._select:
            # A browser sends the first option when none is chosen.
            if "selected" in found or self._select not in self.fields:
                self.fields[self._select] = found.get("value", "")
        elif tag == "textarea":
            self._textarea = found["name"]
            self.fields[self._textarea] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            name, self._textarea = self._textarea, None
            if name:
                self.fields[name] = self.fields[name].removeprefix("\n")
        elif tag in ("ul", "span"):
            self._error = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += data
        if self._error and data.strip():
            self.errors[self._error] = data.strip()


def read_form(page: HttpResponse, form_id: str = "task-form") -> FormReader:
    """The form of a page, with its fields and its errors."""
    reader = FormReader(form_id)
    reader.feed(page.content.decode())
    return reader


def address(task: FlowTask, name: str = "task") -> str:
    return reverse(name, args=[task.process_id, task.pk])


def send(client: Client, task: FlowTask, verb: str, **changes: Any) -> HttpResponse:
    """Open the page, change some fields, and press the button ``verb``.

    A field is named with "__" where the page has "-": ``budget__paid="290"``.
    Whoever hands in explains whatever the checks find first.
    """
    typed = {name.replace("__", "-"): value for name, value in changes.items()}
    fields = read_form(client.get(address(task))).fields | typed
    if verb in HANDING_IN:
        fields = explained(client, task, fields) | typed
    return client.post(address(task), {**fields, "verb": verb})


def explained(client: Client, task: FlowTask, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with a reason for each error that the checks find in them, and the warnings confirmed."""
    words = {name: value for name, value in fields.items() if isinstance(value, str)}
    form = read_form(client.post(address(task), {**words, "verb": "recalculate"}))
    reasons = {
        name: A_REASON for name, said in form.fields.items() if name.startswith("reason-") and not said
    }
    ticks = {name: value for name, value in form.ticks.items() if name == "acknowledged"}
    return {**form.fields, **reasons, **ticks}
