"""Who is speaking, and what those are told who are no person."""

from __future__ import annotations

import pytest

from livefeed.errors import Unauthorised
from livefeed.people import ANONYMOUS, Caller, User


def test_a_person_is_who_they_are() -> None:
    user = User("01m0000000000000000001", "ada")
    assert Caller(user).person() is user


@pytest.mark.parametrize(
    ("caller", "said"), [(ANONYMOUS, "This needs a user's token: "), (Caller(key="secret"), "not an API key: ")]
)
def test_whoever_is_no_person_is_told_what_is_missing(caller: Caller, said: str) -> None:
    with pytest.raises(Unauthorised, match=said) as told:
        caller.person()
    assert "secret" not in told.value.message
