"""The main job: a picture comes alive in two browsers."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DEADLINE_MS, PAINTING_MS

PROMPT = "a red fox in the snow at night"


def previews_until_posted(page: Page, generation: str) -> set[str]:
    """Watch a card until its picture hangs, the first on this wall; return the previews that were on screen."""
    card = f"[data-testid=generation-card][data-generation='{generation}']"
    seen: set[str] = set()
    deadline = time.monotonic() + PAINTING_MS / 1000
    while page.locator(f"[data-testid=post-card][data-post='{generation}']").count() == 0:
        assert time.monotonic() < deadline, "the picture was never posted"
        # In one step: a preview gives way to the next one at any moment.
        sources = page.locator(card + " [data-testid=preview]").evaluate_all("all => all.map(({src}) => src)")
        seen.update(source for source in sources if source.startswith("blob:"))
        page.wait_for_timeout(40)
    return seen


def test_two_browsers_watch_a_picture_and_talk_about_it(people: Any) -> None:
    """A prompts; B sees the card, previews, the post; B comments; both react, and the totals agree."""
    painter, friend = people(), people()
    painter.open()
    friend.open()

    painter.page.locator("[data-testid=prompt-line]").click()
    painter.page.locator("[data-testid=prompt]").fill(PROMPT)
    painter.page.locator("[data-testid=paint-it]").click()

    card = friend.page.locator("[data-testid=easel] [data-testid=generation-card]").first
    card.wait_for(timeout=DEADLINE_MS)
    generation = card.get_attribute("data-generation")
    assert generation is not None
    assert len(previews_until_posted(friend.page, generation)) >= 4
    # Nobody opened it: it came onto an empty wall, and leaves the easel as soon as it is dry.
    expect(card).to_have_count(0)

    friend.page.locator(f"[data-testid=post-card][data-post='{generation}'] a.open").click()
    painter.open(f"/post/{generation}")
    friend.page.locator("[data-testid=comment-input]").fill("the moon did all the work here")
    friend.page.locator("[data-testid=comment-input]").press("Enter")
    said = painter.page.locator("[data-testid=comment-text]")
    expect(said).to_have_text(["the moon did all the work here"], timeout=DEADLINE_MS)

    for person in (painter, friend):
        person.page.locator("post-view [data-testid=react]").first.click()
        person.page.locator('post-view .picker button[aria-label="🔥"]').click()
    for person in (painter, friend):
        chip = person.page.locator('post-view [data-emoji="🔥"]').first
        expect(chip).to_have_attribute("aria-label", "🔥, 2, yours", timeout=DEADLINE_MS)
    snapshot = friend.request.get(f"{friend.url}/api/posts/{generation}").json()["post"]
    assert snapshot["reactions"] == {"🔥": 2}
    assert snapshot["comments"] == 1


def test_a_picture_can_be_cancelled_while_it_is_painted(people: Any) -> None:
    """The painter stops it; everybody sees that, and no post comes of it."""
    painter, friend = people(), people()
    painter.sign_in()
    friend.open()
    made = painter.post("/api/generations", {"prompt": "a whale in the hills at sunset", "steps": 20})
    state = f"[data-testid=generation-card][data-generation='{made['id']}']"
    friend.page.locator(state + "[data-state=painting]").first.wait_for(timeout=PAINTING_MS)
    answer = painter.request.delete(f"{painter.url}/api/generations/{made['id']}", headers={"Origin": painter.url})
    assert answer.status == 204
    friend.page.locator(state + "[data-state=cancelled]").first.wait_for(timeout=DEADLINE_MS)
    assert painter.request.get(f"{painter.url}/api/posts/{made['id']}").status == 404
