"""All of it with a keyboard: the feed pattern, and the way from a picture to a comment and a remix of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DEADLINE_MS, PAINTING_MS

FOCUS = """() => {
  let element = document.activeElement;
  const path = [];
  while (element) {
    path.push(element.localName);
    if (element.localName === 'picture-card') return { path, post: element.post, at: element.ariaPosInSet };
    if (!element.shadowRoot?.activeElement) break;
    element = element.shadowRoot.activeElement;
  }
  return { path, post: null, label: element?.ariaLabel ?? element?.textContent?.trim() ?? '' };
}"""
PASSING = """([text, tone]) => document.querySelector('livefeed-app').shadowRoot.querySelector('toast-stack')
  .notices.say({ text, tone })"""
SPEAKING = "[aria-live]:not([aria-live=off]):not([aria-live=assertive]), [role=status], [role=log]"
UTTERED = """speaking => {
  // Everything that speaks by itself, in every shadow, now and later: what it says, and when.
  window.uttered = [];
  window.speaking = new Set();
  const heard = new WeakSet();
  const said = (place, text) => {
    if (text.trim()) window.uttered.push([place.dataset.testid ?? place.localName, Date.now(), text.trim()]);
  };
  const listen = (root) => {
    if (heard.has(root)) return;
    heard.add(root);
    new MutationObserver((records) => {
      look(root);
      for (const { target, addedNodes } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const place = element?.closest(speaking);
        if (!place) continue;
        const text = addedNodes.length ? [...addedNodes].map((node) => node.textContent).join('') : target.textContent;
        said(place, text);
      }
    }).observe(root, { subtree: true, childList: true, characterData: true });
    look(root);
  };
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches(speaking)) window.speaking.add(element.dataset.testid ?? element.localName);
      if (element.shadowRoot) listen(element.shadowRoot);
    }
  };
  listen(document);
}"""


def focus(page: Page) -> dict[str, Any]:
    """Return where the focus is: the post of a picture, or else what has it."""
    found: dict[str, Any] = page.evaluate(FOCUS)
    return found


def test_the_feed_is_walked_picture_by_picture_and_left_at_both_ends(people: Any, picture: bytes) -> None:
    reader = people()
    reader.sign_in()
    posts = [reader.upload(picture, f"number {number}")["id"] for number in range(5)][::-1]
    reader.open()
    page = reader.page
    feed = page.locator("feed-wall [role=feed]")
    articles = feed.get_by_role("article")
    expect(articles.nth(4)).to_be_visible(timeout=DEADLINE_MS)
    total = articles.count()
    assert [article.get_attribute("aria-posinset") for article in articles.all()][:3] == ["1", "2", "3"]
    assert {article.get_attribute("aria-setsize") for article in articles.all()} == {str(total)}

    page.keyboard.press("j")
    assert focus(page)["post"] == posts[0]
    page.keyboard.press("PageDown")
    page.keyboard.press("j")
    assert focus(page)["post"] == posts[2]
    page.keyboard.press("PageUp")
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert focus(page)["post"] == posts[0]
    page.keyboard.press("Control+End")
    after = focus(page)
    assert after["post"] is None
    assert "feed-wall" not in after["path"]
    page.keyboard.press("j")
    page.keyboard.press("Control+Home")
    before = focus(page)
    assert before["post"] is None
    assert before["path"] != after["path"]


def test_the_focus_stays_when_pictures_come_and_totals_change(people: Any, picture: bytes) -> None:
    reader, other = people(), people()
    reader.sign_in()
    posts = [reader.upload(picture, f"number {number}")["id"] for number in range(3)]
    reader.open()
    other.sign_in()
    page = reader.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focus(page)["post"] == posts[1]
    other.post(f"/api/posts/{posts[1]}/comments", {"text": "hello"})
    card = page.locator(f"picture-card [data-post='{posts[1]}']")
    expect(card.locator(".totals")).to_contain_text("1", timeout=DEADLINE_MS)
    other.upload(picture, "a newer one")
    page.locator("[data-testid=new-pill]").wait_for()
    assert focus(page)["post"] == posts[1]
    # The pill is opened by a pointer that takes no focus: what was focused is still that.
    page.evaluate(
        """() => document.querySelector('livefeed-app').shadowRoot.querySelector('new-pill')
          .shadowRoot.querySelector('.pill').click()"""
    )
    expect(page.locator("picture-card").filter(has_text="a newer one")).to_have_count(1)
    assert focus(page)["post"] == posts[1]


def test_from_a_picture_to_a_comment_and_a_remix_without_a_pointer(people: Any, picture: bytes) -> None:
    reader = people()
    reader.sign_in()
    post = reader.upload(picture, "a red fox in the snow")["id"]
    reader.open()
    page = reader.page
    page.keyboard.press("j")
    assert focus(page)["post"] == post
    page.keyboard.press("l")
    totals = page.locator(f"picture-card [data-post='{post}'] .totals")
    expect(totals).to_contain_text("🔥", timeout=DEADLINE_MS)
    page.keyboard.press("c")
    page.locator("[data-testid=post-view]").wait_for()
    expect(page.locator("[data-testid=comment-input]")).to_be_focused()
    page.keyboard.type("said with keys alone")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=comment-text]")).to_have_text(["said with keys alone"], timeout=DEADLINE_MS)
    page.keyboard.press("Escape")
    page.locator("[data-testid=post-view]").wait_for(state="detached")
    assert focus(page)["post"] == post

    page.keyboard.press("r")
    prompt = page.locator("[data-testid=prompt]")
    expect(prompt).to_be_focused(timeout=DEADLINE_MS)
    page.keyboard.type("a red fox by the sea")
    page.keyboard.press("Enter")
    card = page.locator("[data-testid=generation-card]").first
    card.wait_for(state="attached", timeout=PAINTING_MS)
    made = card.get_attribute("data-generation")
    assert reader.request.get(f"{reader.url}/api/generations/{made}").json()["generation"]["parent"] == post
    # It is not to hang on the wall of the next test.
    reader.request.delete(f"{reader.url}/api/generations/{made}", headers={"Origin": reader.url})


def test_one_polite_region_speaks_at_most_every_ten_seconds(people: Any, picture: bytes) -> None:
    """The page's clock is the test's. Whatever has to be said goes through that one: the wall, toasts, a sheet."""
    reader, other = people(), people()
    other.sign_in()
    post = other.upload(picture, "to begin with")["id"]
    reader.page.clock.install()
    reader.open()
    page = reader.page
    region = page.locator("[data-testid=live-region]").first
    region.wait_for(state="attached")
    page.evaluate("() => customElements.whenDefined('toast-stack')")
    page.evaluate(UTTERED, SPEAKING)
    expect(region).to_have_attribute("aria-live", "polite")
    other.upload(picture, "the first one")
    page.locator("[data-testid=new-pill]").wait_for()
    # From here on time passes only when it is told to.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 11)
    expect(region).to_contain_text("1 new picture")
    other.upload(picture, "something new")
    waits = page.locator("[data-testid=new-pill]", has_text="2 new pictures")
    waits.wait_for(state="attached")
    expect(waits.locator(".thumbs > :visible")).to_have_count(2)
    for words in ("one thing", "another thing"):
        page.evaluate(PASSING, [words, "plain"])
    page.evaluate(PASSING, ["a refusal", "bad"])
    for _ in range(50):
        page.clock.run_for(500)
    page.keyboard.press("Escape")
    page.locator(f"picture-card [data-post='{post}']").get_by_role("button", name="Share").press("Enter")
    page.locator("share-sheet [data-testid=live-region]").wait_for(state="attached")
    page.evaluate(PASSING, ["said over a sheet", "plain"])
    for _ in range(50):
        page.clock.run_for(500)
    uttered = page.evaluate("() => window.uttered")
    assert page.evaluate("() => [...window.speaking]") == ["live-region"]
    times = sorted({time for _, time, _ in uttered})
    assert all(later - earlier >= 10_000 for earlier, later in pairwise(times)), uttered
    words = " ".join(text for _, _, text in uttered)
    for said in ("1 new picture.", "2 new pictures.", "one thing", "another thing", "said over a sheet"):
        assert words.count(said) == 1, (said, uttered)
    assert "a refusal" not in words
