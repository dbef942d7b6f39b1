"""Generators by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from livefeed.errors import BadRequest, ConfigurationError
from livefeed.generation import registry
from livefeed.generation.generator import Picture, Progress, Range
from livefeed.generation.job import Job
from livefeed.generation.registry import Generators, discover


@dataclass
class Named:
    """A generator that is only asked who it is."""

    name: str = "named"
    title: str = "Named"
    sizes: Range = Range(256, 1024, 512, multiple=8)
    steps: Range = Range(1, 30, 20)

    def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        raise NotImplementedError


class Entry:
    """An installed plug-in."""

    def __init__(self, name: str, loaded: object) -> None:
        self.name = name
        self._loaded = loaded

    def load(self) -> object:
        if isinstance(self._loaded, Exception):
            raise self._loaded
        return self._loaded


def test_the_first_is_the_default_and_the_others_go_by_name() -> None:
    one, two = Named("one"), Named("two")
    generators = Generators([one, two])
    assert generators.named(None) is one
    assert generators.named("two") is two
    assert [told["name"] for told in generators.describe()] == ["one", "two"]
    assert generators.describe()[0]["sizes"] == {"low": 256, "high": 1024, "default": 512, "multiple": 8}


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadRequest, match="one of: one"):
        Generators([Named("one")]).named("x" * 1000)


def test_two_of_one_name_and_none_at_all_are_the_operators_fault() -> None:
    with pytest.raises(ConfigurationError):
        Generators([Named(), Named()])
    with pytest.raises(ConfigurationError):
        Generators([])


def test_plug_ins_follow_the_built_in_one_and_a_broken_one_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    installed = [Entry("working", Named), Entry("broken", ImportError("no module")), Entry("illustrator", Named)]
    monkeypatch.setattr(registry, "entry_points", lambda *, group: installed)
    assert [told["name"] for told in discover().describe()] == ["illustrator", "named"]
    assert "broken" in caplog.text


def test_a_tree_that_is_not_installed_has_the_built_in_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda *, group: [])
    assert discover().named(None).name == "illustrator"


@pytest.mark.parametrize(("value", "fits"), [(256, True), (264, True), (260, False), (1024, True), (1032, False)])
def test_a_range_has_ends_and_steps(value: int, fits: bool) -> None:
    assert (value in Range(256, 1024, 512, multiple=8)) is fits
