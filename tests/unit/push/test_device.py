"""What a browser says of itself is checked before it is kept."""

from __future__ import annotations

import pytest

from livefeed.errors import BadRequest
from livefeed.push.device import Device, decoded, encoded
from tests.integration.push_service import PushBrowser


def test_a_subscription_survives_being_written_down() -> None:
    device = PushBrowser("https://push.example/one").device
    said = device.as_dict()
    assert Device.parse(said["endpoint"], said["p256dh"], said["auth"]) == device
    assert len(device.id) == 32
    assert "push.example" not in device.id


@pytest.mark.parametrize(
    ("endpoint", "p256dh", "auth"),
    [
        ("", "", ""),
        ("https://push.example/\n", "", ""),
        ("https://püsh.example/", "", ""),
        ("https://push.example/" + "x" * 1100, "", ""),
        ("https://push.example/1", "!!!", ""),
        ("https://push.example/1", encoded(b"\x04" + b"x" * 63), encoded(b"a" * 16)),
        ("https://push.example/1", encoded(b"\x02" + b"x" * 64), encoded(b"a" * 16)),
        ("https://push.example/1", encoded(b"\x04" + b"x" * 64), encoded(b"a" * 15)),
    ],
)
def test_what_is_no_subscription_is_refused(endpoint: str, p256dh: str, auth: str) -> None:
    with pytest.raises(BadRequest):
        Device.parse(endpoint, p256dh, auth)


def test_base64url_is_read_with_and_without_padding() -> None:
    assert decoded("_-8") == decoded("_-8=") == b"\xff\xef"
    with pytest.raises(ValueError, match="base64url"):
        decoded("a")
