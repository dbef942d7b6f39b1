"""What people do on the room's page, and what is looked for there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DEADLINE_MS, Person

MARKED = """canvas => {
  const {width, height} = canvas;
  const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  for (let at = 3; at < data.length; at += 4) if (data[at]) return true;
  return false;
}"""
"""Whether anything is drawn on a canvas."""
ALPHA = """([canvas, [x, y], alpha]) => {
  const {width, height} = canvas;
  return canvas.getContext('2d').getImageData(Math.round(width * x), Math.round(height * y), 1, 1).data[3] === alpha;
}"""
"""Whether there is paint (255) or none (0) at a place of a canvas."""


PREVIEWS = """() => {
  const seen = new Set();
  window.previews = seen;
  const look = () => {
    const page = document.querySelector('livefeed-app').shadowRoot.querySelector('room-page');
    const strip = page?.shadowRoot.querySelector('room-strip')?.shadowRoot;
    if (!strip) return;
    for (const one of strip.querySelectorAll('[data-testid=variation]:not([data-state=completed]) job-picture')) {
      const picture = one.shadowRoot.querySelector('img.front.here');
      if (picture?.src.startsWith('blob:') && picture.naturalWidth) seen.add(picture.src);
    }
    requestAnimationFrame(look);
  };
  look();
}"""
"""Notes every preview that the strip shows, decoded and faded in, before its variation is finished."""


POINTER = """([picture, pointer, [x, y]]) => {
  const [around, at] = [picture, pointer].map(element => element.getBoundingClientRect());
  const place = [(at.left - around.left) / around.width, (at.top - around.top) / around.height];
  return Math.abs(place[0] - x) < 0.02 && Math.abs(place[1] - y) < 0.02;
}"""
"""Whether a pointer is at a place of the picture, 0 to 1 of it."""


def handle_of(person: Person) -> str:
    handle: str = person.request.get(f"{person.url}/api/me").json()["user"]["handle"]
    return handle


def open_room(owner: Person, picture: bytes) -> tuple[str, str]:
    """Open a room around a new picture; return the post's id and the room's address."""
    owner.sign_in()
    post: str = owner.upload(picture, "a drawing of mine")["id"]
    room = owner.post("/api/rooms", {"post": post})["room"]["id"]
    owner.page.goto(f"{owner.url}/room/{room}")
    wait_live(owner.page)
    return post, owner.page.url


def open_room_by_hand(owner: Person, picture: bytes) -> tuple[str, str]:
    """Do the same by the button on the picture's page, as people do."""
    owner.sign_in()
    post: str = owner.upload(picture, "a drawing of mine")["id"]
    owner.open(f"/post/{post}")
    owner.page.locator("post-about [data-testid=together]").locator("visible=true").click()
    wait_live(owner.page)
    return post, owner.page.url


def wait_live(page: Page) -> None:
    page.locator("room-page [data-testid=connection][data-state=live]").wait_for(timeout=3 * DEADLINE_MS)
    expect(page.locator("[data-testid=params]")).to_be_visible()


def link(owner: Person, role: str) -> str:
    """Return the link that lets others in, as the owner finds it."""
    owner.page.locator("[data-testid=invite]").click()
    field = owner.page.locator(f"[data-testid=link-{role}]")
    expect(field).not_to_have_value("")
    found = field.input_value()
    owner.page.keyboard.press("Escape")
    return found


def join(person: Person, address: str) -> None:
    person.page.goto(address)
    wait_live(person.page)
    assert "invite" not in person.page.url, "the invitation does not stay in the address"


def draw(page: Page, places: Sequence[tuple[float, float]], *, lift: bool = True) -> None:
    """Draw over the picture; places: 0 to 1 of it."""
    box = page.locator("room-canvas .picture").bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    if lift:
        page.mouse.up()


def point(page: Page, place: tuple[float, float]) -> None:
    """Hold the mouse over a place of the picture, 0 to 1 of it."""
    box = page.locator("room-canvas .picture").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"], steps=4)


def expect_pointer(page: Page, handle: str, place: tuple[float, float]) -> None:
    """Wait until somebody's pointer is seen at a place of the picture, 0 to 1 of it."""
    pointer = page.locator("room-canvas .pointer", has_text=handle)
    expect(pointer).to_have_count(1)
    picture = page.locator("room-canvas .picture").element_handle()
    page.wait_for_function(POINTER, arg=[picture, pointer.element_handle(), list(place)])


def layer(page: Page, name: str) -> Locator:
    return page.locator(f"room-canvas canvas.{name}")


def expect_strokes(page: Page, strokes: int) -> None:
    many = "1 stroke" if strokes == 1 else f"{strokes} strokes"
    expect(page.locator("room-canvas .picture")).to_have_attribute(
        "aria-label", re.compile(f", {many}, "), timeout=3 * DEADLINE_MS
    )


def expect_marked(page: Page, name: str, marked: bool) -> None:
    """Wait until a layer of the canvas shows something, or nothing."""
    canvas = layer(page, name).element_handle()
    page.wait_for_function(f"([canvas, marked]) => ({MARKED})(canvas) === marked", arg=[canvas, marked])


def expect_paint(page: Page, place: tuple[float, float], painted: bool) -> None:
    """Wait until there is finished paint at a place of the picture, or none."""
    canvas = layer(page, "paint").element_handle()
    page.wait_for_function(ALPHA, arg=[canvas, list(place), 255 if painted else 0])
