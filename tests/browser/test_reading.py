"""Who reads is left in peace: nothing moves, nothing piles up, nothing is lost, however much happens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

import livefeed.client
from tests.browser.bustle import AT_ONCE, Bustle, beside, bustle
from tests.browser.conftest import DEADLINE_MS, DESKTOP, PHONE
from tests.browser.sights import AT_HAND, CARDS, FRAME, HANGING, OLDER, ONLY_NEAR, SIZES, WATCH, painting
from tests.integration.server_process import ServerProcess

RATE = 100.0
"""Posts a second at most: a busy machine makes fewer. `make bench ARGS=browser` holds the rate."""
POSTS = 120
LOW = {"width": 1000, "height": 500}
"""Little of the wall is near so low a window."""
FAR, FARTHER = 150, 450
"""Posts that have been scrolled past when the document's elements are counted."""
REACTIONS = 1_200


@pytest.fixture(scope="module")
def media(server: ServerProcess) -> Any:
    """Pictures of several sizes, stored once."""
    stored: list[Any] = []

    async def store() -> None:
        async with livefeed.client.connect(server.url) as feed:
            await feed.sign_in()
            for number in range(len(SIZES)):
                stored.append((await feed.upload(painting(number), "to begin with"))["media"])

    with beside(store):
        pass
    return stored


def with_bustle(server: ServerProcess, media: Any, work: Any) -> Any:
    """Return work for `beside`: what `work` does with a Bustle of its own."""

    async def run() -> None:
        async with bustle(server, media) as crowd:
            await work(crowd)

    return run


def fill(server: ServerProcess, media: Any, count: int) -> None:
    """Hang so many pictures."""

    async def post(crowd: Bustle) -> None:
        await crowd.hang(count)

    with beside(with_bustle(server, media, post)):
        pass


@pytest.mark.parametrize(("viewport", "scrolled"), [(DESKTOP, 1_200), (PHONE, 0)], ids=["desktop", "phone"])
def test_however_many_posts_come_while_one_reads_nothing_moves_under_the_reader(
    people: Any, server: ServerProcess, media: Any, viewport: dict[str, int], scrolled: int
) -> None:
    fill(server, media, 40)
    reader = people(viewport=viewport)
    reader.open()
    page = reader.page
    page.locator("picture-card").nth(3).wait_for(timeout=3 * DEADLINE_MS)
    page.evaluate(f"scrollTo(0, {scrolled})")
    page.wait_for_load_state("networkidle")
    page.locator("[data-testid=connection]", has_text="here").first.wait_for()
    page.evaluate(WATCH)

    async def post(crowd: Bustle) -> None:
        _, rate = await crowd.post(POSTS, RATE)
        print(f"{rate:.0f} posts/s")

    with beside(with_bustle(server, media, post)) as going_on:
        while not going_on.done:
            page.wait_for_timeout(100)
    page.wait_for_function("() => window.watched.frames > 10")
    page.locator(f"[data-testid=new-pill][aria-label='{POSTS} new pictures']").wait_for()
    seen = page.evaluate("window.watched")
    assert seen["moved"] == 0, f"the picture that was being read moved by {seen['moved']} px"
    assert seen["shift"] == 0, f"the browser counts a layout shift of {seen['shift']}: {seen['by'][:4]}"
    assert not seen["gone"]


def test_however_many_posts_are_scrolled_past_the_document_stays_as_small(
    people: Any, server: ServerProcess, media: Any
) -> None:
    """Going back up finds every picture where it was."""
    fill(server, media, FARTHER + 40)
    reader = people()
    reader.open()
    page = reader.page
    page.locator("picture-card").nth(3).wait_for(timeout=3 * DEADLINE_MS)
    first = page.evaluate(CARDS)[:4]
    counts = []
    for posts in (FAR, FARTHER):
        _scroll_past(page, posts)
        page.wait_for_function(ONLY_NEAR)
        counts.append(page.evaluate(FRAME))
    print(f"{counts} elements around the cards after {FAR} and {FARTHER} posts")
    # One element a block is all that stays.
    assert counts[1] - counts[0] < (FARTHER - FAR) / 5
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(
        f"() => JSON.stringify(({CARDS})().slice(0, 4)) === '{json.dumps(first, separators=(',', ':'))}'"
    )


