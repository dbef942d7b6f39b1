from __future__ import annotations

import pytest

from livefeed.rooms import varints
from livefeed.rooms.varints import MAX_NUMBER, Malformed


@pytest.mark.parametrize("value", [0, 1, 127, 128, 300, 16_383, 16_384, 2**32, MAX_NUMBER])
def test_what_is_written_is_read(value: int) -> None:
    data = varints.write(value)
    assert varints.read(b"x" + data + b"y", 1) == (value, 1 + len(data))


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 8, b"\xff" * 9, b"\x80" * 8 + b"\x01", varints.write(2**53)])
def test_what_is_no_number_is_refused(data: bytes) -> None:
    """No end, more than eight bytes, more than JavaScript can count."""
    with pytest.raises(Malformed):
        varints.read(data, 0)


def test_bytes_longer_than_what_holds_them_are_refused() -> None:
    assert varints.read_bytes(b"\x02abc", 0) == (b"ab", 3)
    with pytest.raises(Malformed):
        varints.read_bytes(b"\x04abc", 0)
