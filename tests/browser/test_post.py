"""A picture at its largest: zoom, walking on, keys, its facts, sharing, reactions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAINTING_MS, PHONE
from tests.browser.waiting import at_full_count, settled_box, wait_for, wait_until

SCALE = "new DOMMatrix(getComputedStyle(element).transform).a"


def _scale(person: Any) -> float:
    hang = person.page.locator("post-view .hang")
    return float(hang.evaluate(f"element => {SCALE}"))


def _wait_for_scale(person: Any, low: float, high: float) -> None:
    hang = person.page.locator("post-view .hang").element_handle()
    true = f"([element, low, high]) => {{ const a = {SCALE}; return a >= low && a <= high; }}"
    wait_until(person.page, true, [hang, low, high])


def _open(person: Any, post: str) -> None:
    person.open(f"/post/{post}")
    expect(person.page.locator("[data-testid=post-view]")).to_have_attribute("data-post", post)
    person.page.locator("post-view .hang img.loaded").wait_for()


def _card(person: Any, post: str) -> Any:
    return person.page.locator("picture-card", has=person.page.locator(f"[data-post='{post}']"))


def _painted(person: Any, prompt: str, **more: Any) -> str:
    """Paint a small picture; return its id."""
    asked = {"prompt": prompt, "width": 256, "height": 256, "steps": 4, **more}
    made = str(person.post("/api/generations", asked)["id"])
    for _ in range(PAINTING_MS // 100):
        state = person.request.get(f"{person.url}/api/generations/{made}").json()["generation"]["state"]
        if state == "completed":
            return made
        person.page.wait_for_timeout(100)
    raise AssertionError(f"{prompt} was never painted")


def test_the_wheel_goes_nearer_where_the_pointer_is_and_dragging_moves_it(people: Any, picture: bytes) -> None:
    person = people()
    person.sign_in()
    _open(person, person.upload(picture, "look closer")["id"])
    hang = person.page.locator("post-view .hang")
    box = settled_box(hang)
    x, y = box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5
    person.page.mouse.move(x, y)
    person.page.mouse.wheel(0, -600)
    _wait_for_scale(person, 2, 12)
    near = settled_box(hang)
    assert (x - near["x"]) / near["width"] == pytest.approx(0.25, abs=0.02)
    person.page.mouse.down()
    person.page.mouse.move(x + 60, y, steps=4)
    person.page.mouse.up()
    assert settled_box(hang)["x"] == pytest.approx(near["x"] + 60, abs=2)
    # Escape first shows the whole picture again, then leaves it.
    person.page.keyboard.press("Escape")
    _wait_for_scale(person, 1, 1)
    person.page.keyboard.press("Escape")
    expect(person.page.locator("[data-testid=post-view]")).to_have_count(0)


@at_full_count
def test_button_keys_and_double_click_zoom_too(people: Any, picture: bytes) -> None:
    person = people()
    person.sign_in()
    _open(person, person.upload(picture, "keys")["id"])
    zoom = person.page.locator("[data-testid=zoom]")
    zoom.click()
    _wait_for_scale(person, 2.4, 2.6)
    expect(zoom).to_have_attribute("aria-pressed", "true")
    person.page.keyboard.press("0")
    _wait_for_scale(person, 1, 1)
    person.page.keyboard.press("+")
    _wait_for_scale(person, 1.4, 1.6)
    person.page.keyboard.press("-")
    _wait_for_scale(person, 1, 1)
    person.page.locator("[data-testid=stage] .hang").dblclick()
    _wait_for_scale(person, 2.4, 2.6)


@at_full_count
def test_two_fingers_zoom_on_a_phone(people: Any, picture: bytes) -> None:
    person = people(viewport=PHONE, has_touch=True, is_mobile=True)
    person.sign_in()
    _open(person, person.upload(picture, "pinch")["id"])
    touch = person.context.new_cdp_session(person.page)
    box = person.page.locator("post-view .hang").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def fingers(kind: str, apart: float) -> None:
        points = [{"x": middle[0] + side * apart / 2, "y": middle[1], "id": side} for side in (-1, 1)]
        points = [{**point, "id": index} for index, point in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 60)
    for apart in (80, 110, 140, 180):
        fingers("touchMove", apart)
    _wait_for_scale(person, 2, 4)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_swipe_walks_through_the_remixes_and_then_on_in_the_feed(people: Any) -> None:
    person = people(viewport=PHONE, has_touch=True, is_mobile=True)
    person.sign_in()
    older = _painted(person, "an older one")
    first = _painted(person, "the first one")
    second = _painted(person, "the second one", parent=first, strength=0.5)
    person.open("/")
    person.page.locator(f"[data-testid=post-card][data-post='{first}'] a.open").click()
    view = person.page.locator("[data-testid=post-view]")
    dabs = person.page.locator("[data-testid=line-dabs] i")
    expect(dabs).to_have_count(2)
    _swipe(person, -1)
    expect(view).to_have_attribute("data-post", second)
    _swipe(person, 1)
    expect(view).to_have_attribute("data-post", first)
    # Up and down it is the page that moves.
    _swipe(person, 0)
    expect(view).to_have_attribute("data-post", first)
    expect(dabs).to_have_count(2)
    _swipe(person, -1)
    expect(view).to_have_attribute("data-post", second)
    _swipe(person, -1)
    expect(view).to_have_attribute("data-post", older)
    # The way back is the way there.
    _swipe(person, 1)
    expect(view).to_have_attribute("data-post", second)


def _swipe(person: Any, way: int) -> None:
    """One finger across the picture: -1 leftwards, 1 rightwards, 0 upwards."""
    touch = person.context.new_cdp_session(person.page)
    person.page.locator("post-view .hang img").wait_for()
    x, y = 195.0, 200.0

    def finger(kind: str, far: float) -> None:
        point = {"x": x + way * far, "y": y - (0 if way else far / 3), "id": 0}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [] if kind == "touchEnd" else [point]})

    finger("touchStart", 0)
    for far in (10, 40, 80, 120):
        finger("touchMove", far)
    finger("touchEnd", 120)
    touch.detach()


def test_what_is_half_written_stays_with_its_picture_until_it_is_said(people: Any, picture: bytes) -> None:
    person = people()
    person.open()
    older, newer = (person.upload(picture, name)["id"] for name in ("the older one", "the newer one"))
    first = person.post(f"/api/posts/{newer}/comments", {"text": "frist"})["comment"]["id"]
    page = person.page
    view, line = page.locator("[data-testid=post-view]"), page.locator("[data-testid=comment-input]")
    answering, edit = page.locator("comment-composer .answering"), page.locator("[data-testid=edit-input]")

    def walk(way: str, to: str) -> None:
        page.locator(f"post-view .{way}").click()
        expect(view).to_have_attribute("data-post", to)

    page.goto(person.url)
    page.locator(f"[data-testid=post-card][data-post='{newer}'] a.open").click()
    page.get_by_role("button", name="Reply").click()
    line.fill("what I think of the newer one")
    page.locator("[data-testid=edit-comment]").click()
    edit.fill("first")
    walk("after", older)
    expect(line).to_have_value("")
    expect(answering).to_have_count(0)
    line.fill("and of the older one")
    line.press("Enter")
    expect(page.locator("[data-testid=comment-text]")).to_have_text("and of the older one")
    walk("before", newer)
    expect(line).to_have_value("what I think of the newer one")
    expect(answering).to_be_visible()
    # Closed, reloaded and opened again.
    page.locator("[data-testid=close-post]").click()
    expect(view).to_have_count(0)
    page.reload()
    page.locator(f"[data-testid=post-card][data-post='{newer}'] a.open").click()
    expect(edit).to_have_value("first")
    edit.press("Enter")
    expect(page.locator("[data-testid=comment-text]")).to_have_text("first")
    expect(line).to_have_value("what I think of the newer one")
    line.press("Enter")
    expect(page.locator("[data-testid=comment-text]")).to_have_text(["first", "what I think of the newer one"])
    said = person.request.get(f"{person.url}/api/posts/{newer}/comments").json()["comments"]
    assert [one.get("parent") for one in said] == [None, first]
    page.reload()
    expect(page.locator("[data-testid=comment-text]")).to_have_count(2)
    expect(line).to_have_value("")
    expect(edit).to_have_count(0)


def test_an_answer_in_a_long_talk_is_found_and_given_where_what_it_answers_stands(people: Any, picture: bytes) -> None:
    person = people(viewport=PHONE, has_touch=True, is_mobile=True)
    person.sign_in()
    post = person.upload(picture, "long talk")["id"]
    said = f"/api/posts/{post}/comments"
    first = person.post(said, {"text": "number 0"})["comment"]["id"]
    for number in range(1, 31):
        person.post(said, {"text": f"number {number}"})
    person.post(said, {"text": "an answer to the first", "parent": first})
    _open(person, post)
    page = person.page
    thread, there = page.locator("[data-testid=comments]"), page.locator(f"[data-comment='{first}']")
    # Not read yet is not removed, and older than everything that is here.
    expect(thread.locator("> li").first).to_contain_text("An earlier comment")
    expect(thread.locator("> li").first).to_contain_text("an answer to the first")
    expect(page.get_by_text("comment removed")).to_have_count(0)
    page.get_by_role("button", name="An earlier comment").click()
    there.wait_for()
    page.locator("post-view .view").evaluate("view => view.scrollTo(0, 0)")
    there.get_by_role("button", name="Reply").click()
    page.locator("[data-testid=comment-input]").fill("another")
    page.locator("[data-testid=comment-input]").press("Enter")
    answer = page.locator(".replies [data-testid=comment]", has_text="another")
    expect(answer).to_be_in_viewport(ratio=1)
    expect(there).to_be_in_viewport(ratio=1)
    box, line = settled_box(answer), settled_box(page.locator("comment-composer"))
    assert box["y"] + box["height"] <= line["y"]
    # What answers nothing stands at the end, and is shown there.
    page.locator("[data-testid=comment-input]").fill("something else")
    page.locator("[data-testid=comment-input]").press("Enter")
    expect(page.locator("[data-testid=comment]", has_text="something else")).to_be_in_viewport()
    expect(answer).not_to_be_in_viewport()


def test_the_whole_way_by_keyboard_from_the_feed_to_a_comment_and_a_remix(people: Any, picture: bytes) -> None:
    painter, person = people(), people()
    painter.sign_in()
    newer = [painter.upload(picture, f"number {number}")["id"] for number in range(3)][::-1]
    person.open("/")
    keys = person.page.keyboard
    person.page.locator(f"[data-post='{newer[0]}']").wait_for()
    keys.press("j")
    expect(_card(person, newer[0])).to_be_focused()
    keys.press("j")
    keys.press("j")
    keys.press("k")
    expect(_card(person, newer[1])).to_be_focused()
    keys.press("l")
    expect(person.page.locator(f"[data-post='{newer[1]}'] .totals")).to_contain_text("🔥 1")
    keys.press("Enter")
    view = person.page.locator("[data-testid=post-view]")
    expect(view).to_have_attribute("data-post", newer[1])
    keys.press("j")
    expect(view).to_have_attribute("data-post", newer[2])
    keys.press("ArrowLeft")
    expect(view).to_have_attribute("data-post", newer[1])
    keys.press("c")
    expect(person.page.locator("[data-testid=comment-input]")).to_be_focused()
    # What is written is written: no key of the page's is meant.
    keys.type("jkl?")
    expect(person.page.locator("[data-testid=comment-input]")).to_have_value("jkl?")
    keys.press("Enter")
    expect(person.page.locator("[data-testid=comment-text]")).to_have_text("jkl?")
    keys.press("Escape")
    expect(view).to_have_count(0)
    expect(_card(person, newer[1])).to_be_focused()
    keys.press("c")
    expect(person.page.locator("[data-testid=comment-input]")).to_be_focused()
    person.page.locator("[data-testid=close-post]").focus()
    keys.press("r")
    expect(person.page.locator("[data-testid=remix-of]")).to_have_attribute("data-post", newer[1])
    keys.press("Escape")
    expect(person.page.locator("[data-testid=create-sheet]")).to_have_count(0)
    keys.press("?")
    expect(person.page.locator("[data-testid=keys]")).to_contain_text("Remix")
    keys.press("Escape")
    expect(person.page.locator("[data-testid=keys]")).to_have_count(0)
    expect(view).to_be_visible()


def test_what_a_picture_was_made_with_is_told_and_its_words_are_copied(people: Any) -> None:
    person = people(permissions=["clipboard-read", "clipboard-write"])
    person.sign_in()
    post = _painted(person, "a quiet harbour #calm", seed=4821)
    _open(person, post)
    facts = person.page.locator("post-about dl.short")
    expect(facts).to_contain_text("built-in illustrator")
    expect(facts).to_contain_text("4821")
    expect(facts).to_contain_text("256 × 256")
    person.page.locator("[data-testid=copy-prompt]").click()
    expect(person.page.locator("[data-testid=copy-prompt]")).to_contain_text("Copied")
    assert person.page.evaluate("navigator.clipboard.readText()") == "a quiet harbour #calm"
    # Once it is called otherwise its words stand there too, apart from the button.
    path = f"{person.url}/api/posts/{post}"
    assert person.request.patch(path, data={"caption": "calm"}, headers={"Origin": person.url}).ok
    words = person.page.locator("post-facts dd > span[dir]")
    expect(words).to_have_text("a quiet harbour #calm")
    button = words.locator("xpath=following-sibling::button").bounding_box()
    told = words.bounding_box()
    assert button is not None
    assert told is not None
    assert button["x"] - told["x"] - told["width"] >= 8


@at_full_count
def test_the_share_sheet_copies_the_link_and_keeps_the_keys_to_itself(people: Any, picture: bytes) -> None:
    person = people(permissions=["clipboard-read", "clipboard-write"])
    person.sign_in()
    post = person.upload(picture, "share me")["id"]
    _open(person, post)
    person.page.locator("[data-testid=share]").click()
    person.page.locator("[data-testid=copy-link]").click()
    expect(person.page.locator("[data-testid=copy-link]")).to_contain_text("Copied")
    assert person.page.evaluate("navigator.clipboard.readText()") == f"{person.url}/post/{post}"
    person.page.keyboard.press("Escape")
    expect(person.page.locator("share-sheet")).to_have_count(0)
    expect(person.page.locator("[data-testid=post-view]")).to_be_visible()


@at_full_count
def test_the_system_s_own_share_sheet_is_offered_where_there_is_one(people: Any, picture: bytes) -> None:
    person = people(viewport=PHONE | {"height": 520})
    person.context.add_init_script(
        "Object.defineProperty(navigator, 'share', {value: async (what) => { window.shared = what; }})"
    )
    person.sign_in()
    post = person.upload(picture, "hand it on")["id"]
    _open(person, post)
    # At the end of the comments too it is at hand, beside the way out.
    assert person.page.locator("post-view .view").evaluate(
        "(view) => { view.scrollTo(0, 9999); return view.scrollTop }"
    )
    expect(person.page.locator("[data-testid=close-post]")).to_be_in_viewport()
    expect(person.page.locator(".control.share")).to_be_in_viewport()
    person.page.locator(".control.share").click()
    person.page.locator("[data-testid=web-share]").click()
    wait_until(person.page, "() => window.shared !== undefined")
    assert person.page.evaluate("window.shared") == {"title": "hand it on", "url": f"{person.url}/post/{post}"}
    expect(person.page.locator("share-sheet")).to_have_count(0)


def test_a_reaction_shows_at_once_and_ends_as_it_was_pressed_last(people: Any, picture: bytes) -> None:
    person = people()
    person.sign_in()
    post = person.upload(picture, "press it often")["id"]
    _open(person, post)
    held: list[Any] = []
    person.page.route("**/reactions/**", lambda route: held.append(route))
    for _ in range(5):
        person.page.keyboard.press("l")
    chip = person.page.locator("post-about [data-emoji='🔥']")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(chip).to_contain_text("1")
    wait_for(person.page, lambda: held, "the first press is told")
    # While it is told four more came, and it stands as the last one left it: nothing else is to be told.
    [told] = held
    told.continue_()

    def mine() -> list[str]:
        return list(person.request.get(f"{person.url}/api/posts/{post}").json()["mine"])

    wait_for(person.page, lambda: mine() == ["🔥"], "the server has it")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(chip).to_contain_text("1")
    assert held == [told]


@at_full_count
def test_a_reaction_that_cannot_be_told_is_taken_back(people: Any, picture: bytes) -> None:
    person = people()
    person.open()
    _open(person, person.upload(picture, "in vain")["id"])
    person.context.set_offline(True)
    person.page.keyboard.press("l")
    expect(person.page.locator("[data-testid=toast]")).to_contain_text("cannot be reached")
    expect(person.page.locator("post-about [data-emoji='🔥']")).to_have_count(0)


@at_full_count
def test_a_burst_of_reactions_rises_a_few_at_a_time(people: Any, picture: bytes) -> None:
    painter = people()
    fans = [people() for _ in range(4)]
    painter.sign_in()
    post = painter.upload(picture, "applause")["id"]
    _open(painter, post)
    painter.page.evaluate(
        """() => {
          const burst = document.querySelector('livefeed-app').renderRoot.querySelector('post-view')
            .renderRoot.querySelector('reaction-burst');
          window.risen = []; window.most = 0;
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes)
              for (const node of addedNodes) if (node.localName === 'span') window.risen.push(node.textContent);
            window.most = Math.max(window.most, burst.renderRoot.querySelectorAll('span').length);
          }).observe(burst.renderRoot, { childList: true });
        }"""
    )
    for fan in fans:
        fan.sign_in()
    for emoji in "🔥🌊💗👏🎉🚀🌻🐳":
        for fan in fans:
            path = f"{fan.url}/api/posts/{post}/reactions/{quote(emoji)}"
            assert fan.request.put(path, headers={"Origin": fan.url}).ok
    wait_until(painter.page, "() => window.risen.length > 0")
    expect(painter.page.locator("post-about [data-emoji='🐳']")).to_contain_text("4")
    assert painter.page.evaluate("window.most") <= 6
