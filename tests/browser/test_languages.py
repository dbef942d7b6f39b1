"""The page in every language: what is said, which way it is written, whether it fits, what nobody translated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import DEADLINE_MS, DESKTOP, PAINTING_MS, PHONE
from tests.integration.server_process import ServerProcess, until
from tests.soak import FULL

PROBE = (Path(__file__).parent / "spoken.js").read_text("utf-8")
EVERY = ("en", "fr", "it", "de", "es", "ar")
# The longest words, and those written from the right, where there is little room; a soak run takes them all everywhere.
SPOKEN = {"desktop": EVERY, "phone": EVERY} if FULL else {"desktop": (), "phone": ("de", "ar")}
PROMPT = "a red fox in falling snow"
REMIX = "a fox in spring"
SAID = "the moon did all the work"


def speak(page: Page, language: str) -> None:
    """Choose a language as another tab would, and wait until the page speaks it."""
    page.evaluate(
        """language => {
            localStorage.setItem("livefeed.language", language);
            dispatchEvent(new StorageEvent("storage", { key: "livefeed.language" }));
        }""",
        language,
    )
    page.wait_for_function("language => document.documentElement.dataset.spoken === language", arg=language)
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


@pytest.fixture(scope="module")
def gallery(server: ServerProcess, browser: Any) -> dict[str, str]:
    """Hang a picture with a comment and a remix, in whose room somebody is."""
    context = browser.new_context()
    request, origin = context.request, {"Origin": server.url}

    def command(path: str, data: dict[str, Any]) -> Any:
        response = request.post(server.url + path, data=data, headers=origin)
        assert response.ok, response.text()
        return response.json()

    def painted(data: dict[str, Any]) -> str:
        id = str(command("/api/generations", {"width": 256, "height": 256, "steps": 4, **data})["id"])

        def hanging() -> bool:
            return any(post["id"] == id for post in request.get(f"{server.url}/api/feeds/all").json()["posts"])

        until(hanging, f"{data['prompt']} hangs", PAINTING_MS / 1000)
        return id

    handle = command("/api/guests", {})["user"]["handle"]
    post = painted({"prompt": f"{PROMPT} #foxes"})
    command(f"/api/posts/{post}/comments", {"text": SAID})
    painted({"prompt": REMIX, "parent": post})
    context.close()
    return {"post": post, "handle": handle}


def pages_of(gallery: dict[str, str]) -> tuple[str, ...]:
    return (
        "/",
        f"/post/{gallery['post']}",
        f"/@{gallery['handle']}",
        "/settings",
        "/search",
        "/news",
        "/tag/unpainted",
    )


def content_of(page: Page, gallery: dict[str, str]) -> list[str]:
    """What people wrote, and names: nothing to translate."""
    me = page.evaluate("fetch('/api/me').then(answer => answer.json())")["user"]["handle"]
    return [
        PROMPT,
        REMIX,
        SAID,
        "#foxes",
        "#unpainted",
        gallery["handle"],
        me,
        "livefeed",
        "built-in illustrator",
        "illustrator",
        "PNG",
        "Ctrl+",
    ]


def test_the_page_speaks_the_browsers_language_from_its_first_words(people: Any, gallery: dict[str, str]) -> None:
    """Only that language's words come, and nothing is drawn before they are there."""
    reader = people(locale="fr-CA")
    sources: list[Response] = []
    kinds = ("document", "script")
    reader.page.on("response", lambda got: sources.append(got) if got.request.resource_type in kinds else None)
    reader.open("/")
    root = reader.page.locator("html")
    expect(root).to_have_attribute("lang", "fr")
    expect(root).to_have_attribute("dir", "ltr")
    expect(reader.page.locator("[data-testid=connection]")).to_contain_text("En direct")
    catalogues = {"en": "That is every picture.", "fr": "Vous avez vu toutes", "de": "Das sind alle Bilder."}
    said = [source.text() for source in sources]
    fetched = {language for language, words in catalogues.items() if any(words in source for source in said)}
    assert fetched == {"fr"}


