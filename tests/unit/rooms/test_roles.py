"""Who may do what in a room."""

from __future__ import annotations

from typing import Any

import pytest

from livefeed.errors import BadRequest
from livefeed.rooms.roles import Role, given_role


def test_viewers_look_and_the_others_edit() -> None:
    assert {role: role.edits for role in Role} == {Role.OWNER: True, Role.EDITOR: True, Role.VIEWER: False}


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_two_roles_can_be_given(role: str) -> None:
    assert given_role(role) == role


@pytest.mark.parametrize("role", ["owner", "Editor", "", None, 7, ["editor"]])
def test_others_cannot(role: Any) -> None:
    with pytest.raises(BadRequest):
        given_role(role)
