"""The hub that these tests feed by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.hub.talk import Talk


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def make_talk() -> Callable[..., Talk]:
    return Talk
