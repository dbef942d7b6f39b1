"""`livefeed doctor` calls on the engines that are set up, as they are met in the wild."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from livefeed.cli import engines as visits
from livefeed.cli import entry
from livefeed.cli.checks import generators
from livefeed.cli.engines import engines
from livefeed.cli.findings import Finding, State
from livefeed.config import Config
from tests.contract.engines.automatic1111 import Automatic1111Engine
from tests.contract.engines.comfyui import ComfyUIEngine
from tests.contract.engines.openai import MODEL, OpenAIEngine
from tests.contract.test_comfyui_workflows import own_workflow


@pytest.fixture
async def comfyui() -> AsyncIterator[ComfyUIEngine]:
    async with ComfyUIEngine() as engine:
        yield engine


@pytest.fixture
async def automatic1111() -> AsyncIterator[Automatic1111Engine]:
    async with Automatic1111Engine(auth="sam:swordfish") as engine:
        yield engine


@pytest.fixture
async def openai() -> AsyncIterator[OpenAIEngine]:
    async with OpenAIEngine() as engine:
        yield engine


async def only(config: Config) -> Finding:
    (finding,) = await engines(config)
    return finding


async def test_what_is_not_set_up_is_not_called_on() -> None:
    assert await engines(Config()) == []


async def test_all_that_are_well_are_told_with_what_they_paint_with(
    comfyui: ComfyUIEngine, automatic1111: Automatic1111Engine, openai: OpenAIEngine
) -> None:
    found = await engines(
        Config(
            comfyui_url=comfyui.url, automatic1111_url=automatic1111.url, openai_url=openai.url, openai_key="sk-test"
        )
    )
    address = f"http://{automatic1111.host}"
    assert found == [
        Finding("engine openai", State.GOOD, f"{openai.url} answers, and has the model {MODEL}"),
        Finding(
            "engine comfyui", State.GOOD,
            f"ComfyUI 0.9.2 at {comfyui.url} answers, and has the checkpoint dreamer_v1.safetensors",
        ),
        Finding(
            "engine automatic1111", State.GOOD,
            f"{address} answers, and paints with dreamer_v1.safetensors [0123456789]",
        ),
    ]  # fmt: skip
    assert openai.credentials == {"Bearer sk-test"}
    assert not comfyui.prompts
    assert not automatic1111.asked
    assert not openai.asked, "nothing is painted for a doctor"


@pytest.mark.parametrize("setting", ["openai_url", "comfyui_url", "automatic1111_url"])
async def test_one_that_is_not_there_is_wrong_and_no_password_is_shown(setting: str) -> None:
    finding = await only(Config(**{setting: "http://sam:swordfish@127.0.0.1:1/v1"}))
    assert finding.state is State.WRONG
    assert "127.0.0.1:1" in finding.says
    assert "swordfish" not in finding.says + finding.do
    assert f"LIVEFEED_{setting.upper()}." in finding.do


async def test_a_machine_without_workers_may_be_where_the_engine_cannot_be_reached() -> None:
    finding = await only(Config(comfyui_url="http://127.0.0.1:1", workers=0))
    assert finding.state is State.IDLE
    assert finding.says.endswith("no pictures are made on this machine")


async def test_one_that_hangs_is_not_waited_for_and_the_others_are_told(
    comfyui: ComfyUIEngine, openai: OpenAIEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "ENGINE_S", 3.0)
    comfyui.hangs.set()
    well, hanging = await engines(Config(comfyui_url=comfyui.url, openai_url=openai.url))
    assert well.state is State.GOOD
    assert (hanging.state, hanging.says) == (State.WRONG, "it did not answer within 3 s")


async def test_a_wrong_key_is_told_as_one(openai: OpenAIEngine) -> None:
    openai.answer(401, {"message": "Incorrect API key provided: sk-test.", "code": "invalid_api_key"})
    finding = await only(Config(openai_url=openai.url, openai_key="sk-test"))
    assert finding.state is State.WRONG
    assert finding.says == f"{openai.url} does not let us in (401)"
    assert finding.do == "Set LIVEFEED_OPENAI_KEY."


async def test_a_server_that_lists_other_models_or_none_may_paint_all_the_same(openai: OpenAIEngine) -> None:
    openai.models = ["flux-schnell"]
    finding = await only(Config(openai_url=openai.url))
    assert finding.state is State.GOOD
    assert f"does not list the model {MODEL}" in finding.says
    openai.answer(404, {"message": "Not Found"})
    finding = await only(Config(openai_url=openai.url))
    assert finding.state is State.GOOD
    assert "/v1 is missing" in finding.says


async def test_openais_own_must_have_the_model(openai: OpenAIEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    from livefeed.generation.generators.openai import visit

    monkeypatch.setattr(visit, "OWN_URL", openai.url)
    finding = await only(Config(openai_key="sk-test", openai_model="gpt-image-1"))
    assert finding.state is State.WRONG
    assert "has no model gpt-image-1" in finding.says


async def test_a_checkpoint_that_comfyui_does_not_have_is_told_with_those_it_has(comfyui: ComfyUIEngine) -> None:
    finding = await only(Config(comfyui_url=comfyui.url, comfyui_model="gone.safetensors"))
    assert finding.state is State.WRONG
    assert "gone.safetensors" in finding.says
    assert "dreamer_v1.safetensors, painter_xl.safetensors" in finding.do
    comfyui.checkpoints.clear()
    finding = await only(Config(comfyui_url=comfyui.url))
    assert finding.state is State.WRONG
    assert "no checkpoint" in finding.says


async def test_an_own_workflow_that_needs_no_checkpoint_is_not_measured_by_them(
    comfyui: ComfyUIEngine, tmp_path: Path
) -> None:
    comfyui.checkpoints.clear()
    finding = await only(Config(comfyui_url=comfyui.url, comfyui_workflow=own_workflow(tmp_path)))
    assert finding.state is State.GOOD


async def test_a_proxy_that_lets_no_socket_through_and_a_stranger_are_wrong(comfyui: ComfyUIEngine) -> None:
    comfyui.answers["/ws"] = (403, "no")
    finding = await only(Config(comfyui_url=comfyui.url))
    assert finding.state is State.WRONG
    assert "must let /ws through" in finding.says
    comfyui.answers["/system_stats"] = (200, "[]")
    assert "is no ComfyUI" in (await only(Config(comfyui_url=comfyui.url))).says


async def test_automatic1111_without_its_api_or_our_password_says_how_to_put_it_right(
    automatic1111: Automatic1111Engine,
) -> None:
    finding = await only(Config(automatic1111_url=f"http://{automatic1111.host}"))
    assert finding.state is State.WRONG
    assert "--api-auth" in finding.says
    async with Automatic1111Engine(api=False) as closed, Automatic1111Engine(per_task=False) as pageless:
        finding = await only(Config(automatic1111_url=closed.url))
        assert finding.state is State.WRONG
        assert "--api" in finding.says
        finding = await only(Config(automatic1111_url=pageless.url))
        assert finding.state is State.GOOD
        assert "--nowebui" in finding.says


async def test_a_generator_that_cannot_be_loaded_is_told_once(tmp_path: Path) -> None:
    config = Config(comfyui_url="http://127.0.0.1:1", comfyui_workflow=str(tmp_path / "missing.json"))
    assert await engines(config) == []
    assert [finding.state for finding in generators(config)] == [State.GOOD, State.WRONG]


async def test_the_command_prints_a_line_for_each_and_its_exit_code_says_whether_all_are_well(
    comfyui: ComfyUIEngine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in [name for name in os.environ if name.startswith("LIVEFEED_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LIVEFEED_DATA", str(tmp_path))
    monkeypatch.setenv("LIVEFEED_PORT", "9")
    monkeypatch.setenv("LIVEFEED_COMFYUI_URL", comfyui.url)
    assert await asyncio.to_thread(entry.run, ["doctor"]) == 0
    out = capsys.readouterr().out
    assert f"✓ engine comfyui: ComfyUI 0.9.2 at {comfyui.url} answers" in out
    monkeypatch.setenv("LIVEFEED_AUTOMATIC1111_URL", "http://127.0.0.1:1")
    assert await asyncio.to_thread(entry.run, ["doctor"]) == 1
    out = capsys.readouterr().out
    assert "✗ engine automatic1111: The server at http://127.0.0.1:1 cannot be reached" in out
    assert "→ Start it, or correct LIVEFEED_AUTOMATIC1111_URL." in out


async def test_a_call_leaves_no_connection_behind(comfyui: ComfyUIEngine) -> None:
    await only(Config(comfyui_url=comfyui.url))
    async with asyncio.timeout(20):
        while comfyui.lines():
            await asyncio.sleep(0.005)


async def test_a_pipeline_without_its_packages_is_told_with_what_installs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("livefeed.generation.generators.diffusers.generator.PACKAGES", ("a_package_nobody_has",))
    monkeypatch.setattr("livefeed.generation.generators.diffusers.visit.PACKAGES", ("a_package_nobody_has",))
    config = Config(diffusers_model="somebody/a-model")
    assert await engines(config) == []
    assert "pip install 'livefeed[diffusers]'" in generators(config)[-1].says
