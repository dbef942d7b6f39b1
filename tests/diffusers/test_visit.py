"""`livefeed doctor` calls on the pipeline of this machine: what it finds where the packages are installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from livefeed.cli.engines import engines
from livefeed.cli.findings import Finding, State
from livefeed.config import Config

pytestmark = pytest.mark.diffusers


async def only(**settings: object) -> Finding:
    (finding,) = await engines(Config(**settings))  # type: ignore[arg-type]
    return finding


@pytest.fixture(autouse=True)
def nothing_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Hub's cache that is empty."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    return folder


async def test_a_model_that_is_there_is_told_with_the_packages(model: Path) -> None:
    finding = await only(diffusers_model=str(model))
    assert finding.state is State.GOOD
    assert finding.says.endswith(f"are installed; the model is in {model}")
    assert "torch 2" in finding.says


async def test_a_folder_that_is_missing_or_holds_no_model_is_wrong(model: Path) -> None:
    finding = await only(diffusers_model=str(model / "deeper"))
    assert finding.state is State.WRONG
    assert finding.says == f"there is no folder {model / 'deeper'}"
    assert "LIVEFEED_DIFFUSERS_MODEL" in finding.do
    (model / "model_index.json").unlink()
    finding = await only(diffusers_model=str(model))
    assert finding.state is State.WRONG
    assert "model_index.json" in finding.says


async def test_a_missing_model_for_previews_is_wrong_too(model: Path) -> None:
    finding = await only(diffusers_model=str(model), diffusers_preview_vae=str(model / "vae"))
    assert finding.state is State.WRONG
    assert "LIVEFEED_DIFFUSERS_PREVIEW_VAE" in finding.do


async def test_a_name_of_a_model_for_previews_that_cannot_be_is_blamed_on_its_own_setting(model: Path) -> None:
    finding = await only(diffusers_model=str(model), diffusers_preview_vae="models/of/mine")
    assert finding.state is State.WRONG
    assert finding.says == "'models/of/mine' is no folder and no id of the Hub"
    assert finding.do == "Correct LIVEFEED_DIFFUSERS_PREVIEW_VAE."


async def test_a_model_for_previews_is_told_beside_the_model(model: Path) -> None:
    finding = await only(diffusers_model=str(model), diffusers_preview_vae="somebody/a-tiny-vae")
    assert finding.state is State.GOOD
    assert f"; the model is in {model}; the model for previews somebody/a-tiny-vae is not on this" in finding.says
    (vae := model / "vae").mkdir()
    (vae / "config.json").write_text("{}")
    finding = await only(diffusers_model=str(model), diffusers_preview_vae=str(vae))
    assert finding.says.endswith(f"; the model for previews is in {vae}")


async def test_an_id_of_the_hub_is_on_this_machine_or_will_be_fetched(tmp_path: Path) -> None:
    finding = await only(diffusers_model="somebody/a-model")
    assert finding.state is State.GOOD
    assert "not on this machine yet" in finding.says
    snapshot = tmp_path / "hub" / "models--somebody--a-model" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot / "model_index.json").write_text("{}")
    (refs := tmp_path / "hub" / "models--somebody--a-model" / "refs").mkdir()
    (refs / "main").write_text("0123")
    assert "somebody/a-model is on this machine" in (await only(diffusers_model="somebody/a-model")).says


async def test_what_is_neither_a_folder_nor_an_id_is_wrong() -> None:
    finding = await only(diffusers_model="models/of/mine")
    assert finding.state is State.WRONG
    assert "is no folder and no id of the Hub" in finding.says


async def test_a_machine_without_workers_needs_nothing_of_it() -> None:
    finding = await only(diffusers_model="/nowhere", workers=0)
    assert finding.state is State.GOOD
