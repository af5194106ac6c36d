"""From where a change came."""

from __future__ import annotations

from audit_log import origin


def test_without_a_proxy_the_header_is_not_believed():
    headers = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}
    assert origin.address_of(headers, behind_proxy=False) == "10.0.0.9"


def test_behind_a_proxy_the_hop_that_the_proxy_added_counts():
    headers = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 10.0.0.9"}
    assert origin.address_of(headers, behind_proxy=True) == "10.0.0.9"
    assert origin.address_of({"REMOTE_ADDR": "127.0.0.1"}, behind_proxy=True) == "127.0.0.1"


def test_an_origin_holds_inside_its_block_only():
    with origin.coming_from("web 10.0.0.9"):
        assert origin.current() == "web 10.0.0.9"
    assert origin.current() == ""