def test_who_scrolls_back_finds_each_picture_where_it_was_and_as_it_is_now(
    people: Any, server: ServerProcess, media: Any
) -> None:
    """What was laid aside far from the window is read again: with the totals of today, and without what is gone."""
    reader = people(viewport=LOW)
    reader.sign_in()
    fill(server, media, 130)
    kept, gone = (reader.upload(painting(number), f"mine, number {number}")["id"] for number in range(2))
    fill(server, media, 70)
    reader.open()
    page = reader.page
    page.locator("picture-card").nth(3).wait_for(timeout=3 * DEADLINE_MS)
    _scroll_past(page, 100)
    page.wait_for_function(ON_THE_WAY, arg=[kept, gone], polling=100)
    places = page.evaluate("window.places")
    _scroll_past(page, 190)
    page.wait_for_function(f"() => ({AT_HAND})() < 160")

    react = reader.request.put(f"{reader.url}/api/posts/{kept}/reactions/🔥", headers={"Origin": reader.url})
    delete = reader.request.delete(f"{reader.url}/api/posts/{gone}", headers={"Origin": reader.url})
    assert react.ok
    assert delete.ok
    page.evaluate("(top) => scrollTo(0, top - 100)", places[kept][1])
    page.wait_for_function(f"(post) => ({HANGING})()[post]", arg=kept)
    seen = {post: place for post, place in page.evaluate(HANGING).items() if post in places}
    assert seen == {post: places[post] for post in seen}
    expect(page.locator(f"[data-post='{kept}'] .totals")).to_contain_text("🔥 1")
    expect(page.locator("[data-testid=post-gone]")).to_have_count(1)
    reader.complaints[:] = [said for said in reader.complaints if "404" not in said]  # the deleted one was asked for


def test_the_picture_that_has_the_focus_stays_in_the_document(people: Any, server: ServerProcess, media: Any) -> None:
    fill(server, media, 120)
    reader = people()
    reader.open()
    page = reader.page
    page.locator("picture-card").nth(3).wait_for(timeout=3 * DEADLINE_MS)
    page.keyboard.press("j")
    focused = page.evaluate(FOCUSED)
    _scroll_past(page, 90)
    assert focused in page.evaluate(CARDS)
    assert page.evaluate(FOCUSED) == focused
    assert len(page.evaluate(CARDS)) < 90


def test_a_thousand_reactions_are_all_counted_on_the_wall(people: Any, server: ServerProcess, media: Any) -> None:
    """The totals that the cards show in the end are those of the store."""
    fill(server, media, 30)
    reader = people()
    reader.open()
    page = reader.page
    page.locator("picture-card").nth(3).wait_for(timeout=3 * DEADLINE_MS)
    cards = page.evaluate(CARDS)[:12]

    async def react(crowd: Bustle) -> None:
        await crowd.react(cards, REACTIONS, 10_000)

    with beside(with_bustle(server, media, react)):
        pass
    each = REACTIONS // len(cards) // 4
    assert each * len(cards) * 4 == REACTIONS
    assert len(cards) <= REACTIONS // AT_ONCE
    for card in cards:
        total = page.locator(f"picture-card [data-post='{card}'] .totals")
        page.wait_for_function(
            "([element, total]) => element.textContent.includes(total)",
            arg=[total.element_handle(), str(each)],
            timeout=DEADLINE_MS,
        )


ON_THE_WAY = f"""(posts) => {{
  Object.assign((window.places ??= {{}}), ({HANGING})());
  scrollTo(0, scrollY > 0 && !window.back ? 0 : scrollY + innerHeight);
  window.back = true;
  return posts.every((post) => window.places[post]);
}}"""
"""Go from the top of the wall down to these posts and note where everything hangs."""

FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement && element.localName !== 'picture-card') {
    element = element.shadowRoot.activeElement;
  }
  return element?.post ?? null;
}"""
"""The post whose picture has the focus."""


def _scroll_past(page: Any, posts: int) -> None:
    """Scroll until so many posts hang."""
    page.wait_for_function(
        """(posts) => {
          const wall = document.querySelector('livefeed-app').shadowRoot.querySelector('feed-wall');
          scrollTo(0, document.documentElement.scrollHeight);
          return wall.hung >= posts;
        }""",
        arg=posts,
        polling=50,
        timeout=6 * DEADLINE_MS,
    )
    page.evaluate(OLDER)
