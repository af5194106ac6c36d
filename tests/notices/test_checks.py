"""A server that is set up by half says so before it starts."""

from __future__ import annotations

import pytest

from notices.checks import check_ways_out

COMPLETE = {
    "EMAIL_URL": "smtp+tls://user:word@mail.example:587",
    "EMAIL_HOST": "mail.example",
    "MAIL_FROM": "jiheng@office.example",
    "SITE_URL": "https://jiheng.example",
}


def faults(settings, **given):
    for name, value in {"DEMO_MODE": False, **given}.items():
        setattr(settings, name, value)
    return [fault.id for fault in check_ways_out(None)]


def test_nothing_and_everything_are_both_fine(settings):
    assert faults(settings) == []
    assert faults(settings, **COMPLETE, WEBHOOK_HOSTS=["oa.example"]) == []


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"MAIL_FROM": ""}, ["notices.E001"]),
        ({"SITE_URL": ""}, ["notices.E001"]),
        ({"EMAIL_URL": ""}, ["notices.E001"]),
        ({"EMAIL_HOST": ""}, ["notices.E005"]),
        ({"SITE_URL": "jiheng.example"}, ["notices.E004"]),
        ({"DIGEST_HOUR": 24}, ["notices.E006"]),
        ({"WEBHOOK_NETWORKS": ["10.0.0.1/8"]}, ["notices.E003"]),
    ],
)
def test_what_is_missing_or_wrong_is_said(settings, given, found):
    assert faults(settings, **{**COMPLETE, **given}) == found


def test_webhooks_need_the_sites_address_for_their_links(settings):
    assert faults(settings, WEBHOOK_HOSTS=["oa.example"]) == ["notices.E002"]


def test_a_demonstration_sends_nothing_and_asks_for_nothing(settings):
    assert faults(settings, DEMO_MODE=True, MAIL_FROM="half@office.example") == []
