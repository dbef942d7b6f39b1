"""The page as an app: it can be installed, opens without a network, and shows what is pushed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from livefeed.server import WEB
from tests.browser.conftest import DEADLINE_MS, Person
from tests.integration.server_process import ServerProcess, until

KEPT = """async (name) => {
  const { active, installing, waiting } = await navigator.serviceWorker.ready;
  const shell = name
    ? await (await caches.open(name)).match('/', { ignoreVary: true })
    : await caches.match('/', { ignoreVary: true });
  return Boolean(shell) && active?.state === 'activated' && !installing && !waiting;
}"""
"""Whether a version of the page (null: any) is kept whole, its shell last, and its worker has taken over."""
NEW = '<meta name="second"><link rel="manifest"'
ACTIVE = "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated' || new Promise((done) => \
active.addEventListener('statechange', () => active.state === 'activated' && done(true))))"
TOLD = "navigator.serviceWorker.ready.then((at) => at.getNotifications()).then((all) => all.map((one) => \
({ title: one.title, body: one.body, tag: one.tag, path: one.data.path })))"


def with_worker(person: Person, path: str = "/") -> Page:
    """Show somebody a page, and wait until the service worker stands."""
    person.open(path)
    assert person.page.evaluate(ACTIVE)
    return person.page


def test_it_can_be_installed(people: Any, server: ServerProcess) -> None:
    page = with_worker(people(), "/settings")
    expect(page.get_by_test_id("push-switch")).to_be_enabled()  # on a first visit, too
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert (manifest["url"], manifest["errors"]) == (f"{server.url}/manifest.webmanifest", [])
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # Playwright's windows are private ones, where nothing can be installed.
    assert [error["errorId"] for error in found if error["errorId"] != "in-incognito"] == []
    for icon in [*json.loads(manifest["data"])["icons"], {"src": "/apple-touch-icon.png"}, {"src": "/badge-96.png"}]:
        answer = page.request.get(server.url + icon["src"])
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")


def test_it_opens_without_a_network_and_keeps_nothing_of_anybody(people: Any, server: ServerProcess) -> None:
    reader = people()
    page = with_worker(reader)
    reader.sign_in()
    handle = reader.request.get(server.url + "/api/me").json()["user"]["handle"]
    page.reload()
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))"
        ".then((all) => all.flat().map(({ url }) => new URL(url).pathname))"
    )
    assert "/" in kept
    assert {path for path in kept if path != "/" and not path.startswith("/assets/")} == set()
    shell = page.evaluate("caches.match('/').then((kept) => kept.text())")
    assert "<livefeed-app>" in shell
    assert 'as="fetch"' not in shell  # a feed that is asked for ahead would be an old one, or another's
    page.context.set_offline(True)
    page.goto(f"{server.url}/tag/foxes")
    expect(page.locator("livefeed-app top-bar")).to_be_visible()
    expect(page.locator("[data-testid=connection]").first).not_to_have_attribute("data-state", "live")
    # What is not kept says so, and needs no press when the line is back.
    places = {"/news": "[data-testid=no-news]", "/following": "[data-testid=empty]", f"/@{handle}": "profile-head h1"}
    for path, there in places.items():
        page.context.set_offline(True)
        page.goto(server.url + path)
        expect(page.get_by_text("There is no line just now.").first).to_be_visible()
        expect(page.locator(there)).to_have_count(0)
        page.context.set_offline(False)
        expect(page.locator(there)).to_be_visible(timeout=3 * DEADLINE_MS)
    page.goto(f"{server.url}/tag/foxes")
    page.locator("[data-testid=connection][data-state=live]").first.wait_for(timeout=3 * DEADLINE_MS)
    reader.complaints[:] = [said for said in reader.complaints if "Failed to load resource" not in said]


class OtherVersion(ServerProcess):
    """A server whose page is in the folder `web` beside its data."""

    PROGRAM = ("tests.browser.served_elsewhere", "serve")


def test_a_new_version_takes_over_unnoticed_and_is_what_opens_without_a_network(people: Any, tmp_path: Path) -> None:
    web = shutil.copytree(WEB, tmp_path / "web", ignore=shutil.ignore_patterns("*.br", "*.gz"))
    reader = people()
    with OtherVersion(tmp_path / "data") as server:
        reader.url = server.url
        page = with_worker(reader)
        versions = "caches.keys().then((names) => names.filter((name) => name.startsWith('livefeed-')))"
        until(lambda: page.evaluate(KEPT, None), "the page is kept", 60)
        [first] = page.evaluate(versions)
        for name, before, after in (
            ("sw.js", first.removeprefix("livefeed-"), "2" * 12),
            ("index.html", '<link rel="manifest"', NEW),
        ):
            file = web / name
            text = file.read_text("utf-8")
            assert before in text
            file.write_text(text.replace(before, after), "utf-8")
        server.terminate()
        server.wait()
        server.start()
        page.goto(server.url)
        expect(page.locator("meta[name=second]")).to_be_attached()
        until(lambda: page.evaluate(KEPT, f"livefeed-{'2' * 12}"), "the new version is kept", 60)
        assert page.evaluate(versions) == [first, f"livefeed-{'2' * 12}"]
        server.terminate()
        server.wait()
        page.goto(server.url)
        expect(page.locator("meta[name=second]")).to_be_attached()
        expect(page.locator("livefeed-app top-bar")).to_be_visible()
    reader.complaints[:] = [said for said in reader.complaints if "ERR_" not in said]


def test_what_is_pushed_is_shown_once_and_leads_to_its_picture(
    people: Any, server: ServerProcess, picture: bytes
) -> None:
    person = people()
    person.context.grant_permissions(["notifications"], origin=server.url)
    page = with_worker(person)
    person.sign_in()
    post = person.upload(picture, "Pushed")["id"]
    page.reload()  # so that the page is the worker's
    pushed = {"id": "comment.1", "kind": "comment", "by": "otter", "people": 1, "time": 1, "path": f"/post/{post}"}
    for text in ("first", "once more"):
        _push(page, server, {**pushed, "text": text})
        shown = [text]
        until(lambda shown=shown: [one["body"] for one in page.evaluate(TOLD)] == shown, "it is shown once", 20)
    assert page.evaluate(TOLD) == [
        {
            "title": "otter commented on your picture",
            "body": "once more",
            "tag": "comment.1",
            "path": f"/post/{post}",
        }
    ]
    page.evaluate("localStorage.setItem('livefeed.language', 'de')")
    page.reload()
    known = "async () => await (await caches.match('/language'))?.text()"
    until(lambda: page.evaluate(known) == "de", "the worker knows the language", 60)
    _push(page, server, {**pushed, "text": "auf Deutsch"})
    until(lambda: [one["body"] for one in page.evaluate(TOLD)] == ["auf Deutsch"], "it is shown", 20)
    assert [one["title"] for one in page.evaluate(TOLD)] == ["otter hat dein Bild kommentiert"]
    [worker] = page.context.service_workers
    worker.evaluate(
        "async () => { const [notification] = await self.registration.getNotifications();"
        "self.dispatchEvent(new NotificationEvent('notificationclick', { notification })); }"
    )
    expect(page.locator("post-view")).to_be_visible()
    expect(page).to_have_url(f"{server.url}/post/{post}")
    until(lambda: page.evaluate(TOLD) == [], "it is put away", 20)


def _push(page: Page, server: ServerProcess, message: dict[str, Any]) -> None:
    """Hand a message to the service worker as the browser's push service does."""
    devtools = page.context.new_cdp_session(page)
    versions: list[Any] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda said: versions.extend(said["registrations"]))
    devtools.send("ServiceWorker.enable")
    page.evaluate("1")
    until(lambda: page.evaluate("1") and versions, "the worker is known", 20)
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": server.url,
            "registrationId": versions[-1]["registrationId"],
            "data": json.dumps(message),
        },
    )
    devtools.detach()
