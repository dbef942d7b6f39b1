"""Places for uploads."""

from __future__ import annotations

import pytest

from livefeed.api.uploads import Uploads
from livefeed.errors import Busy, RateLimited


def test_one_person_cannot_take_all_places() -> None:
    uploads = Uploads(in_all=3, per_person=1)
    with uploads.place("fox"):
        with pytest.raises(RateLimited) as refused, uploads.place("fox"):
            pass
        assert refused.value.retry_after_s
        with uploads.place("owl"):
            pass


def test_when_all_places_are_taken_everybody_is_told_to_come_back() -> None:
    uploads = Uploads(in_all=1, per_person=1)
    with uploads.place("fox"), pytest.raises(Busy), uploads.place("owl"):
        pass


def test_a_place_is_free_again_however_its_upload_ended() -> None:
    uploads = Uploads(in_all=1, per_person=1)
    with pytest.raises(ZeroDivisionError), uploads.place("fox"):
        raise ZeroDivisionError
    with uploads.place("fox"):
        pass
