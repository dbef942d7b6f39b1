"""Endpoints come from outside: they must not lead into our own network."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from livefeed.errors import BadRequest, ConfigurationError
from livefeed.push.courier import PublicResolver
from livefeed.push.services import Services, is_public

ANY = Services.parse("*")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGui",
        "https://wns2-par02p.notify.windows.com:443/w/?token=x",
    ],
)
def test_the_push_services_of_the_browsers_are_taken(endpoint: str) -> None:
    assert ANY.check(endpoint).startswith("https://")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/1",
        "ftp://push.example/1",
        "https://push.example:8443/1",
        "https://user:pass@push.example/1",
        "https://localhost/1",
        "https://printer/1",
        "https://metadata.google.internal/1",
        "https://router.local/1",
        "https://127.0.0.1/1",
        "https://127.1/1",
        "https://2130706433/1",
        "https://0x7f.0.0.0x1/1",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/1",
        "https://[fd00::1]/1",
        "https://8.8.8.8/1",
        "https://push.example./1",
        "https:///1",
        "https://[/1",
        "https://push.example:99999/1",
    ],
)
def test_what_is_no_public_https_address_is_refused(endpoint: str) -> None:
    with pytest.raises(BadRequest):
        ANY.check(endpoint)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2607:f8b0::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b:1::7f00:1", False),
        ("::7f00:1", False),
        ("::ffff:0:7f00:1", False),
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("2606:4700::1111", True),
        ("no address", False),
    ],
)
def test_which_addresses_are_somebodys_on_the_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


class Names(AbstractResolver):
    """Names that lead where a test says."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        about: dict[str, Any] = {"hostname": host, "port": port, "family": family, "proto": 0, "flags": 0}
        return [ResolveResult(host=address, **about) for address in self.addresses]

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_public_name_that_leads_to_us_is_no_way_in() -> None:
    """Looked up when the connection is made: what the name was before does not matter."""
    with pytest.raises(OSError, match="no public address"):
        await PublicResolver(frozenset(), Names("127.0.0.1", "10.0.0.1")).resolve("push.example", 443)
    found = await PublicResolver(frozenset(), Names("127.0.0.1", "8.8.8.8")).resolve("push.example", 443)
    assert [each["host"] for each in found] == ["8.8.8.8"]
    found = await PublicResolver(frozenset({"push.example"}), Names("127.0.0.1")).resolve("push.example", 443)
    assert [each["host"] for each in found] == ["127.0.0.1"]


def test_an_operator_may_name_whom_we_send_to() -> None:
    named = Services.parse("https://fcm.googleapis.com http://127.0.0.1:9000")
    assert named.check("https://fcm.googleapis.com/x") == "https://fcm.googleapis.com"
    assert named.check("http://127.0.0.1:9000/x") == "http://127.0.0.1:9000"
    for endpoint in ("https://updates.push.services.mozilla.com/x", "http://127.0.0.1:9001/x"):
        with pytest.raises(BadRequest):
            named.check(endpoint)
    assert Services.parse("none").some is False


@pytest.mark.parametrize("text", ["", "fcm.googleapis.com", "* none", "https://push.example/path", "ftp://x.example"])
def test_a_setting_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="LIVEFEED_PUSH_SERVICES"):
        Services.parse(text)
