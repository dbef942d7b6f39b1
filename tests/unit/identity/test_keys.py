"""API keys open exactly the topics they are listed with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import ConfigurationError
from livefeed.identity.keys import ApiKeys
from livefeed.topic import Topic

KEYS = ApiKeys.parse("first=app:weather, second=app:shop:orders,first=app:sports,,odd=key=app:odd")


@pytest.mark.parametrize(
    ("key", "topic", "allowed"),
    [
        ("first", "app:weather", True),
        ("first", "app:weather:berlin", True),
        ("first", "app:weatherman", False),
        ("first", "app:sports:chess", True),
        ("first", "app:shop:orders", False),
        ("first", "feed:all", False),
        ("second", "app:shop:orders", True),
        ("second", "app:shop", False),
        ("second", "app:shop:refunds", False),
        ("odd=key", "app:odd", True),
        ("odd", "app:odd", False),
        ("First", "app:weather", False),
        ("", "app:weather", False),
        ("first ", "app:weather", False),
        ("\udcff", "app:weather", False),
    ],
)
def test_a_key_publishes_on_its_topics_and_below(key, topic, allowed):
    assert KEYS.may_publish(key, Topic.parse(topic)) is allowed


def test_known_keys_are_told_from_unknown_ones():
    assert KEYS.knows("second")
    assert not KEYS.knows("third")
    assert not ApiKeys.parse("").knows("")


@pytest.mark.parametrize(
    "setting",
    [
        "secret", "secret=", "secret=feed:all", "=app:x", "secret=app:", "secret=app", "=urgent", "secret=urgen",
        "a=app:x,secret=app:a b", "secret=app:a:b:c",
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_and_no_key_is_printed(setting):
    with pytest.raises(ConfigurationError, match="LIVEFEED_API_KEYS") as caught:
        ApiKeys.parse(setting)
    assert "secret" not in caught.value.message


@given(
    st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True),
    st.from_regex(r"[a-z0-9]{1,12}(:[a-z0-9]{1,12})?", fullmatch=True),
    st.from_regex(r"[a-z]{1,12}(:[a-z0-9]{1,12}){0,2}", fullmatch=True),
)
def test_whatever_a_key_opens_is_its_prefix_or_begins_with_it_and_a_colon(key, prefix, name):
    topic = Topic.parse(name)
    allowed = ApiKeys.parse(f"{key}=app:{prefix}").may_publish(key, topic)
    assert allowed == (name + ":").startswith(f"app:{prefix}:")


def test_only_a_key_listed_so_may_put_pictures_before_others_and_it_publishes_nowhere():
    keys = ApiKeys.parse("hurry=urgent,weather=app:urgent,odd=key=urgent,both=urgent,both=app:weather")
    assert [key for key in ("hurry", "weather", "odd=key", "odd", "both", "") if keys.may_hurry(key)] == [
        "hurry", "odd=key", "both",
    ]  # fmt: skip
    assert [key for key in ("hurry", "weather", "both") if keys.may_publish(key, Topic.parse("app:urgent"))] == [
        "weather"
    ]
