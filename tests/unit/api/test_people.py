"""Who asks who they are is seen."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from livefeed.api.people import read_me
from livefeed.people import ANONYMOUS, Caller, User

FOX = User("01m0000000000000000001", "red-fox")


@pytest.mark.parametrize(("caller", "expected"), [(Caller(FOX), [FOX]), (ANONYMOUS, [])])
async def test_whoever_opens_the_page_is_entered_among_the_names(caller: Caller, expected: list[User]) -> None:
    seen: list[User] = []

    async def enter(user: User) -> None:
        seen.append(user)

    house = SimpleNamespace(identity=SimpleNamespace(seen=enter))
    await read_me(cast(Any, SimpleNamespace(caller=caller, house=house)))
    assert seen == expected
