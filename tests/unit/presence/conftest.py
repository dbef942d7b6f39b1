"""Fixtures of presence's tests."""

from __future__ import annotations

import asyncio

import pytest

from tests.unit.presence.house import House


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A house whose nodes' event loop shows its time."""
    made = House()
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: made.now_s, raising=False)
    return made
