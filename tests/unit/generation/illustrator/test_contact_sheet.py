"""The contact sheet in docs/: 64 prompts that show everything the illustrator promises."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from livefeed.generation.generators.illustrator.asked import Relation, Understanding
from livefeed.generation.generators.illustrator.prompt import read
from livefeed.generation.generators.illustrator.styles import STYLES

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The script that paints the sheet."""
    spec = importlib.util.spec_from_file_location("contact_sheet", ROOT / "tools" / "contact_sheet.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def plans(tool: ModuleType) -> list[Understanding]:
    return [read(prompt) for prompt in tool.PROMPTS]


def test_sixty_four_different_prompts(tool):
    assert len(tool.PROMPTS) == len(set(tool.PROMPTS)) == 64


def test_every_style_is_asked_for(plans):
    assert {plan.style for plan in plans} - {None} == set(STYLES)


def test_every_relation_is_shown(plans):
    shown = {link.relation for plan in plans for link in plan.links}
    assert set(Relation) - shown == set()


def test_thirty_places_are_named(plans):
    assert len({plan.setting for plan in plans} - {None}) >= 30


def test_all_but_one_can_be_drawn(plans):
    """One prompt is there for the abstract painting."""
    assert [plan.abstract for plan in plans].count(True) == 1


def test_the_sheet_lies_in_the_docs_and_is_small(tool):
    assert tool.OUT.stat().st_size <= tool.LARGEST_BYTES
    with Image.open(tool.OUT) as sheet:
        assert sheet.format == "WEBP"
        assert sheet.width % tool.COLUMNS == 6
    assert f"illustrator/{tool.OUT.name}" in (ROOT / "docs" / "illustrator.md").read_text(encoding="utf-8")
