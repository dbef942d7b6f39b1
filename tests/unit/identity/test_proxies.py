"""Whose address counts."""

from __future__ import annotations

import pytest

from livefeed.errors import ConfigurationError
from livefeed.identity.proxies import Proxies


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # not our proxy: it may say what it likes
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # the left one is the client's own invention
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "rubbish", "rubbish"),
        (None, "198.51.100.1", ""),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_client_is_the_last_hop_that_is_no_proxy_of_ours(remote: str | None, forwarded: str, client: str) -> None:
    proxies = Proxies.parse("10.0.0.0/8, fd00::/8")
    assert proxies.client(remote, {"X-Forwarded-For": forwarded} if forwarded else {}) == client


def test_without_proxies_nobody_is_believed() -> None:
    assert Proxies.parse("").client("10.0.0.1", {"X-Forwarded-For": "198.51.100.1"}) == "10.0.0.1"


def test_a_network_that_is_none_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="LIVEFEED_TRUSTED_PROXIES"):
        Proxies.parse("10.0.0.0/8,everywhere")
