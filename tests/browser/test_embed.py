"""Widgets on other people's pages."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, Request, expect

from tests.browser.conftest import DEADLINE_MS, PAINTING_MS, Person
from tests.browser.hosts import host
from tests.browser.waiting import wait_for
from tests.integration.server_process import ServerProcess, until

SCRIPT_BYTES = 12 * 1024
STRICT = "default-src 'none'; script-src {url}; frame-src {url}; connect-src {url}"
STANDINGS = """
globalThis.standings = [];
new MutationObserver(() => {
  const standing = document.querySelector("[data-testid=connection]")?.dataset.state;
  if (standing && standing !== standings.at(-1)) standings.push(standing);
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""Every word of a widget about its connection."""
LIVE = "[data-testid=connection][data-state=live]"


def document(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><title>A page</title>{head}</head><body>{body}</body></html>'


def element(url: str, feed: str = "all", attributes: str = "") -> str:
    quotation = f'<blockquote><a href="{url}/">pictures, live</a></blockquote>'
    return f'<live-feed src="{url}/embed/{feed}" {attributes}>{quotation}</live-feed>'


def script(url: str) -> str:
    return f'<script type="module" src="{url}/embed.js"></script>'


def lying(message: str, to: str = "parent") -> str:
    """A frame beside the widget that knows our words and says them again and again."""
    says = f"setInterval(()=>{to}.postMessage({{livefeed:{{{message}}}}},'*'),20)"
    return f'<iframe srcdoc="<script>{says}</script>"></iframe>'


def widget(page: Page, index: int = 0) -> FrameLocator:
    return page.frame_locator(f"live-feed >> nth={index} >> iframe")


@contextmanager
def at(person: Person, body: str, headers: dict[str, str] | None = None) -> Iterator[Page]:
    """Show somebody a page that has `body`."""
    with host({"/": document(body)}, headers) as address:
        person.page.goto(address)
        yield person.page
        person.page.goto("about:blank")


@pytest.fixture(scope="module")
def author(server: ServerProcess, browser: Any, picture: bytes) -> Iterator[Person]:
    """Somebody who has posted three pictures."""
    context = browser.new_context()
    somebody = Person(context, server.url)
    somebody.sign_in()
    for number in range(3):
        somebody.upload(picture, f"number {number} #walls")
    until(lambda: len(_feed(somebody, "tag:walls")["posts"]) == 3, "the pictures are in their feed", 20)
    yield somebody
    context.close()


def _feed(person: Person, feed: str) -> Any:
    return person.request.get(f"{person.url}/api/feeds/{feed}").json()


def test_what_a_reader_downloads_is_small(server: ServerProcess, author: Person) -> None:
    loader = author.request.get(f"{server.url}/embed.js")
    page = author.request.get(f"{server.url}/embed/all").text()
    inside = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(inside) == 1
    packed = [len(gzip.compress(code.encode(), 9, mtime=0)) for code in (loader.text(), inside[0])]
    assert sum(packed) <= SCRIPT_BYTES, packed
    assert loader.headers["access-control-allow-origin"] == "*"
    assert loader.headers["content-encoding"] in ("gzip", "deflate", "br")
    again = author.request.get(f"{server.url}/embed.js", headers={"If-None-Match": loader.headers["etag"]})
    assert again.status == 304


def test_a_widget_works_in_a_page_with_a_strict_policy(
    people: Any, server: ServerProcess, author: Person, picture: bytes
) -> None:
    """And so in its sandbox: nothing is asked of anybody else, no cookie is set, new pictures arrive."""
    reader = people()
    asked: list[Request] = []
    reader.page.on("request", lambda request: asked.append(request))
    policy = {"Content-Security-Policy": STRICT.format(url=server.url)}
    with at(reader, element(server.url, "tag:walls") + script(server.url), policy) as page:
        inside = widget(page)
        inside.locator(LIVE).wait_for()
        expect(inside.locator("[data-testid=hero] .title")).to_have_text("number 2")
        expect(inside.locator("[data-testid=post]")).to_have_count(2)
        wait_for(page, lambda: any("/media/" in request.url for request in asked), "a picture is asked for")
        origin = page.url.rstrip("/")
        assert {re.sub(r"(://[^/]+).*", r"\1", request.url) for request in asked} == {origin, server.url}
        before = [request.url for request in asked[1 : next(i for i, r in enumerate(asked) if "/media/" in r.url)]]
        assert len(before) <= 2, before
        author.upload(picture, "a fourth #walls")
        inside.locator("[data-testid=new-pill]").click()
        expect(inside.locator("[data-testid=post] .title").first).to_have_text("a fourth")
        sandbox = page.evaluate("document.querySelector('live-feed').shadowRoot.querySelector('iframe').sandbox.value")
        assert "allow-same-origin" not in sandbox
        frame = next(frame for frame in page.frames if "/embed/" in frame.url)
        assert frame.evaluate("self.origin") == "null"
        # However wide the page, the title of the large picture is in sight.
        title, footer = inside.locator("[data-testid=hero] .title"), inside.locator("footer")
        low, end = title.bounding_box(), footer.bounding_box()
        assert low
        assert end
        assert low["y"] + low["height"] < end["y"]
    assert reader.context.cookies() == []
    answers = [request.response() for request in asked if "/sse" not in request.url]
    assert not [answer.url for answer in answers if answer is not None and "set-cookie" in answer.headers]


def test_three_widgets_on_a_page_share_one_connection(
    people: Any, server: ServerProcess, author: Person, picture: bytes
) -> None:
    """The server counts connections: three widgets of one feed are one reader, and only the page has a stream."""
    reader = people()
    asked: list[Request] = []
    reader.page.on("request", lambda request: asked.append(request))
    feeds = ("tag:shared", "tag:shared", "tag:shared", "all")
    with at(reader, "".join([element(server.url, feed, "height=200") for feed in feeds]) + script(server.url)) as page:
        for index in range(len(feeds)):
            widget(page, index).locator(LIVE).wait_for()
        for index in range(3):  # whoever else reads everything is counted there
            expect(widget(page, index).locator(".here")).to_have_text("1")
        author.upload(picture, "for all of them #shared")
        for index in range(3):
            expect(widget(page, index).locator("[data-testid=hero] .title")).to_have_text("for all of them")
        expect(widget(page, 3).locator("[data-testid=new-pill]")).to_be_visible()
        assert {request.frame for request in asked if "/sse" in request.url} == {page.main_frame}


def test_a_plain_frame_has_a_stream_of_its_own(
    people: Any, server: ServerProcess, author: Person, picture: bytes
) -> None:
    reader = people()
    address = f"{server.url}/embed/tag:plain#theme=dark"
    frame = f'<iframe sandbox="allow-scripts allow-popups" src="{address}" height="400"></iframe>'
    with at(reader, frame) as page:
        inside = page.frame_locator("iframe")
        inside.locator(LIVE).wait_for()
        expect(inside.locator(".empty")).to_be_visible()
        author.upload(picture, "the first #plain")
        expect(inside.locator("[data-testid=hero] .title")).to_have_text("the first")
        expect(inside.locator(".empty")).to_be_hidden()
        expect(inside.locator("html")).to_have_css("color-scheme", "dark")


def test_in_a_wide_frame_the_large_picture_is_no_strip(people: Any, server: ServerProcess, author: Person) -> None:
    reader = people(viewport={"width": 1440, "height": 560})
    reader.page.goto(f"{server.url}/embed/tag:walls")
    frame, words = (reader.page.locator(f"[data-testid=hero] .{part}") for part in ("frame", "words"))
    expect(words).to_be_in_viewport(ratio=1)
    picture, title = frame.bounding_box(), words.bounding_box()
    assert picture is not None
    assert title is not None
    assert picture["width"] / picture["height"] == pytest.approx(17 / 8, abs=0.05)
    assert title["x"] > picture["x"] + picture["width"], "beside it"
    expect(reader.page.locator(".posts")).to_be_in_viewport()


def test_where_the_page_may_not_connect_the_widget_does(people: Any, server: ServerProcess, author: Person) -> None:
    reader = people()
    policy = {"Content-Security-Policy": f"default-src 'none'; script-src {server.url}; frame-src {server.url}"}
    with at(reader, element(server.url) + script(server.url), policy) as page:
        widget(page).locator(LIVE).wait_for()
    reader.complaints[:] = [said for said in reader.complaints if "Content Security Policy" not in said]


def test_without_frames_or_scripts_a_quotation_stands_there(people: Any, server: ServerProcess) -> None:
    reader = people()
    policy = {"Content-Security-Policy": f"default-src 'none'; script-src {server.url}"}
    with at(reader, element(server.url) + script(server.url), policy) as page:
        expect(page.get_by_role("link", name="pictures, live")).to_be_visible()
        expect(page.locator("iframe")).to_be_hidden()
    with at(
        reader, element(server.url) + script(server.url), {"Content-Security-Policy": "default-src 'none'"}
    ) as page:
        expect(page.get_by_role("link", name="pictures, live")).to_be_visible()
    reader.complaints[:] = [said for said in reader.complaints if "Content Security Policy" not in said]


def test_a_picture_is_painted_in_the_widget(people: Any, server: ServerProcess, author: Person) -> None:
    reader = people()
    reader.page.clock.install()
    with at(reader, element(server.url, "tag:embedded") + script(server.url)) as page:
        inside = widget(page)
        inside.locator(LIVE).wait_for()
        author.post("/api/generations", {"prompt": "a fox in falling snow #embedded", "steps": 12})
        hero = inside.locator("[data-testid=hero]")
        expect(hero.locator(".dabs")).to_be_visible(timeout=PAINTING_MS)
        expect(hero.locator(".more")).to_have_text(re.compile(r"\d of 12"), timeout=PAINTING_MS)
        expect(hero).to_have_attribute("href", re.compile(r"^/post/"), timeout=PAINTING_MS)
        expect(hero.locator(".title")).to_have_text("a fox in falling snow")
        expect(hero.locator(".dabs .full")).to_have_count(12)
        page.clock.run_for(10_000)  # it has been looked at: the next one has the place at once, however soon it is done
        author.post("/api/generations", {"prompt": "an owl #embedded", "steps": 4, "width": 256, "height": 256})
        expect(hero.locator(".title")).to_have_text("an owl", timeout=PAINTING_MS)


def test_a_widget_grows_only_for_its_own_frame(people: Any, server: ServerProcess, author: Person) -> None:
    """What another frame says of heights is not heard, however often it says so."""
    reader = people()
    counts = "<script>lies=0;addEventListener('message',({data})=>{lies+=data.livefeed?.height===3000})</script>"
    body = element(server.url, "tag:walls", "height=auto") + script(server.url) + lying("op:'height',height:3000")
    with at(reader, counts + body) as page:
        inside = widget(page)
        inside.locator(LIVE).wait_for()
        expect(inside.locator("[data-testid=post]").first).to_be_visible()

        def heights() -> tuple[float, float]:
            height = "node => node.getBoundingClientRect().height"
            return page.locator("live-feed").evaluate(height), inside.locator("main").evaluate(height)

        def grown() -> bool:
            outer, inner = heights()
            return abs(outer - inner) < 2

        page.evaluate("lies = 0")
        page.wait_for_function("lies > 5", timeout=DEADLINE_MS)
        wait_for(page, grown, "it is as tall as what it shows")
        page.evaluate("lies = 0")
        page.wait_for_function("lies > 5", timeout=DEADLINE_MS)
        assert grown(), heights()
        _, wall = heights()
        page.set_viewport_size({"width": 380, "height": 700})
        wait_for(page, lambda: heights()[0] < wall - 50, "rows, not a wall")


def test_a_widget_obeys_the_page_around_it_and_no_other_frame(
    people: Any, server: ServerProcess, author: Person
) -> None:
    reader = people(color_scheme="light")
    night = "theme=dark&panel=rgb(1, 2, 3)"
    body = f'<iframe src="{server.url}/embed/tag:walls#theme=light" sandbox="allow-scripts"></iframe>'
    with at(reader, body + lying(f"op:'look',hash:'{night}'", "parent.frames[0]")) as page:
        inside = page.frame_locator("iframe >> nth=0")
        inside.locator(LIVE).wait_for()
        frame = next(frame for frame in page.frames if "/embed/" in frame.url)
        frame.evaluate("self.lies = 0; addEventListener('message', () => { lies += 1 })")
        wait_for(page, lambda: frame.evaluate("lies") > 5, "it has been lied to")
        expect(inside.locator("main")).not_to_have_css("background-color", "rgb(1, 2, 3)")
        page.evaluate(f"frames[0].postMessage({{livefeed: {{op: 'look', hash: '{night}'}}}}, '*')")
        expect(inside.locator("main")).to_have_css("background-color", "rgb(1, 2, 3)")


def test_a_widget_looks_like_the_page_it_is_in(people: Any, server: ServerProcess, author: Person) -> None:
    reader = people(color_scheme="light")
    style = "color-scheme:dark;--livefeed-panel:rgb(10, 20, 30);--livefeed-radius:2px;--livefeed-font:url(x)"
    body = f'<div dir="rtl" style="{style}">{element(server.url)}</div>{script(server.url)}'
    with at(reader, body) as page:
        inside = widget(page)
        inside.locator(LIVE).wait_for()
        main = inside.locator("main")
        expect(main).to_have_css("background-color", "rgb(10, 20, 30)")
        expect(main).to_have_css("border-radius", "2px")
        expect(main).to_have_css("direction", "rtl")
        expect(main).to_have_css("color-scheme", "dark")
        page.evaluate("document.querySelector('live-feed').setAttribute('theme', 'light')")
        expect(inside.locator("html[data-theme=light]")).to_be_attached()


def test_out_of_sight_for_a_minute_a_widget_lets_go_and_misses_nothing(
    people: Any, server: ServerProcess, author: Person, picture: bytes
) -> None:
    reader = people()
    reader.page.clock.install()
    body = element(server.url, "tag:hidden", "height=300") + '<p style="height:4000px"></p>' + script(server.url)
    with at(reader, body) as page:
        inside = widget(page)
        page.clock.run_for(1000)
        inside.locator(LIVE).wait_for()
        expect(inside.locator(".here")).to_have_text("1")
        page.evaluate("scrollTo(0, 3000)")
        ended: list[Request] = []
        page.on("requestfailed", lambda request: ended.append(request))
        page.on("requestfinished", lambda request: ended.append(request))
        page.clock.run_for(50_000)
        author.upload(picture, "while it still listened #hidden")
        expect(inside.locator("[data-testid=hero] .title")).to_have_text("while it still listened")
        assert not any("/sse" in request.url for request in ended), "it rests after a minute, not before"
        for _ in range(13):
            page.clock.run_for(5_000)
        wait_for(page, lambda: any("/sse" in request.url for request in ended), "the stream is closed")
        author.upload(picture, "while nobody looked #hidden")
        page.evaluate("scrollTo(0, 0)")
        page.clock.run_for(1000)
        inside.locator("[data-testid=new-pill]").click()
        expect(inside.locator("[data-testid=post] .title").first).to_have_text("while nobody looked")


def test_a_reader_can_hold_it_still(people: Any, server: ServerProcess, author: Person, picture: bytes) -> None:
    reader = people()
    with at(reader, element(server.url, "tag:still") + script(server.url)) as page:
        inside = widget(page)
        inside.locator(LIVE).click()
        expect(inside.locator("[data-testid=connection][data-state=paused]")).to_be_visible()
        author.upload(picture, "later #still")
        until(lambda: len(_feed(author, "tag:still")["posts"]) == 1, "the picture is in its feed", 20)
        expect(inside.locator("[data-testid=hero]")).to_be_hidden()
        inside.locator("[data-testid=connection]").click()
        expect(inside.locator("[data-testid=hero] .title")).to_have_text("later")


def test_a_feed_that_is_not_there_says_so(people: Any, server: ServerProcess) -> None:
    reader = people()
    with at(reader, element(server.url, "user:nobody-at-all") + script(server.url)) as page:
        expect(widget(page).locator("[data-testid=connection]")).to_have_text("Not there")
    reader.complaints[:] = [said for said in reader.complaints if "404" not in said]


def test_a_widget_can_be_used_before_its_stream_is_there(people: Any, server: ServerProcess, author: Person) -> None:
    """How soon is held by `make bench ARGS=embed`; here, that nothing but the widget itself is waited for."""
    reader = people()
    held: list[Any] = []
    reader.page.route("**/sse*", lambda route: held.append(route))
    reader.page.add_init_script(STANDINGS)
    with at(reader, element(server.url, "tag:walls") + script(server.url)) as page:
        expect(widget(page).locator("[data-testid=hero]")).to_be_visible()
        wait_for(page, lambda: held, "the stream is asked for")
        assert "connecting" in page.frames[1].evaluate("standings")
        assert "live" not in page.frames[1].evaluate("standings"), "it never was"


def test_links_lead_to_our_pages_outside_of_the_sandbox(people: Any, server: ServerProcess, author: Person) -> None:
    reader = people()
    with at(reader, element(server.url, "tag:walls") + script(server.url)) as page:
        with reader.context.expect_page() as opened:
            widget(page).locator("[data-testid=hero]").click()
        post = opened.value
        expect(post.locator("[data-testid=connection][data-state=live]").first).to_be_visible(timeout=3 * DEADLINE_MS)
        assert post.evaluate("self.origin") == server.url


def test_the_page_for_site_owners_writes_code_that_works(people: Any, server: ServerProcess, author: Person) -> None:
    owner = people()
    owner.page.goto(f"{server.url}/embed")
    owner.page.get_by_label("A tag").check()
    owner.page.get_by_label("Its name").fill("walls")
    expect(widget(owner.page).locator(".name b")).to_have_text("#walls")
    widget(owner.page).locator(LIVE).wait_for()
    owner.page.get_by_label("Night").first.check()
    code = owner.page.get_by_label("The code to paste")
    expect(code).to_have_value(re.compile(r'theme="dark"'))
    written = code.input_value()
    reader = people()
    with at(reader, written) as page:
        widget(page).locator(LIVE).wait_for()
        expect(widget(page).locator(".name b")).to_have_text("#walls")
    owner.page.get_by_label("Plain frame").check()
    expect(code).to_have_value(re.compile("^<iframe"))
    with at(reader, code.input_value()) as page:
        page.frame_locator("iframe").locator(LIVE).wait_for()


def test_pages_say_where_their_oembed_is(server: ServerProcess, author: Person) -> None:
    post = author.request.get(f"{server.url}/api/feeds/tag:walls").json()["posts"][0]
    handle = post["author"]["handle"]
    for path, kind in (
        ("/", "rich"),
        ("/tag/walls", "rich"),
        (f"/@{handle}", "rich"),
        (f"/post/{post['id']}", "photo"),
    ):
        page = author.request.get(server.url + path).text()
        found = re.search(r'<link rel="alternate" type="application/json\+oembed"[^>]* href="([^"]+)"', page)
        assert found is not None
        answer = author.request.get(found[1].replace("&amp;", "&"))
        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        about = answer.json()
        assert (about["version"], about["type"]) == ("1.0", kind)
        if kind == "photo":
            assert author.request.get(about["url"]).headers["content-type"] == "image/webp"
            assert (about["author_name"], about["width"], about["height"]) == (handle, 320, 240)
    for url, status in (("https://elsewhere.example/", 404), (f"{server.url}/post/nothing", 404), ("http://[", 404)):
        assert author.request.get(f"{server.url}/oembed", params={"url": url}).status == status
    xml = author.request.get(f"{server.url}/oembed", params={"url": server.url, "format": "xml"})
    assert (xml.status, xml.json()["code"]) == (501, "unknown_format")
    small = {"url": f"{server.url}/post/{post['id']}", "maxwidth": 100, "maxheight": 60}
    photo = author.request.get(f"{server.url}/oembed", params=small).json()
    assert (photo["width"], photo["height"]) == (80, 60)