def test_a_language_is_chosen_at_once_and_in_every_tab(people: Any, gallery: dict[str, str]) -> None:
    """The choice outlives a reload, and goes back to the browser's own."""
    reader = people(locale="en-GB")
    reader.open("/settings")
    other = reader.context.new_page()
    other.goto(reader.url + "/")
    tab = other.locator("top-bar nav a").first
    expect(tab).to_have_text("All", timeout=DEADLINE_MS)
    choice = reader.page.locator("[data-testid=language]")
    choice.select_option("ar")
    heading = reader.page.locator("settings-page h1")
    for page, words, place in ((reader.page, "الإعدادات", heading), (other, "الكل", tab)):
        expect(place).to_have_text(words, timeout=DEADLINE_MS)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
    reader.page.reload()
    expect(heading).to_have_text("الإعدادات", timeout=DEADLINE_MS)
    expect(choice).to_have_value("ar")
    choice.select_option("")
    expect(heading).to_have_text("Settings")
    expect(reader.page.locator("html")).to_have_attribute("lang", "en")
    expect(tab).to_have_text("All")


def test_what_the_server_refuses_is_said_in_the_readers_language(people: Any, gallery: dict[str, str]) -> None:
    reader = people(locale="de-AT")
    reader.open("/settings")
    form = reader.page.locator("handle-form")
    form.locator("input").fill("🦊")  # so short that the page itself refuses it, in the server's sentence
    form.locator("button").click()
    expect(form.locator("[role=alert]")).to_contain_text("Buchstaben (a bis z)")
    form.locator("input").fill(gallery["handle"])
    form.locator("button").click()
    expect(form.locator("[role=alert]")).to_have_text(
        f"Der Name {gallery['handle']} ist vergeben. Wähl einen anderen.", timeout=DEADLINE_MS
    )
    reader.complaints.clear()  # the browser complains of every 409


def test_from_the_right_dabs_lean_and_fill_the_other_way_and_titles_stand_upright(
    people: Any, gallery: dict[str, str]
) -> None:
    reader = people(locale="ar")
    reader.open(f"/post/{gallery['post']}")
    dab = reader.page.locator("post-about dab-row .dab").first
    dab.wait_for()
    # tan 20° = 0.364: the lean of a skewed mark.
    assert dab.evaluate("dab => new DOMMatrix(getComputedStyle(dab).transform).c") == pytest.approx(0.364, abs=0.01)
    first, last = (reader.page.locator("post-about dab-row .dab").nth(n).bounding_box() for n in (0, -1))
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"]
    reader.page.goto(reader.url + "/tag/unpainted")
    title = reader.page.locator("blank-canvas .title")
    title.wait_for()
    assert title.evaluate("title => getComputedStyle(title).fontStyle") == "normal"
    # What is written from the left stays so.
    reader.page.goto(reader.url + "/")
    work = reader.page.locator("picture-card h2", has_text=PROMPT)
    work.wait_for()
    style = work.evaluate("title => [getComputedStyle(title).direction, getComputedStyle(title).fontStyle]")
    assert style == ["ltr", "italic"]


@pytest.mark.soak
@pytest.mark.parametrize("device", SPOKEN)
def test_nothing_is_cut_off_and_nothing_is_left_untranslated(people: Any, gallery: dict[str, str], device: str) -> None:
    """Every control has room for its words; in the pseudo-language all that is no content has marks around it."""
    phone = device == "phone"
    reader = people(viewport=PHONE if phone else DESKTOP, locale="en-GB", has_touch=phone)
    page = reader.page
    reader.open("/")
    content = content_of(page, gallery)
    wrong: list[str] = []

    def look(where: str) -> None:
        for language in (*SPOKEN[device], "pseudo"):
            speak(page, language)
            wrong.extend(f"{where}, {language}: {what}" for what in page.evaluate(f"({PROBE}).cut()"))
        page.wait_for_timeout(250)  # the totals under the pictures change at a pace of their own
        left = page.evaluate(f"content => ({PROBE}).untranslated(content)", content)
        wrong.extend(f"{where}: not translated: {what}" for what in left)
        speak(page, "en")

    for path in pages_of(gallery):
        page.goto(reader.url + path)
        page.wait_for_load_state("networkidle")
        look(path)
    page.goto(reader.url + "/")
    page.locator("[data-testid=paint], prompt-dock .full").locator("visible=true").first.click()
    page.locator("[data-testid=create-sheet]").wait_for()
    look("create")
    room = reader.post("/api/rooms", {"post": gallery["post"]})["room"]["id"]
    page.goto(f"{reader.url}/room/{room}")
    page.locator("[data-testid=canvas]").wait_for()
    page.wait_for_load_state("networkidle")
    look("room")
    assert not wrong, "\n".join(wrong)
