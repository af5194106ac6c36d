"""Where a webhook may lead: hosts that the operator has named, and public addresses."""

from __future__ import annotations

import pytest

from audit_log.errors import InvalidInput
from notices.outward.posting import allowed_parts, is_permitted


@pytest.fixture
def hosts(settings):
    settings.WEBHOOK_SCHEMES = ["https"]
    settings.WEBHOOK_HOSTS = ["oapi.dingtalk.com", "oa.example:8443"]
    settings.WEBHOOK_NETWORKS = ["10.20.0.0/16"]


@pytest.mark.parametrize(
    "url",
    [
        "https://oapi.dingtalk.com/robot/send?access_token=1",
        "https://OAPI.dingtalk.com:443/",
        "https://oa.example:8443/hook",
    ],
)
def test_a_named_host_may_be_posted_to(hosts, url):
    assert allowed_parts(url).geturl()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "oapi.dingtalk.com",
        "http://oapi.dingtalk.com/",
        "ftp://oapi.dingtalk.com/",
        "https://oapi.dingtalk.com:8443/",
        "https://oa.example/hook",
        "https://oapi.dingtalk.com.elsewhere.example/",
        "https://elsewhere.example/?https://oapi.dingtalk.com/",
        "https://oapi.dingtalk.com@elsewhere.example/",
        "https://user:word@oapi.dingtalk.com/",
        "https://oapi.dingtalk.com/#part",
        "https://oapi.dingtalk.com/a b",
        "https://oapi.dingtalk.com/\r\nHost: elsewhere.example",
        "https://oapi.dingtalk.com:abc/",
        "https://[::1/",
    ],
)
def test_no_other_address_may(hosts, url):
    with pytest.raises(InvalidInput) as refused:
        allowed_parts(url)
    assert list(refused.value.fields) == ["url"]


@pytest.mark.parametrize(
    "address", ["203.119.207.1", "10.20.3.4", "2400:3200::1", "::ffff:10.20.3.4", "64:ff9b::10.20.3.4"]
)
def test_public_addresses_and_named_networks_are_permitted(hosts, address):
    assert is_permitted(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.21.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "::ffff:127.0.0.1",
        "64:ff9b::10.21.0.1",
        "2002:a9fe:a9fe::1",
        "2001:0:a01:101::5601:5601",
        "0.0.0.0",
    ],
)
def test_private_addresses_are_not(hosts, address):
    assert not is_permitted(address)
