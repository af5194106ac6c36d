"""What a refused verb may leave behind: one line in the log of refusals, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from audit_log.errors import JihengError
from audit_log.models import Refusal

APPS = ("workflow", "approvals", "evaluations", "notices", "accounts", "audit_log")


def everything() -> dict[str, Any]:
    """Every row of the product, refusals apart, and the jobs that wait."""
    rows: dict[str, Any] = {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if model is not Refusal
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, args FROM procrastinate_jobs ORDER BY id")
        rows["jobs"] = cursor.fetchall()
    return rows


@contextmanager
def refused(error: type[JihengError], *fields: str) -> Iterator[None]:
    """The block is refused with this error, at these fields, and leaves one refusal and nothing else."""
    before, noted = everything(), Refusal.objects.count()
    with pytest.raises(error) as caught:
        yield
    assert caught.type is error
    if fields:
        assert sorted(getattr(caught.value, "fields", {})) == sorted(fields)
    assert everything() == before
    assert Refusal.objects.count() == noted + 1
    latest = Refusal.objects.order_by("-pk")[0]
    assert latest.code == error.code
    assert latest.message == str(caught.value)
