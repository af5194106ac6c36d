"""Signing in: what it leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.access import rights_of
from accounts.models import User
from accounts.roles import Right
from audit_log import clock
from audit_log.models import AuditEvent
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = reverse("login")


MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def sign_in(username: str, password: str = PASSWORD, address: str = "127.0.0.1"):
    return Client(REMOTE_ADDR=address).post(LOGIN, {"username": username, "password": password})


def test_the_history_of_a_person_holds_neither_password_nor_last_sign_in():
    fields = {field.name for field in User.history.model._meta.get_fields()}
    assert "display_name" in fields
    assert not {"password", "last_login"} & fields


def test_a_sign_in_writes_no_history_and_a_new_name_does(world):
    before = User.history.filter(id=world.lin.pk).count()
    assert sign_in("lin").status_code == 302
    world.lin.refresh_from_db()
    assert world.lin.last_login
    assert User.history.filter(id=world.lin.pk).count() == before
    world.lin.display_name = "林某"
    world.lin.save_as(world.zhou)
    assert User.history.filter(id=world.lin.pk).count() == before + 1


def test_ten_wrong_passwords_in_a_quarter_of_an_hour_are_enough(world):
    with clock.at(MOMENT):
        for _ in range(9):
            assert sign_in("lin", "wrong").status_code == 200
        assert sign_in("lin").status_code == 302
        assert sign_in("lin", "wrong").status_code == 200
        refused = sign_in("lin")
        assert refused.status_code == 429
        assert refused.context["refusal"]
        assert not refused.wsgi_request.user.is_authenticated
        assert sign_in("wang").status_code == 302
        assert sign_in("lin", address="10.1.2.3").status_code == 302
    with clock.at(MOMENT + timedelta(minutes=16)):
        assert sign_in("lin").status_code == 302


def test_a_person_changes_their_own_password_and_stays_signed_in(world, as_):
    new = "another-good-weight"
    browser = as_(world.lin)
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    address = reverse("password_change")
    wrong = browser.post(address, {**data, "old_password": "wrong"})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors["old_password"]
    assert browser.post(address, data).status_code == 302
    assert browser.get(reverse("inbox")).status_code == 200
    assert sign_in("lin", new).status_code == 302
    assert sign_in("lin", PASSWORD).status_code == 200
    assert AuditEvent.objects.filter(verb="change_password", actor_id=world.lin.pk).count() == 1


def test_the_first_account_of_a_bureau_needs_a_sound_password(db):
    given = {"name": "某财政局", "code": "700", "chief": "chief", "chief_name": "某科长"}
    with pytest.raises(CommandError):
        call_command("set_up_bureau", **given, password="short")
    call_command("set_up_bureau", **given, password=PASSWORD)
    assert rights_of(User.objects.get(username="chief")).anywhere(Right.MANAGE_PEOPLE)
