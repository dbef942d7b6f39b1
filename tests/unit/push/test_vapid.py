"""Who we are to a push service: kept over restarts, proved by a signature."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from livefeed.errors import ConfigurationError
from livefeed.push.vapid import identity_of
from tests.integration.push_service import claims_of

OURS = "https://push.example"


def test_a_token_says_for_whom_it_is_and_until_when(tmp_path: Path) -> None:
    identity = identity_of(tmp_path, contact="mailto:studio@pictures.example")
    claims = claims_of(identity.credentials(OURS, now_s=1000.0), identity.public)
    assert claims == {"aud": OURS, "exp": 1000 + 12 * 3600, "sub": "mailto:studio@pictures.example"}
    assert "sub" not in claims_of(identity_of(tmp_path).credentials(OURS, now_s=1000.0), identity.public)


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: identity_of(tmp_path / "push").public, range(24)))
    assert len(found) == 1
    assert os.listdir(tmp_path / "push") == ["vapid.key"]
    assert (tmp_path / "push" / "vapid.key").stat().st_mode & 0o077 == 0


def test_a_key_may_be_given(tmp_path: Path) -> None:
    given = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    assert identity_of(tmp_path, key=given).public.startswith("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vC")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["short", "!" * 43, "A" * 43])
def test_a_key_that_is_none_is_refused_without_being_shown(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigurationError, match="LIVEFEED_PUSH_KEY") as refused:
        identity_of(tmp_path, key=key)
    assert key not in refused.value.message


def test_a_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "vapid.key").write_text("nonsense")
    with pytest.raises(ConfigurationError, match=r"vapid\.key"):
        identity_of(tmp_path)
