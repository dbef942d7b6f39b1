"""Only our own pages may act on a cookie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.identity.origin import is_allowed, is_ours

OURS = "https://pictures.example"
FOREIGN = "https://evil.example"

WRITES = st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "post", "PROPFIND"])
ORIGINS = st.sampled_from([None, "null", "", OURS, FOREIGN, "http" + OURS[5:], OURS + ".evil.example"])


def allowed(**changes):
    """A write from a foreign page, in a browser that holds our cookie, unless said otherwise."""
    request = {
        "method": "POST", "websocket": False, "cookie": True, "bearer": False, "origin": FOREIGN,
        "host": "pictures.example", "public_url": OURS,
    }  # fmt: skip
    return is_allowed(**(request | changes))


@pytest.mark.parametrize(
    ("why", "changes", "expected"),
    [
        ("a foreign page may not write on our cookie", {}, False),
        ("our page may", {"origin": OURS}, True),
        ("a browser always says where a write comes from", {"origin": None}, False),
        ("a sandboxed frame is nobody's", {"origin": "null"}, False),
        ("a token is never sent by accident", {"bearer": True}, True),
        ("without cookie nobody is acted for", {"cookie": False}, True),
        ("curl has neither", {"cookie": False, "origin": None}, True),
        ("reading changes nothing", {"method": "GET"}, True),
        ("no foreign page opens a WebSocket on our cookie", {"method": "GET", "websocket": True}, False),
        ("our page may open one", {"method": "GET", "websocket": True, "origin": OURS}, True),
        ("a widget may open one for nobody", {"method": "GET", "websocket": True, "cookie": False}, True),
        ("a widget may open one with a token", {"method": "GET", "websocket": True, "bearer": True}, True),
        ("the Host header cannot overrule the public address", {"host": "evil.example"}, False),
        ("without public address, Host is ours", {"public_url": "", "origin": OURS}, True),
        ("and nothing else is", {"public_url": ""}, False),
        ("without any address nothing is ours", {"public_url": "", "host": None, "origin": OURS}, False),
    ],
)
def test_the_rule(why, changes, expected):
    assert allowed(**changes) is expected, why


@pytest.mark.parametrize(
    ("origin", "host", "public_url", "expected"),
    [
        ("https://pictures.example:443", None, OURS, True),
        ("https://PICTURES.example", None, OURS + "/", True),
        ("https://pictures.example:8443", None, OURS, False),
        ("http://pictures.example", None, OURS, False),
        ("https://pictures.example.evil.example", None, OURS, False),
        ("https://evil.example/https://pictures.example", None, OURS, False),
        ("https://pictures.example@evil.example", None, OURS, False),
        ("https://user@pictures.example", None, OURS, False),
        ("http://localhost:8080", "localhost:8080", "", True),
        ("http://localhost:8080", "127.0.0.1:8080", "", False),
        ("http://localhost", "localhost:80", "", True),
        ("https://localhost", "localhost:443", "", True),
        ("http://localhost:8081", "localhost:8080", "", False),
        ("http://[::1]:8080", "[::1]:8080", "", True),
        ("http://[::1", "[::1", "", False),
        ("http://localhost:99999", "localhost:99999", "", False),
        ("http://localhost:x", "localhost:x", "", False),
        ("file://", "localhost", "", False),
        ("chrome-extension://abcdef", "abcdef", "", False),
        ("http://", "", "", False),
    ],
)
def test_two_addresses_are_the_same_place_or_not(origin, host, public_url, expected):
    assert is_ours(origin, host=host, public_url=public_url) is expected


@given(method=WRITES, websocket=st.booleans(), origin=ORIGINS, host=st.none() | st.just("pictures.example"))
def test_a_cookie_alone_never_writes_from_anywhere_but_our_address(method, websocket, origin, host):
    assert allowed(method=method, websocket=websocket, origin=origin, host=host) is (origin == OURS)


@given(st.text(), st.text(), st.text())
def test_any_text_is_judged_without_an_error(origin, host, public_url):
    assert is_ours(origin, host=host, public_url=public_url) in (True, False)
