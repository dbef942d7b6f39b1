"""A server as the load client is told of it."""

from __future__ import annotations

from pathlib import Path

from bench.servers.target import Target


def test_what_a_client_says_is_handed_over_in_files(tmp_path: Path) -> None:
    target = Target(
        "a server",
        "127.0.0.1:1/ws",
        (11, 12),
        "resp",
        "127.0.0.1:2",
        greeting=("hello", "there"),
        words=("SET", "k", ""),
    )
    options = list(map(str, target.options(tmp_path)))
    assert options[options.index("--processes") + 1] == "11,12"
    assert Path(options[options.index("--greeting") + 1]).read_text("utf-8") == "hello\nthere\n"
    assert Path(options[options.index("--words") + 1]).read_text("utf-8") == "SET\nk\n\n", "an empty word counts too"


def test_only_what_a_server_has_is_asked_for(tmp_path: Path) -> None:
    options = Target("floor", "127.0.0.1:1/", (1,), "line", "127.0.0.1:2").options(tmp_path)
    assert not {"--protocol", "--ready", "--greeting", "--words", "--engine-io"} & set(map(str, options))
