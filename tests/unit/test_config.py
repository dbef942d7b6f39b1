"""The configuration: every field has a variable, a unit, bounds, and a sentence when it is wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError

NUMBERS = [setting for setting in fields(Config) if setting.metadata["low"] is not None]


def test_the_defaults_are_a_valid_configuration():
    config = Config.from_environment({})
    assert config == Config()
    assert config.topic_events >= 2 * config.shard_events


@pytest.mark.parametrize("setting", fields(Config), ids=lambda setting: setting.name)
def test_every_field_has_a_variable_and_says_what_it_is(setting):
    assert setting.metadata["says"].endswith(".")
    text = str(setting.default)
    assert getattr(Config.from_environment({variable(setting.name): text}), setting.name) == setting.default


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
@pytest.mark.parametrize("side", ["below", "above"])
def test_every_number_has_bounds_that_its_error_names(setting, side):
    low, high = setting.metadata["low"], setting.metadata["high"]
    value = type(setting.default)(low - 1 if side == "below" else high + 1)
    with pytest.raises(ConfigurationError) as caught:
        Config(**{setting.name: value})
    assert variable(setting.name) in caught.value.message
    assert str(low) in caught.value.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "eighty"),
        ("port", "80.5"),
        ("port", ""),
        ("lease_s", "soon"),
        ("lease_s", "nan"),
        ("heartbeat_s", "inf"),
    ],
)
def test_what_is_no_number_is_named(name, text):
    with pytest.raises(ConfigurationError, match=variable(name)):
        Config.from_environment({variable(name): text})


def test_spaces_around_a_number_do_not_matter_and_paths_are_paths():
    config = Config.from_environment({"LIVEFEED_PORT": " 81 ", "LIVEFEED_DATA": "/srv/pictures"})
    assert (config.port, config.data) == (81, Path("/srv/pictures"))


def test_overrides_win_over_the_environment_unless_they_are_none():
    environment = {"LIVEFEED_PORT": "81", "LIVEFEED_SHARDS": "8"}
    config = Config.from_environment(environment, port=82, shards=None)
    assert (config.port, config.shards) == (82, 8)


def test_a_topic_must_keep_twice_what_its_shard_keeps():
    """Else a position proved by the shard's stream could have a hole behind it."""
    with pytest.raises(ConfigurationError, match="at least twice"):
        Config(shard_events=100, topic_events=199)
    assert Config(shard_events=100, topic_events=200).topic_events == 200


def test_a_topic_outlives_the_day_that_a_position_is_good_for():
    with pytest.raises(ConfigurationError):
        Config(topic_idle_s=2 * 86_400 - 1)


@pytest.mark.parametrize(
    ("name", "value"), [("LIVEFEED_REDIS_URL", "foo"), ("LIVEFEED_PUBLIC_URL", "pictures.example")]
)
def test_an_address_without_its_scheme_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Config.from_environment({name: value})


def test_a_client_may_subscribe_to_all_its_topics_when_it_comes_back() -> None:
    with pytest.raises(ConfigurationError, match="LIVEFEED_SESSION_TOPICS is 5000"):
        Config(session_topics=5_000)
    with pytest.raises(ConfigurationError, match="closed with 4503"):
        Config(session_frames_per_s=10)
    assert Config(session_topics=100, session_frames_per_s=10).session_topics == 100


def test_a_password_in_a_wrong_address_is_not_told() -> None:
    with pytest.raises(ConfigurationError, match="must begin with") as refused:
        Config(redis_url="reddis://:sesame@store")
    assert "sesame" not in str(refused.value)
