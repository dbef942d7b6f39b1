"""The npm package: packed, installed without a network, used against a real server, bundled, and its types checked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.crowd import picture
from tests.integration.server_process import ROOT, ServerProcess

WEB = ROOT / "web"
NODE_S = 60
IMPORT = re.compile(r"^import .*\n", re.MULTILINE)
EXAMPLES = re.compile(r"^```js\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run(*words: str, cwd: Path) -> str:
    """Run a program and return what it printed; it must end well."""
    environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    done = subprocess.run(
        words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=NODE_S, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, f"{words[0]} said:\n{done.stdout}{done.stderr}"
    return done.stdout


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None or not (WEB / "node_modules").is_dir():
        pytest.fail(f"no {name} with web/node_modules: run 'make web'", pytrace=False)
    return found


@pytest.fixture(scope="module")
def package() -> Path:
    """The tarball, as it would be published."""
    run(sys.executable, "tools/web.py", "client", cwd=ROOT)
    [tarball] = (ROOT / "build").glob("livefeed-client-*.tgz")
    return tarball


@pytest.fixture(scope="module")
def project(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which the package was installed, and `ws` for a Node without a WebSocket."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "package.json").write_text('{"type": "module", "private": true}')
    run(tool("npm"), "install", "--offline", "--no-audit", "--no-fund", "--silent", str(package), cwd=folder)
    shutil.copytree(WEB / "node_modules" / "ws", folder / "node_modules" / "ws")
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


def test_the_package_holds_what_it_names_and_nothing_else(project: Path) -> None:
    """No source, no dependency, the licence; and the version is the project's."""
    folder = project / "node_modules" / "@livefeed" / "client"
    described = json.loads((folder / "package.json").read_text())
    assert "dependencies" not in described
    assert f'version = "{described["version"]}"' in (ROOT / "pyproject.toml").read_text()
    assert sorted(path.name for path in folder.iterdir()) == [
        *("LICENSE", "README.md", "index.js", "package.json", "shared.js", "sharing.js", "types")
    ]


def test_every_example_of_the_page_runs(project: Path, server: ServerProcess) -> None:
    """In the order of docs/client-js.md, on a real server."""
    examples = EXAMPLES.findall((ROOT / "docs" / "client-js.md").read_text())
    assert len(examples) >= 5
    post = upload(server.url)
    imports = {line for example in examples for line in IMPORT.findall(example)}
    # The first example connects as nobody; those after it go on with one another.
    first, *others = (IMPORT.sub("", example) for example in examples)
    program = f"""{"".join(sorted(imports))}
globalThis.WebSocket ??= WebSocket;
const id = {json.dumps(post)};
{{
{first}
await feed.live();
feed.close();
}}
{"".join(others)}
console.log(JSON.stringify(told.map(([type]) => type)));
"""
    program = program.replace("https://live.example", server.url).replace(
        "following.stop();", "while (told.length < 2) await new Promise((go) => setTimeout(go, 20));\nfollowing.stop();"
    )
    (project / "examples.js").write_text(program)
    said = run(tool("node"), "examples.js", cwd=project).splitlines()
    assert said[0] == "1 pictures so far"
    assert "Lovely" in said
    assert any(line.startswith("not_found ") for line in said)
    assert json.loads(said[-1]) == ["post.created", "comment.created"]


