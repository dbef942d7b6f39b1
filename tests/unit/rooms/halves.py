"""A document full of characters of two UTF-16 units, and what cuts them in half."""

from __future__ import annotations

from collections.abc import Sequence

from pycrdt import Doc, Text

from livefeed.rooms.varints import write

EMOJI = "\U0001f600"
CLIENT = 7


def full_of_emoji(count: int, *, updates: int = 1) -> list[bytes]:
    """Return updates in which a client types that many at a time, one behind the other."""
    doc: Doc[Text] = Doc(client_id=CLIENT)
    prompt, made = doc.get("prompt", type=Text), list[bytes]()
    watching = doc.observe(lambda event: made.append(event.update))
    for _ in range(updates):
        prompt.insert(0, count * EMOJI)
    doc.unobserve(watching)
    return made


def cut_in_half(numbers: Sequence[int]) -> list[bytes]:
    """Return updates that delete the second half of the emoji of these numbers, each eight bytes or so."""
    return [b"\x00\x01" + write(CLIENT) + b"\x01" + write(2 * number + 1) + b"\x01" for number in numbers]
