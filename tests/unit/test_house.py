"""What is tracked speaks of livefeed alone, and the docs name everything that can be met from outside."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from livefeed.api.application import ROUTES
from livefeed.config import Config, variable

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "livefeed"
SOURCES = sorted(PACKAGE.rglob("*.py"))

OPS_TO_CLIENTS = {
    *("welcome", "subscribed", "events", "latest", "gap", "presence", "signals", "result", "error", "drain", "pong"),
}
OPS_FROM_CLIENTS = {"subscribe", "unsubscribe", "call", "signal", "auth", "ping"}
CLOSE_CODES = {4000, 4001, 4002, 4500, 4501, 4502, 4503, 4504, 4505}
NOT_ON_THE_WIRE = {
    "generation.ended",  # an entry of the outbox, which the projections read
    "room.changed",  # likewise
    # Over HTTP only; they name commands in idempotency keys.
    *("post.create", "room.create", "room.join", "room.leave", "room.publish", "room.reaction"),
}
OTHER_ADDRESSES = {"/ws", "/sse", "/api/openapi.json", "/healthz", "/readyz", "/api/rooms/{}/doc"}


def joined(*parts: str) -> str:
    """Return a text that this file may not contain whole."""
    return re.escape("".join(parts))


FORBIDDEN = {
    "a path of one machine": "|".join(
        [joined("/", "work", "/"), joined("/", "root", "/"), r"/(?:home|Users)/\w+/", joined("/tmp", "/", "brief")]
    ),
    "a package registry's host": "|".join(
        joined(name, ".", end)
        for name, end in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("deb.debian", "org"),
            ("security.debian", "org"),
            ("debian", "org/debian"),
        ]
    ),
    "papers that are not the project's": "|".join(
        [
            joined("../", "shared"),
            *(rf"\b{joined(name, '.md')}" for name in ("DESIGN", "STYLE", "LOOK")),
            rf"(?<!\w){joined('.', 'library')}",
        ]
    ),
    "how it came to be": "|".join(
        [
            rf"\b{joined('the ', 'brief')}\b",
            rf"\b{joined('iss', 'ue ')}#?\d",
            joined("Cla", "ude"),
            joined("anth", "ropic"),
        ]
    ),
}


def tracked() -> list[Path]:
    """Return every file that is in the repository, or would be after `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The tracked text files by name."""
    found = {}
    for path in tracked():
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
    assert {"pyproject.toml", "requirements.txt", "web/package-lock.json", "livefeed/errors.py"} <= found.keys()
    return found


def documentation(*names: str) -> str:
    paths = [ROOT / name for name in names] if names else [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(path.read_text("utf-8") for path in paths)


def parsed(*folders: str) -> Iterator[ast.AST]:
    """Yield every node of the package's Python, or of some folders of it."""
    for path in SOURCES:
        if not folders or path.relative_to(PACKAGE).parts[0] in folders:
            yield from ast.walk(ast.parse(path.read_text("utf-8"), str(path)))


def unnamed(words: set[str], text: str) -> list[str]:
    """Return the words that the text does not put in code type, as `word` or inside a longer code span or block."""
    spans = " ".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    return sorted(word for word in words if not re.search(rf"(?<![\w.]){re.escape(word)}(?![\w])", spans))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_names(what: str, texts: dict[str, str]) -> None:
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE if what == "how it came to be" else 0)
    wrong = [
        f"{name}:{number}: {match.group()}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert not wrong


def test_no_tracked_file_names_the_folder_of_this_checkout(texts: dict[str, str]) -> None:
    if len(ROOT.parts) < 3:
        pytest.skip("a checkout at the root of the disk has a name that may occur by chance")
    assert not [name for name, text in texts.items() if f"{ROOT}/" in text]


def test_the_patterns_find_what_they_are_meant_to() -> None:
    assert re.search(FORBIDDEN["a path of one machine"], "see /ho" + "me/sam/livefeed")
    assert re.search(FORBIDDEN["a package registry's host"], "https://pypi" + ".org/simple")
    assert re.search(FORBIDDEN["papers that are not the project's"], "as DESIGN" + ".md says")
    assert re.search(FORBIDDEN["how it came to be"], "done for iss" + "ue 2")


def test_the_web_lock_file_names_no_download_address(texts: dict[str, str]) -> None:
    assert '"resolved"' not in texts["web/package-lock.json"]
    assert "omit-lockfile-registry-resolved=true" in texts["web/.npmrc"]


def test_nothing_is_only_promised() -> None:
    """What is not built does not exist."""
    promises = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\b(TODO|FIXME|XXX|NotImplementedError|not implemented)\b", line)
    ]
    assert not promises


def test_every_task_has_an_owner() -> None:
    """`asyncio.create_task(…)` whose result nobody keeps may vanish, and its error with it."""
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) in {"asyncio.create_task", "asyncio.ensure_future", "loop.create_task"}
    ]
    assert not bare


def test_every_setting_is_documented() -> None:
    variables = {variable(setting.name) for setting in fields(Config)}
    assert {"LIVEFEED_PORT", "LIVEFEED_DATA", "LIVEFEED_REDIS_URL", "LIVEFEED_HOST"} <= variables
    assert not unnamed(variables, documentation("docs/configuration.md"))


def test_every_frame_is_documented() -> None:
    ops = OPS_FROM_CLIENTS | OPS_TO_CLIENTS
    for node in parsed("hub", "api"):
        if isinstance(node, ast.Dict):
            ops |= {
                value.value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "op"
                if isinstance(value, ast.Constant) and isinstance(value.value, str)
            }
        elif isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            ops |= set(re.findall(r'"op":"(\w+)"', node.value.decode(errors="replace")))
    frames = ast.parse((PACKAGE / "hub" / "frames.py").read_text("utf-8"))
    read = {
        node.value.value
        for node in ast.walk(frames)
        if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant)
    }
    assert read == OPS_FROM_CLIENTS
    assert not unnamed(ops, documentation("docs/protocol.md"))


def test_every_close_code_is_documented() -> None:
    used = {
        node.value
        for node in parsed("hub", "api", "rooms", "server.py")
        if isinstance(node, ast.Constant) and isinstance(node.value, int)
        if 4000 <= node.value < 4100 or 4500 <= node.value < 4600
    }
    assert used - {4096} <= CLOSE_CODES
    assert not [code for code in CLOSE_CODES if str(code) not in documentation("docs/protocol.md")]


def test_every_error_code_is_documented() -> None:
    codes = set()
    for node in parsed():
        match node:
            case ast.ClassDef(body=body):
                for line in body:
                    match line:
                        case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                            codes.add(code)
                        case ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(code))):
                            codes.add(code)
            case ast.keyword(arg="code", value=ast.Constant(value=str(code))):
                codes.add(code)
    for script in PACKAGE.rglob("*.lua"):
        codes |= set(re.findall(r"\brefuse\('(\w+)'", script.read_text("utf-8")))
    assert {"not_found", "bad_topic", "rate_limited", "key_reused", "unknown_method"} <= codes
    assert not unnamed(codes, documentation("docs/protocol.md"))


def test_every_event_type_and_method_is_documented() -> None:
    pattern = re.compile(r"(?:post|comment|reaction|generation|remix|notification|room)\.[a-z]+")
    types = {
        node.value
        for node in parsed()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and pattern.fullmatch(node.value)
    }
    for script in PACKAGE.rglob("*.lua"):
        types |= set(re.findall(rf"'({pattern.pattern})'", script.read_text("utf-8")))
    assert {"post.created", "comment.created", "generation.progress"} <= types
    assert not unnamed(types - NOT_ON_THE_WIRE, documentation("docs/protocol.md"))


def test_every_route_is_documented() -> None:
    """By its address; the docs may call its parts by other names."""

    def plain(text: str) -> str:
        return re.sub(r"\{\w+(?::(?:[^{}]|\{[^{}]*\})*)?\}", "{}", text)

    addresses = {plain(route.path) for route in ROUTES} | OTHER_ADDRESSES
    assert "/api/posts/{}" in addresses
    text = plain(documentation())
    assert not [address for address in sorted(addresses) if not re.search(rf"{re.escape(address)}(?![\w/{{])", text)]