def test_the_client_goes_by_events_where_there_is_no_websocket(project: Path, server: ServerProcess) -> None:
    """Nothing but fetch: events, values and counts come, calls go, a topic that is not there ends alone."""
    post = upload(server.url)
    (project / "events.js").write_text(
        f"""
import {{ connect }} from "@livefeed/client";
class Blocked {{
  constructor() {{ setTimeout(() => this.onclose({{ code: 1006 }})); }}
  close() {{}}
}}
const guest = await fetch("{server.url}/api/guests", {{ method: "POST" }}).then((answer) => answer.json());
const client = connect("{server.url}", {{ token: guest.token, WebSocket: Blocked }});
const seen = {{ events: [], values: [], ended: [], counts: [] }};
client.follow("post:{post}", {{
  event: ({{ type, data }}) => seen.events.push([type, data.comment?.text ?? ""]),
  value: ({{ data }}) => seen.values.push(data.comments),
  presence: ({{ count }}) => seen.counts.push(count),
}}, {{ latest: 10, presence: "count" }});
client.follow("post:{"0" * 22}", {{ ended: (code) => seen.ended.push(code) }});
client.follow("feed:all", {{}});
await client.live();
const until = async (holds) => {{ while (!holds()) await new Promise((go) => setTimeout(go, 20)); }};
await client.call("comment.create", {{ post: "{post}", text: "one" }});
await until(() => seen.values.includes(1));
client.rest();
await fetch("{server.url}/api/posts/{post}/comments", {{
  method: "POST",
  headers: {{ Authorization: `Bearer ${{guest.token}}`, "Content-Type": "application/json" }},
  body: JSON.stringify({{ text: "while away" }}),
}});
client.wake();
await client.call("comment.create", {{ post: "{post}", text: "two" }});
await until(() => seen.values.includes(3) && seen.events.length >= 4 && seen.counts.length && seen.ended.length);
console.log(JSON.stringify({{ ...seen, road: client.connection.road }}));
client.close();
"""
    )
    seen = json.loads(run(tool("node"), "events.js", cwd=project).splitlines()[-1])
    comments = [["comment.created", text] for text in ("one", "while away", "two")]
    assert seen["events"] == [["post.created", ""], *comments]
    assert seen["ended"] == ["not_found"]
    assert seen["counts"][0] == 1
    assert seen["road"] == "stream"


def test_it_can_be_bundled_and_its_types_are_whole(project: Path) -> None:
    """By Vite for a page; and by the strictest resolution of TypeScript, with nothing of it left unchecked."""
    (project / "page.ts").write_text(
        """
import { connect, Problem, type Following, type KeptEvent } from "@livefeed/client";
import { sharing } from "@livefeed/client/sharing";

const client = connect("", { share: sharing("somebody") });
const following: Following = client.follow("feed:all", { event: (event: KeptEvent) => console.log(event.id) });
export const stop = (): void => following.stop();
export const problem = new Problem("code", "sentence", 400);
"""
    )
    (project / "tsconfig.json").write_text(
        json.dumps(
            {
                "compilerOptions": {
                    **{"module": "nodenext", "target": "es2022", "lib": ["es2022", "dom"], "strict": True},
                    **{"noEmit": True, "types": [], "skipLibCheck": False},
                },
                "include": ["page.ts"],
            }
        )
    )
    node = tool("node")
    run(node, str(WEB / "node_modules" / "typescript" / "bin" / "tsc"), "-p", ".", cwd=project)
    vite = str(WEB / "node_modules" / "vite" / "bin" / "vite.js")
    (project / "vite.config.js").write_text(
        'export default { build: { lib: { entry: "page.ts", formats: ["es"], fileName: "page" } } };'
    )
    run(node, vite, "build", "--logLevel", "error", cwd=project)
    assert "WebSocket" in (project / "dist" / "page.js").read_text()


def upload(url: str) -> str:
    """Post a picture as a new guest and return its id."""

    def ask(path: str, body: bytes, **headers: str) -> dict[str, object]:
        request = urllib.request.Request(url + path, body, headers, method="POST")
        with urllib.request.urlopen(request) as answer:
            told: dict[str, object] = json.load(answer)
            return told

    token = ask("/api/guests", b"{}", **{"Content-Type": "application/json"})["token"]
    form = (
        b'--cut\r\nContent-Disposition: form-data; name="image"; filename="picture.png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + picture() + b"\r\n--cut--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=cut", "Authorization": f"Bearer {token}"}
    post = ask("/api/posts", form, **headers)["post"]
    assert isinstance(post, dict)
    return str(post["id"])
