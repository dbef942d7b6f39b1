"""What the processes of a server are told, and what part each has in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from livefeed.config import Config
from livefeed.server import share, usable_cores
from livefeed.supervision import PARENT, environment, orphaned, supervised


def test_a_process_has_the_settings_of_the_server_that_starts_it(tmp_path: Path) -> None:
    """Options of its command line included: they win over the variables it was started with."""
    config = Config(host="::1", port=4321, data=tmp_path, processes=3, drain_s=0.25, api_keys="key=app:a,other=app:b")
    told = environment(config, "unix:///here.sock")
    assert Config.from_environment(told, redis_url="") == config
    assert told["LIVEFEED_REDIS_URL"] == "unix:///here.sock"
    assert told[PARENT] == str(os.getpid())


def test_a_data_folder_is_told_as_a_whole_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert environment(Config(), "unix:///here.sock")["LIVEFEED_DATA"] == str(tmp_path.resolve() / "data")


def test_what_a_server_takes_is_divided_among_its_processes() -> None:
    part = share(Config(processes=4, sessions=1_001, admissions_per_s=500, comments_per_s=20))
    assert part.sessions == 251
    assert part.admissions_per_s == 125
    assert part.comments_per_s == 20


def test_a_server_of_one_process_has_all_of_it() -> None:
    assert share(Config()) == Config()


def test_only_the_first_process_starts_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PARENT, str(os.getppid()))
    assert share(Config(processes=2, workers=3)).workers == 0


def test_a_process_is_orphaned_when_its_parent_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PARENT, raising=False)
    assert not supervised()
    assert not orphaned()
    monkeypatch.setenv(PARENT, str(os.getppid()))
    assert supervised()
    assert not orphaned()
    monkeypatch.setenv(PARENT, "1" if os.getppid() != 1 else "2")
    assert orphaned()


def test_there_is_a_core_to_use() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
