"""Limits of public forms."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory, override_settings

from project.lib.clock import FrozenClock
from project.lib.limits import allow, from_own_page, is_over, sender


def test_it_lets_so_many_through_in_a_window(monday: FrozenClock) -> None:
    answers = [allow("knock", "10.0.0.1", limit=3, seconds=60) for _turn in range(5)]
    assert answers == [True, True, True, False, False]
    assert is_over("knock", "10.0.0.1", limit=3, seconds=60)
    assert allow("knock", "10.0.0.2", limit=3, seconds=60)
    assert allow("ring", "10.0.0.1", limit=3, seconds=60)
    monday.advance(timedelta(seconds=61))
    assert not is_over("knock", "10.0.0.1", limit=3, seconds=60)
    assert allow("knock", "10.0.0.1", limit=3, seconds=60)


def test_neither_address_nor_number_stands_in_the_cache(monday: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    monkeypatch.setattr(cache, "add", lambda key, *rest: keys.append(key) or True)
    allow("knock", "+84912345678", limit=3, seconds=60)
    assert "912345678" not in keys[0]


@pytest.mark.parametrize(
    ("address", "told"),
    [("10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("", "")],
)
def test_an_ipv6_network_is_one_sender(address: str, told: str) -> None:
    assert sender(RequestFactory().get("/", REMOTE_ADDR=address)) == told


def test_forwarded_addresses_count_only_behind_trusted_proxies() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": "6.6.6.6, 1.2.3.4"})
    assert sender(request) == "10.0.0.9"
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert sender(request) == "1.2.3.4"
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=3):
        assert sender(request) == "10.0.0.9"


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_a_form_comes_from_one_of_our_pages(headers: dict[str, str], own: bool) -> None:
    assert from_own_page(RequestFactory().post("/", headers=headers)) is own
