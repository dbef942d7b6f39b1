"""Bringing a picture, asking for several, and being told when they are done."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEADLINE_MS, PAINTING_MS
from tests.browser.waiting import at_full_count, wait_for, wait_until
from tests.integration.server_process import ServerProcess

GIVE = """
([kind, data, type]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const file = new File([bytes], "picture", { type });
  const transfer = new DataTransfer();
  transfer.items.add(file);
  const options = { bubbles: true, cancelable: true, composed: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: transfer })
    : new DragEvent(kind, { ...options, dataTransfer: transfer });
  return !document.body.dispatchEvent(event);
}
"""

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server without a worker: what waits in its line waits, however slow the browser is."""
    with ServerProcess(tmp_path_factory.mktemp("idle") / "data", workers=0) as server:
        yield server


def _give(person: Any, kind: str, picture: bytes, type_: str = "image/png") -> bool:
    """Paste, drag or drop a picture on the page; return whether the page took it from the browser."""
    return bool(person.page.evaluate(GIVE, [kind, base64.b64encode(picture).decode(), type_]))


def test_a_picture_pasted_anywhere_is_repainted_and_posted_as_the_origin(people: Any, picture: bytes) -> None:
    person = people()
    person.open()
    _give(person, "paste", picture)
    sheet = person.page.locator("[data-testid=create-sheet]")
    expect(sheet.get_by_alt_text("The picture to post")).to_be_visible()
    person.page.locator("[data-testid=use-repaint]").click()
    expect(sheet.get_by_alt_text("The picture to repaint")).to_be_visible()
    expect(person.page.locator("[data-testid=paint-it]")).to_be_disabled()
    person.page.locator("[data-testid=prompt]").fill("a grey heron in the mist")
    sheet.locator("[data-testid=choose-style]").click()
    sheet.get_by_role("radio", name="Watercolour").click()
    person.page.locator("[data-testid=paint-it]").click()
    expect(sheet).to_have_count(0)
    handle = person.request.get(person.url + "/api/me").json()["user"]["handle"]

    def made() -> list[dict[str, Any]]:
        return list(person.request.get(f"{person.url}/api/feeds/user:{handle}").json()["posts"])

    for _ in range(PAINTING_MS // 200):
        if len(made()) == 2:
            break
        person.page.wait_for_timeout(200)
    remix, origin = made()
    assert remix["parent"] == origin["id"]
    assert (remix["prompt"], remix["style"]) == ("a grey heron in the mist", "watercolour")
    assert not origin.get("prompt")
    person.page.goto(f"{person.url}/post/{remix['id']}")
    expect(person.page.locator("post-facts")).to_contain_text("Watercolour")
    person.page.locator("[data-testid=remix]").locator("visible=true").click()
    expect(sheet.locator("[data-testid=choose-style]")).to_contain_text("Watercolour")


def test_a_picture_dropped_beside_the_sheet_is_taken_by_it_and_posted_as_it_is(people: Any, picture: bytes) -> None:
    person = people()
    person.open()
    assert _give(person, "dragover", picture)
    person.page.locator("[data-testid=create-sheet]").wait_for()
    _give(person, "drop", b"words that call themselves a picture")
    expect(person.page.get_by_text("That is no picture.")).to_be_visible()
    expect(person.page.locator("[data-testid=create-sheet] img")).to_have_count(0)
    assert _give(person, "drop", picture)
    expect(person.page.get_by_alt_text("The picture to post")).to_be_visible()
    expect(person.page.get_by_text("That is no picture.")).to_have_count(0)
    _give(person, "drop", SVG, "image/svg+xml")
    expect(person.page.get_by_text("That is no picture.")).to_be_visible()
    expect(person.page.get_by_alt_text("The picture to post")).to_be_visible()
    # Put away and opened again, the sheet still has it.
    words = person.page.locator("[data-testid=prompt]")
    words.press("Escape")
    expect(person.page.locator("[data-testid=create-sheet]")).to_have_count(0)
    # What is dropped on the wall opens it, and is refused there.
    _give(person, "drop", SVG, "image/svg+xml")
    expect(person.page.get_by_text("That is no picture.")).to_be_visible()
    expect(person.page.get_by_alt_text("The picture to post")).to_be_visible()
    words.fill("as it is")
    # What is written while it is on its way is for the next one.
    held: list[Any] = []
    person.page.route("**/api/posts", lambda route: held.append(route))
    person.page.locator("[data-testid=paint-it]").click()
    wait_for(person.page, lambda: held, "it is on its way")
    words.fill("as it is, another time")
    held.pop().continue_()
    expect(words).to_have_value(", another time")
    expect(person.page.locator("[data-testid=create-sheet] img")).to_have_count(0)
    words.press("Escape")
    card = person.page.locator("[data-testid=post-card]").filter(has_text="as it is")
    expect(card).to_have_count(1)


@at_full_count
def test_what_is_no_picture_is_not_taken(people: Any) -> None:
    person = people()
    person.open()
    person.page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["words"], "a.txt", { type: "text/plain" }));
          document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, clipboardData: transfer }));
        }"""
    )
    expect(person.page.locator("[data-testid=create-sheet]")).to_have_count(0)
    with person.page.expect_file_chooser() as asked:
        person.page.locator("[data-testid=dock]").get_by_role("button", name="Upload a picture").click()
    alert = person.page.locator("create-sheet [role=alert]")
    asked.value.set_files({"name": "x.svg", "mimeType": "image/svg+xml", "buffer": SVG})
    expect(alert).to_have_text("That is no picture. PNG, JPEG, WebP and GIF hang here.")
    large = b"\x89PNG" + bytes(20 * 1024 * 1024)
    person.page.get_by_test_id("file").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": large})
    expect(alert).to_have_text("A picture has at most 20 MB.")
    expect(person.page.locator("[data-testid=create-sheet] img")).to_have_count(0)


def test_several_wait_at_once_each_with_its_place_and_one_is_called_off(people: Any, idle: ServerProcess) -> None:
    """Another tab knows them too, and calls one off where it hangs."""
    person = people()
    person.url = idle.url
    person.open()
    other = person.context.new_page()
    other.goto(person.url)
    other.locator("[data-testid=connection][data-state=live]").first.wait_for()
    for number in range(4):
        person.page.locator("[data-testid=prompt-line]").click()
        person.page.locator("[data-testid=prompt]").fill(f"a long way, part {number}")
        person.page.locator("[data-testid=paint-it]").click()
        expect(person.page.locator("[data-testid=create-sheet]")).to_have_count(0)
    person.page.locator("[data-testid=prompt-line]").click()
    easel = person.page.locator("[data-testid=your-easel]")
    expect(easel.locator("generation-card")).to_have_count(4)
    last = easel.locator("generation-card").first
    expect(last).to_contain_text("in line")
    last.get_by_role("button", name="Cancel").click()
    expect(last).to_contain_text("Cancelled")
    last.get_by_role("button", name="Paint again").click()
    expect(easel.locator("generation-card")).to_have_count(4)
    expect(easel.get_by_text("in line").first).to_be_visible()
    expect(other.get_by_role("button", name="Your easel, 4 being painted")).to_be_visible()
    card = other.locator("easel-row [data-testid=generation-card]").filter(
        has=other.get_by_role("button", name="Cancel a long way, part 0")
    )
    id = card.get_attribute("data-generation")
    card.get_by_role("button", name="Cancel").click()
    expect(other.locator(f"[data-generation='{id}']")).to_have_attribute("data-state", "cancelled")


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 400}, {"width": 1280, "height": 300}], ids=str)
def test_in_a_low_window_the_sheet_scrolls_and_words_that_are_too_many_are_kept_and_said(
    people: Any, viewport: dict[str, int]
) -> None:
    person = people(viewport=viewport)
    person.open()
    page, sent = person.page, list[str]()
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("[data-testid=prompt-line], [data-testid=paint]").locator("visible=true").first.click()
    page.get_by_test_id("prompt").fill("a heron")
    page.get_by_test_id("choose-generator").locator("visible=true").first.wait_for()
    tops_and_bottoms = page.locator("create-sheet").evaluate(
        """(sheet) => [...sheet.renderRoot.querySelectorAll("textarea, .chips, .foot")].map((part) => {
          const { top, bottom } = part.getBoundingClientRect();
          return [top, bottom];
        })"""
    )
    assert len(tops_and_bottoms) == 3
    edges = [edge for part in tops_and_bottoms for edge in part]
    assert edges == sorted(edges), "one under the other"
    page.get_by_test_id("prompt").fill("a heron, " * 200)
    expect(page.get_by_role("alert").filter(has_text="at most 1,000 characters")).to_be_visible()
    expect(page.get_by_test_id("prompt")).to_have_value("a heron, " * 200)
    expect(page.get_by_test_id("paint-it")).to_be_disabled()
    page.get_by_test_id("prompt").press("Enter")
    page.get_by_test_id("prompt").fill("a heron")
    expect(page.get_by_test_id("paint-it")).to_be_enabled()
    page.get_by_test_id("paint-it").scroll_into_view_if_needed()
    expect(page.get_by_test_id("paint-it")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    assert sent == [], "the key sends no more than the button does"


def test_shape_painter_and_style_are_chosen_kept_and_asked_for_again(people: Any, idle: ServerProcess) -> None:
    person = people()
    person.url = idle.url
    page, asked = person.page, list[dict[str, Any]]()
    page.on("request", lambda one: asked.append(one.post_data_json) if one.url.endswith("/api/generations") else None)
    person.open()
    page.locator("[data-testid=dock] [data-testid=choose-size]").click()
    page.get_by_role("radio", name="4:3").click()
    page.locator("[data-testid=prompt-line]").click()
    sheet = page.locator("[data-testid=create-sheet]")
    expect(sheet.locator("[data-testid=choose-size]")).to_contain_text("4:3")
    sheet.locator("[data-testid=choose-generator]").click()
    painter = sheet.get_by_role("radio", name="built-in illustrator")
    expect(painter).to_contain_text("learned from no pictures")
    painter.click()
    sheet.locator("[data-testid=choose-style]").click()
    sheet.get_by_placeholder("or in words of your own").fill("woodcut ")
    sheet.locator("[data-testid=choose-seed]").click()
    seed = sheet.get_by_role("textbox", name="Seed")
    seed.fill("-5")
    seed.press("Enter")
    expect(sheet.get_by_role("alert").filter(has_text="from 0 to 4,294,967,295")).to_be_visible()
    expect(seed).to_have_value("-5")
    seed.fill("7")
    seed.press("Enter")
    expect(seed).to_be_hidden()
    sheet.locator("[data-testid=prompt]").fill("a heron")
    page.locator("[data-testid=paint-it]").click()
    expect(sheet).to_have_count(0)
    chosen = {
        "prompt": "a heron",
        "generator": "illustrator",
        "style": "woodcut",
        "seed": 7,
        "width": 768,
        "height": 576,
    }
    assert asked[0].items() >= chosen.items()
    page.reload()
    page.locator("[data-testid=prompt-line]").click()
    expect(sheet.locator("[data-testid=choose-size]")).to_contain_text("4:3")
    card = page.locator("[data-testid=your-easel] generation-card").first
    card.get_by_role("button", name="Cancel").click()
    card.get_by_role("button", name="Paint again").click()
    wait_for(page, lambda: len(asked) == 2, "it is asked for again")
    assert asked[1] == asked[0], "also by a page that has forgotten what it asked for"


def test_who_paints_from_words_alone_is_not_offered_for_a_remix(
    people: Any, idle: ServerProcess, picture: bytes
) -> None:
    person = people()
    person.url = idle.url
    person.sign_in()
    post = person.upload(picture, "an origin")
    page = person.page
    words = {
        "name": "words", "title": "Words", "sizes": {"low": 512, "high": 512, "default": 512, "multiple": 8},
        "steps": {"low": 1, "high": 9, "default": 4, "multiple": 1}, "remixes": False, "masks": False,
        "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    }  # fmt: skip
    there = [words]

    def also(route: Any) -> None:
        mine = route.fetch().json()["generators"]
        route.fulfill(json={"generators": [*there, *(mine if len(there) > 1 else [])]})

    page.route("**/api/generators", also)
    sheet = page.locator("[data-testid=create-sheet]")

    def remixed() -> None:
        person.open(f"/post/{post['id']}")
        page.locator("[data-testid=remix]").locator("visible=true").click()

    remixed()
    expect(sheet.locator("[data-testid=words-alone]")).to_contain_text("Words paints from your words alone")
    expect(sheet.locator("strength-slider")).to_have_count(0)
    expect(sheet.locator("[data-testid=choose-size]")).to_contain_text("1:1")
    there.append({**words, "name": "more-words", "title": "More words"})
    remixed()
    expect(sheet.locator("[data-testid=choose-generator]")).to_contain_text("illustrator")
    expect(sheet.locator("strength-slider")).to_be_visible()
    sheet.locator("[data-testid=choose-generator]").click()
    unable = sheet.get_by_role("radio", name="More words")
    expect(unable).to_have_attribute("aria-disabled", "true")
    unable.click(force=True)
    expect(sheet.locator("[data-testid=choose-generator]")).to_contain_text("illustrator")


def test_what_did_not_come_to_be_is_said_and_begun_again_from_the_news(people: Any, idle: ServerProcess) -> None:
    """Nobody paints, and the picture may not wait for more than a second."""
    person = people()
    person.url = idle.url
    person.open("/search")

    def hurry(route: Any) -> None:
        route.continue_(post_data={**route.request.post_data_json, "deadline_s": 1})

    person.page.route("**/api/generations", hurry)
    person.page.locator("[data-testid=prompt-line]").click()
    person.page.locator("[data-testid=prompt]").fill("too late for this")
    person.page.locator("[data-testid=paint-it]").click()
    expect(person.page.locator("[data-testid=create-sheet]")).to_have_count(0)
    toast = person.page.locator("[data-testid=toast]")
    expect(toast).to_contain_text("Not started", timeout=6 * DEADLINE_MS)
    toast.get_by_role("button", name="News").click()
    line = person.page.locator("[data-testid=news-line][data-kind=generation]")
    expect(line).to_contain_text("too late for this")
    line.get_by_role("button", name="Try again").click()
    expect(person.page.locator("[data-testid=prompt]")).to_have_value("too late for this")


FAKE = """
window.told = [];
window.asked = 0;
let permission = "default";
window.Notification = class {
  static get permission() { return permission; }
  static async requestPermission() { window.asked += 1; permission = "granted"; return permission; }
  constructor(title, options) { window.told.push({ title, ...options }); }
  close() {}
};
"""


def test_the_system_tells_when_a_picture_is_done_while_the_page_is_hidden(people: Any) -> None:
    person = people()
    person.context.add_init_script(FAKE)
    person.open()
    assert person.page.evaluate("window.asked") == 0
    person.page.locator("[data-testid=prompt-line]").click()
    person.page.locator("[data-testid=tell]").click()
    expect(person.page.locator("[data-testid=tell]")).to_have_count(0)
    wait_until(person.page, "() => window.asked === 1")
    person.page.locator("[data-testid=prompt]").fill("a bell in the tower")
    # Hidden from before it is asked for: it may be done before the sheet is seen to be gone.
    person.page.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})")
    person.page.locator("[data-testid=paint-it]").click()
    expect(person.page.locator("[data-testid=create-sheet]")).to_have_count(0)
    wait_until(person.page, "() => window.told.length === 1", timeout_ms=PAINTING_MS)
    [told] = person.page.evaluate("window.told")
    assert told["title"] == "Your picture is done"
    assert told["body"] == "a bell in the tower"
    assert "/media/" in told["icon"]


@at_full_count
def test_nothing_is_told_to_who_looks_or_has_not_asked_for_it(people: Any) -> None:
    person = people()
    person.context.add_init_script(FAKE)
    person.open()
    asked = person.post("/api/generations", {"prompt": "seen anyway", "width": 256, "height": 256, "steps": 4})
    card = person.page.locator(f"[data-testid=post-card][data-post='{asked['id']}'], [data-testid=new-pill]")
    card.first.wait_for(timeout=6 * DEADLINE_MS)
    assert person.page.evaluate("[window.told.length, window.asked]") == [0, 0]
