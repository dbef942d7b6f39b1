"""Sealing, held against the specification's own example, and opened as a browser opens it."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from livefeed.errors import BadRequest
from livefeed.push.device import Device, decoded, encoded
from livefeed.push.sealing import MESSAGE_BYTES, Chance, point, sealed
from tests.integration.push_service import PushBrowser

# RFC 8291, Appendix A and section 5.
TEXT = b"When I grow up, I want to be a watermelon"
BROWSER_POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OUR_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_specifications_example_comes_out_byte_for_byte() -> None:
    device = Device.parse("https://push.example/1", BROWSER_POINT, AUTH)
    key = ec.derive_private_key(int.from_bytes(decoded(OUR_KEY), "big"), ec.SECP256R1())
    assert encoded(sealed(TEXT, device, Chance(key, decoded(SALT)))) == BODY


def test_only_the_browser_it_is_for_can_open_it() -> None:
    mine, other = PushBrowser("https://push.example/1"), PushBrowser("https://push.example/2")
    body = sealed(b"for one", mine.device, Chance.fresh())
    assert mine.opened(body) == b"for one"
    with pytest.raises(InvalidTag):
        other.opened(body)


def test_the_same_message_never_looks_the_same() -> None:
    browser = PushBrowser("https://push.example/1")
    assert len({sealed(b"again", browser.device, Chance.fresh()) for _ in range(5)}) == 5


def test_a_message_is_at_most_one_record() -> None:
    browser = PushBrowser("https://push.example/1")
    assert len(sealed(b"x" * MESSAGE_BYTES, browser.device, Chance.fresh())) <= 4096
    with pytest.raises(ValueError, match="at most"):
        sealed(b"x" * (MESSAGE_BYTES + 1), browser.device, Chance.fresh())


def test_a_point_off_the_curve_is_refused() -> None:
    wrong = b"\x04" + b"\x01" * 64
    with pytest.raises(BadRequest):
        sealed(b"x", Device("https://push.example/1", wrong, b"a" * 16), Chance.fresh())
    assert len(point(Chance.fresh().key.public_key())) == 65
