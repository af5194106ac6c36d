"""Reading pages in tests: in English, with what they cost."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from evaluations.actions import DossierChanges
from tests.cast import open_task
from workflow import services

TABS = [
    "figures",
    "scores",
    "findings",
    "evidence",
    "opinions",
    "comments",
    "history",
    "process",
    "rectification",
]


def get(client: Client, url: str, **parameters: Any) -> Any:
    """The English page; it has to be there."""
    response = client.get(url, parameters, headers={"accept-language": "en"})
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return response


def text_of(response: Any) -> str:
    """The words of a page, with single spaces."""
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def statements_of(client: Client, url: str, **parameters: Any) -> int:
    """How many SQL statements the page costs, once everything that is read once is read."""
    get(client, url, **parameters)
    with CaptureQueriesContext(connection) as captured:
        get(client, url, **parameters)
    return len(captured)


def tab_of(evaluation: Any, tab: str) -> str:
    """The address of a dossier's tab."""
    return reverse("dossier_tab", args=[evaluation.pk, tab])


def save(evaluation: Any, actor: Any, changes: DossierChanges) -> None:
    """Fill in at the step that the evaluation waits at."""
    task = open_task(evaluation, actor)
    services.save_draft(process_id=task.process_id, task_id=task.pk, actor=actor, changes=changes)


def everything(client: Client, evaluation: Any) -> str:
    """The words of all tabs together."""
    urls = [(tab_of(evaluation, tab), {}) for tab in TABS]
    urls.append((tab_of(evaluation, "history"), {"show": "changes"}))
    return " ".join(text_of(get(client, url, **asked)) for url, asked in urls)
