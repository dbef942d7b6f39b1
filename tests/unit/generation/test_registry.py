"""Generators by name."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from livefeed.config import Config
from livefeed.errors import BadRequest, ConfigurationError
from livefeed.generation import registry
from livefeed.generation.generator import DigitalSource, Picture, Progress, Range
from livefeed.generation.job import Job
from livefeed.generation.registry import ADAPTERS, Generators, discover


@dataclass
class Named:
    """A generator that is only asked who it is."""

    name: str = "named"
    title: str = "Named"
    source: DigitalSource = DigitalSource.ALGORITHMIC
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


def test_what_a_generator_cannot_do_is_told() -> None:
    deaf = Named("words")
    deaf.remixes = False  # type: ignore[attr-defined]
    told = {told["name"]: (told["remixes"], told["masks"]) for told in Generators([Named("one"), deaf]).describe()}
    assert told == {"one": (True, True), "words": (False, True)}


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


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (Named("wrong", source="trained"), "its 'source' is not a DigitalSource"),  # type: ignore[arg-type]
        (Named(None, sizes=512), "its 'name' is not a text; its 'sizes' is not a Range"),  # type: ignore[arg-type]
        (SimpleNamespace(name="old", title="Old", sizes=Named.sizes, steps=Named.steps), "'source' is not"),
        (SimpleNamespace(**vars(Named())), "its 'generate' is not a method"),
    ],
)
def test_a_plug_in_that_lacks_a_member_is_left_out_with_a_line_that_names_it(
    made: object, words: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Found when it starts, instead of when somebody's picture is finished."""
    installed = [Entry("lacking", lambda: made), Entry("working", Named)]
    monkeypatch.setattr(registry, "entry_points", lambda *, group: installed)
    assert [told["name"] for told in discover(Config()).describe()] == ["illustrator", "named"]
    (record,) = caplog.records
    assert record.getMessage().startswith("the generator 'lacking' is left out: ")
    assert words in record.getMessage()
    assert record.exc_info is None


def test_a_plug_in_that_cannot_say_what_it_is_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Silent:
        @property
        def source(self) -> DigitalSource:
            raise LookupError("no model card")

    monkeypatch.setattr(registry, "entry_points", lambda *, group: [Entry("silent", Silent)])
    assert [told["name"] for told in discover(Config()).describe()] == ["illustrator"]
    assert "LookupError: no model card" in caplog.text


def test_a_tree_that_is_not_installed_has_the_built_in_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda *, group: [])
    assert discover().named(None).name == "illustrator"


SETTINGS = {
    "openai": {"openai_key": "sk-test"},
    "comfyui": {"comfyui_url": "http://127.0.0.1:8188"},
    "automatic1111": {"automatic1111_url": "http://127.0.0.1:7860"},
    "diffusers": {"diffusers_model": "somebody/some-model", "workers": 0},
}
"""The least that sets up each of our adapters; without workers, nothing large has to be installed."""


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda *, group: [])


@pytest.mark.usefixtures("nothing_installed")
def test_an_engine_that_nobody_has_set_up_is_not_offered_and_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "import_module", lambda name: pytest.fail(f"{name} is imported"))
    assert [told["name"] for told in discover(Config()).describe()] == ["illustrator"]


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize("name", list(ADAPTERS))
def test_an_engine_that_is_set_up_is_offered_after_the_built_in_generator(name: str) -> None:
    found = discover(Config(**SETTINGS[name]))  # type: ignore[arg-type]
    assert [told["name"] for told in found.describe()] == ["illustrator", name]


@pytest.mark.usefixtures("nothing_installed")
def test_what_the_environment_sets_up_is_offered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVEFEED_OPENAI_URL", "http://127.0.0.1:8000/v1")
    assert discover().named("openai").name == "openai"


@pytest.mark.usefixtures("nothing_installed")
def test_what_an_engine_needs_and_lacks_is_told_once_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError("No module named 'openai'")

    monkeypatch.setattr(registry, "import_module", missing)
    assert [told["name"] for told in discover(Config(openai_key="sk-test")).describe()] == ["illustrator"]
    (record,) = caplog.records
    assert "pip install 'livefeed[openai]'" in record.getMessage()
    assert record.exc_info is None


@pytest.mark.usefixtures("nothing_installed")
def test_an_engine_whose_settings_do_not_do_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(config: Config) -> None:
        raise ValueError("no such workflow")

    monkeypatch.setattr(registry, "import_module", lambda name: SimpleNamespace(ComfyUI=breaks))
    found = discover(Config(**SETTINGS["comfyui"]))  # type: ignore[arg-type]
    assert [told["name"] for told in found.describe()] == ["illustrator"]
    assert "'comfyui' cannot be loaded" in caplog.text


def test_our_adapters_are_plug_ins_and_extras_of_the_package_as_well() -> None:
    """Their entry points are for who reads the package's; those of adapters are not loaded a second time."""
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))["project"]
    places = {name: adapter.place for name, adapter in ADAPTERS.items()}
    assert project["entry-points"][registry.GROUP] == places | {
        registry.BUILT_IN: "livefeed.generation.generators.illustrator_plugin:Illustrator"
    }
    assert set(ADAPTERS) <= set(project["optional-dependencies"])


def test_the_entry_point_of_an_adapter_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = [Entry("openai", AssertionError("loaded although nobody has set it up"))]
    monkeypatch.setattr(registry, "entry_points", lambda *, group: installed)
    assert [told["name"] for told in discover(Config()).describe()] == ["illustrator"]


@pytest.mark.parametrize(("value", "fits"), [(256, True), (264, True), (260, False), (1024, True), (1032, False)])
def test_a_range_has_ends_and_steps(value: int, fits: bool) -> None:
    assert (value in Range(256, 1024, 512, multiple=8)) is fits
