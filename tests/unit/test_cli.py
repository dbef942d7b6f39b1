"""The command line without a server: usage, exit codes, what is printed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click
import pytest

from livefeed.cli import ending, entry
from livefeed.cli.checks import configured, data_folder, examine, generators, masked, unready
from livefeed.cli.findings import Finding, State
from livefeed.cli.generate import Easel
from livefeed.cli.server_option import default_server
from livefeed.cli.stream import as_map, readable
from livefeed.client import Completed, Count, Event, Gap, Place, Progress, Queued, Signal, Signals, Started, Value
from livefeed.config import Config
from livefeed.errors import ConfigurationError
from livefeed.position import Position

AT = Position(1_700_000_000_000, 7)
DOCS = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["tail"],
        ["tail", "feed:all", "--latest", "201"],
        ["tail", "feed:all", "--format", "xml"],
        ["publish", "app:a", "tick", "{}"],
        ["publish", "app:a", "tick", "{", "--token", "t"],
        ["publish", "app:a", "tick", "[1]", "--token", "t"],
        ["generate", "fox", "-o", "fox.png"],
        ["generate", "fox", "-o", "no-such-folder/fox.webp"],
        ["generate", "fox", "--size", "300"],
        ["serve", "--port", "http"],
        ["jobs", "list", "--all"],
        ["jobs", "retry"],
        ["jobs", "drop", "--all", "4j0zsw622t148hnx0xfsj3"],
    ],
)
def test_wrong_usage_is_exit_code_2_and_a_sentence(arguments, capsys, monkeypatch):
    monkeypatch.delenv("LIVEFEED_TOKEN", raising=False)
    assert entry.run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tail", "No Topic"], "A topic looks like"),
        (["tail", "feed:all", "--since", "yesterday"], "A position is text"),
        (["tail", "feed:all", "--server", "ftp://localhost"], "is no server's address"),
    ],
)
def test_a_failure_is_exit_code_1_and_one_sentence(arguments, sentence, capsys):
    assert entry.run(arguments) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("livefeed: ")
    assert sentence in captured.err
    assert captured.err.count("\n") == 1


def test_a_setting_out_of_range_stops_every_command_with_one_sentence(capsys, monkeypatch):
    monkeypatch.setenv("LIVEFEED_PORT", "70000")
    monkeypatch.delenv("LIVEFEED_SERVER", raising=False)
    assert entry.run(["tail", "feed:all"]) == 1
    assert "LIVEFEED_PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (ConfigurationError("No."), 1),
        (click.UsageError("No."), 2),
        (click.exceptions.Exit(3), 3),
    ],
)
def test_every_end_has_its_exit_code(raised, code, monkeypatch):
    def fail(**_: object) -> None:
        raise raised

    monkeypatch.setattr(entry.commands, "main", fail)
    assert entry.run([]) == code


def test_the_exit_codes_are_documented():
    table = set(re.findall(r"^\| (\d+) \|", DOCS, re.MULTILINE))
    assert table == {"0", "2", str(ending.FAILED), str(ending.INTERRUPTED), str(ending.READER_GONE)}


def test_every_command_and_option_is_documented():
    for name, command in entry.commands.commands.items():
        assert re.search(rf"^## .*\b{name}\b", DOCS, re.MULTILINE), name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert any(option in DOCS for option in parameter.opts), (name, parameter.opts)


def test_json_lines_say_what_they_are():
    assert as_map(Event(AT, "tick", {"n": 1})) == {
        "kind": "event",
        "id": "1700000000000-7",
        "type": "tick",
        "time": 1_700_000_000_000,
        "data": {"n": 1},
    }
    assert as_map(Value("k", AT, "total", {}))["key"] == "k"
    assert as_map(Gap(AT)) == {"kind": "gap", "at": "1700000000000-7"}
    assert as_map(Count(3)) == {"kind": "count", "count": 3}
    signal = Signal({"id": "u", "handle": "fox"}, "typing", {})
    assert as_map(Signals((signal,)))["signals"][0]["type"] == "typing"


def test_what_people_do_is_told_in_words():
    post = {"author": {"handle": "fox"}, "caption": "Snow\nat night", "prompt": "snow"}
    assert readable(Event(AT, "post.created", {"post": post})).endswith("fox: Snow at night")
    comment = {"author": {"handle": "owl"}, "text": "Lovely"}
    assert readable(Event(AT, "comment.created", {"comment": comment})).endswith("owl: Lovely")
    generation = {"author": {"handle": "fox"}, "prompt": "an owl"}
    assert readable(Event(AT, "generation.created", {"generation": generation})).endswith("fox: an owl")
    assert readable(Event(AT, "post.deleted", {"id": "x"})).endswith('{"id":"x"}')


def test_text_of_strangers_is_no_markup():
    assert "\\[bold]" in readable(Event(AT, "tick", {"text": "[bold]loud[/]"}))
    post = {"author": {"handle": "fox"}, "caption": "[bold]loud[/]"}
    assert "\\[bold]" in readable(Event(AT, "post.created", {"post": post}))
    assert "\\[red]" in readable(Signals((Signal({"handle": "[red]"}, "typing", {}),)))


def test_a_picture_is_told_step_by_step_where_there_is_no_terminal(capsys):
    media = {"sha256": "", "width": 1, "height": 1, "thumbhash": "", "palette": []}
    waiting = [Place(2, 5.0), Place(2, 4.0), Place(1, 1.0), Place(0, None)]
    steps = [Queued("g", "t"), *waiting, Started(), Progress(1, 10, 3.0)]
    with Easel() as easel:
        for step in [*steps, Completed("g", media, None)]:
            easel.show(step)
    assert capsys.readouterr().err.splitlines() == [
        "queued",
        "#2 in line",
        "next in line",
        "painting",
        "painting, step 1 of 10",
        "done",
    ]


def test_the_machines_own_server_is_where_its_settings_say(monkeypatch):
    monkeypatch.setenv("LIVEFEED_PORT", "9000")
    for host, address in [
        ("0.0.0.0", "http://127.0.0.1:9000"),
        ("::1", "http://[::1]:9000"),
        ("box", "http://box:9000"),
    ]:
        monkeypatch.setenv("LIVEFEED_HOST", host)
        assert default_server() == address


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("api_keys", "sesame=app:demo,other=app:x", "***=app:demo,***=app:x"),
        ("redis_url", "rediss://user:secret@host:6379/0", "rediss://user:***@host:6379/0"),
        ("redis_url", "redis://:secret@host", "redis://:***@host"),
        ("redis_url", "redis://:sec@ret@host", "redis://:***@host"),
        ("api_keys", "foo", "***"),
        ("api_keys", "ses=ame=app:demo", "***=app:demo"),
        ("openai_key", "sk-secret,more", "***,***"),
        ("redis_url", "redis://host:6379", "redis://host:6379"),
        *[
            (name, "https://user:secret@host/v1", "https://user:***@host/v1")
            for name in ("openai_url", "comfyui_url", "automatic1111_url")
        ],
        ("automatic1111_url", "http://:sec@ret@127.0.0.1:7860", "http://:***@127.0.0.1:7860"),
        ("comfyui_url", "https://token@host/comfy?key=secret", "https://***@host/comfy?***"),
        ("comfyui_url", "http://host:8188/@home", "http://host:8188/@home"),
        ("host", "0.0.0.0", "0.0.0.0"),
    ],
)
def test_secrets_are_masked(name, value, shown):
    assert masked(name, value) == shown


def test_the_doctor_shows_what_was_set_and_no_secret():
    config, (finding,) = configured({"LIVEFEED_PORT": "9000", "LIVEFEED_API_KEYS": "sesame=app:demo", "HOME": "/"})
    assert config is not None
    assert (finding.state, "LIVEFEED_PORT=9000" in finding.says, "sesame" in finding.says) == (State.GOOD, True, False)


def test_the_doctor_finds_settings_that_are_wrong_or_misspelt():
    _, (finding,) = configured({"LIVEFEED_PORT": "many"})
    assert finding.state is State.WRONG
    _, findings = configured({"LIVEFEED_WORKER": "2", "LIVEFEED_SERVER": "http://x", "LIVEFEED_TOKEN": "t"})
    assert [finding.state for finding in findings] == [State.GOOD, State.WRONG]
    assert "LIVEFEED_WORKERS" in findings[1].do


def test_every_wrong_setting_is_told_and_the_others_are_used():
    environment = {
        "LIVEFEED_PORT": "70000",
        "LIVEFEED_LEASE_S": "soon",
        "LIVEFEED_REDIS_URL": "http://me:secret@host",
        "LIVEFEED_REDIS_WAIT": "1",
        "LIVEFEED_TOPIC_EVENTS": "100",
        "LIVEFEED_API_KEYS": "secret",
        "LIVEFEED_TRUSTED_PROXIES": "somebody",
        "LIVEFEED_SHARDS": "32",
        "LIVEFEED_WORKER": "2",
    }
    config, findings = configured(environment)
    assert (config.shards, config.port, config.redis_url) == (32, Config().port, "")
    assert {finding.state for finding in findings} == {State.WRONG}
    told = [re.findall("LIVEFEED_[A-Z_]+", finding.says)[0] for finding in findings]
    # To wait for replicas is only wrong as long as the address is.
    assert sorted(told) == sorted(set(environment) - {"LIVEFEED_SHARDS", "LIVEFEED_REDIS_WAIT"})
    assert "secret" not in str(findings)


@pytest.mark.parametrize("name", ["LIVEFEED_API_KEYS", "LIVEFEED_TRUSTED_PROXIES"])
def test_the_doctor_refuses_what_a_server_refuses_at_its_start(name):
    _, (finding,) = configured({name: "foo"})
    assert finding.state is State.WRONG
    assert name in finding.says


async def test_one_wrong_setting_hides_no_other_check(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("LIVEFEED_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LIVEFEED_PORT", "many")
    monkeypatch.setenv("LIVEFEED_DATA", str(tmp_path))
    checked = await examine(None, None)
    assert {"settings", "data folder", "store", "server", "web page", "generators"} == {one.name for one in checked}


def test_what_a_bad_store_makes_bad_is_told_once():
    checks = {"follower": "It is not connected.", "draining": "ok", "store": "The store does not answer."}
    assert len(unready(checks, store_is_wrong=False)) == 2
    (once,) = unready(checks, store_is_wrong=True)
    assert once.state is State.WRONG
    assert "store" in once.says
    (ready,) = unready(dict.fromkeys(checks, "ok"), store_is_wrong=True)
    assert ready.state is State.GOOD


def test_the_doctor_finds_a_data_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    assert data_folder(Config(data=tmp_path))[0].state is State.GOOD
    assert data_folder(Config(data=tmp_path / "new" / "deeper"))[0].state is State.GOOD
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
    (finding,) = data_folder(Config(data=tmp_path / "file" / "below"))
    assert finding.state is State.WRONG
    assert "LIVEFEED_DATA" in finding.do


def test_the_doctor_names_the_generators():
    (finding,) = generators(Config())
    assert finding == Finding("generators", State.GOOD, "built-in illustrator (illustrator)")
