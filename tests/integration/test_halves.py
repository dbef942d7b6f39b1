"""Characters of two UTF-16 units that people type, delete and replace by halves: no update of stock Yjs is refused,
and the document shows what Yjs shows."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from livefeed.rooms import ink, structure
from livefeed.rooms.held import Held
from livefeed.rooms.ink import PROMPT, Ink, Overdrawn
from tests.integration.server_process import ROOT
from tests.soak import count

SCRIPT = Path(__file__).with_name("halves.mjs")
YJS = ROOT / "web" / "node_modules" / "yjs"
WORLDS = count(40, 1_000)
BEGUN = structure.EMPTY


def worlds(seed: int) -> list[tuple[list[bytes], str]]:
    """Return of each world its updates, and what Yjs shows of them."""
    node = shutil.which("node")
    if node is None or not YJS.is_dir():
        pytest.fail("no Node.js with web/node_modules: run 'make web'", pytrace=False)
    command = [node, str(SCRIPT), str(YJS), str(seed % 2**31), str(WORLDS)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
    found = [json.loads(line) for line in told.splitlines()]
    assert len(found) == WORLDS
    return [([bytes.fromhex(update) for update in world["updates"]], world["prompt"]) for world in found]


def asked(pieces: list[bytes], question: str, argument: Any = None) -> Any:
    word, found = Ink().ask("room", None, [BEGUN, *pieces], "1-1", question, argument)
    assert word == "answer"
    return found


def asked_bit_by_bit(pieces: list[bytes], chance: random.Random) -> str:
    """Ask for the prompt with little time at once, and with more pieces the next time."""

    def progress(index: int) -> None:
        if chance.random() < 0.2:
            raise Overdrawn

    desk, count = Ink(progress), 1
    while True:
        try:
            word, found = desk.ask("room", None, [BEGUN, *pieces[:count]], f"1-{count}", "contents", None)
        except Overdrawn:
            count = min(len(pieces), count + chance.randrange(3))
            continue
        assert word == "answer"
        if count >= len(pieces):
            return str(found[PROMPT])
        count += 1


def test_nobody_is_refused_and_the_document_shows_what_yjs_shows(seed: int) -> None:
    """In whatever order the updates come, and with a snapshot put in the place of the first of them."""
    halved, found_worlds = 0, worlds(seed)
    for number, (updates, prompt) in enumerate(found_worlds):
        chance = random.Random(seed + number)
        shuffled = chance.sample(updates, len(updates))
        assert asked(updates, "contents")[PROMPT] == prompt, f"world {number}"
        assert asked(shuffled, "contents")[PROMPT] == prompt, f"world {number}, shuffled"
        at = chance.randrange(len(updates))
        assert asked_bit_by_bit(shuffled, chance) == prompt, f"world {number}, bit by bit"
        assert asked(updates[:at], "weigh", updates[at])["complaint"] == ""
        whole, waiting = asked(updates[:at], "whole")
        assert waiting == []
        word, found = Ink().ask("room", None, [whole, *updates[at:]], "1-1", "contents", None)
        assert (word, found[PROMPT]) == ("answer", prompt), f"world {number}, compacted at {at}"
        halved += "\ufffd" in prompt
    assert halved >= len(found_worlds) // 4, "halves were hardly ever apart"


def test_whoever_stands_in_the_middle_of_a_character_is_told_the_rest_of_it_and_changes_nothing() -> None:
    typed = ink.seed("", {}, client=3), b"\x01\x01\x05\x00\x04\x01\x06prompt\x06a\xf0\x9f\x98\x80b\x00"
    desk = Ink()
    word, (missing, *_) = desk.ask("room", None, list(typed), "1-1", "missing", b"\x02\x03\x01\x05\x02")
    assert word == "answer"
    (run,) = structure.anatomy(missing).runs
    assert (run.client, [(one.clock, one.end) for one in run.structs]) == (5, [(2, 4)])
    assert desk.ask("room", "1-1", [], "1-1", "contents", None)[1][PROMPT] == "a😀b"


def test_a_snapshot_that_reads_back_as_something_else_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """As yrs writes it where a character is cut in half that was not replaced."""
    typed = b"\x01\x01\x05\x00\x04\x01\x06prompt\x06a\xf0\x9f\x98\x80b\x00"
    halved = b"\x00\x01\x05\x01\x01\x01"
    assert asked([typed, halved], "whole") is not None
    monkeypatch.setattr(Held, "_cut_by", lambda self, places: set())
    assert asked([typed, halved], "whole") is None
