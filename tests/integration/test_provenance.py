"""A real server and worker: what is painted says so in every file, what is uploaded keeps all but its place."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from typing import Any
from xml.etree import ElementTree

import aiohttp
import pytest
from PIL import Image

from livefeed.client import Completed, connect
from livefeed.media import WIDTHS
from tests.conformance.peers import Caller, Http, Server

ALGORITHMIC = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
CAPTURED = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
EXTENSION = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
REFERENCE = "{http://ns.adobe.com/xap/1.0/sType/ResourceRef#}documentID"
PROMPT = "a red fox & an owl in the snow"
PACKET = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2N"
 exif:GPSLongitude="13,24.5E" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="The Agency"
 Iptc4xmpExt:DigitalSourceType="{CAPTURED}"/></rdf:RDF></x:xmpmeta>""".encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"LIVEFEED_WORKERS": "1", "LIVEFEED_DRAIN_S": "0.2"}
    with Server(tmp_path_factory.mktemp("data"), settings) as running:
        yield running


@pytest.fixture
async def http(server: Server) -> AsyncIterator[Http]:
    async with Http(server.url) as plain:
        yield plain


async def painted(server: Server, author: Caller, prompt: str = PROMPT, **options: Any) -> Completed:
    """Have the real illustrator paint a small picture."""
    async with connect(server.url, token=author.token) as feed:
        steps = [step async for step in feed.generate(prompt, width=256, height=256, steps=4, **options)]
    assert isinstance(steps[-1], Completed)
    return steps[-1]


async def files(http: Http, sha256: str) -> list[Image.Image]:
    """Download every width of a picture."""
    found = []
    for width in WIDTHS:
        answer = await http.ask("GET", f"/media/{sha256}/{width}.webp")
        assert answer.status == 200
        image = Image.open(io.BytesIO(answer.raw))
        image.load()
        found.append(image)
    return found


def texts(image: Image.Image) -> dict[str, str]:
    """Return the texts of the XMP packet that Pillow finds in a file, by the full names of their properties."""
    packet = image.info["xmp"].decode().strip("\ufeff")
    return {element.tag: element.text for element in ElementTree.fromstring(packet).iter() if element.text}


async def provenance(http: Http, post: str) -> dict[str, Any]:
    answer = await http.ask("GET", f"/api/posts/{post}/provenance")
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.body["provenance"]
    return found


async def test_a_painted_picture_says_so_in_every_width(server: Server, http: Http):
    author = await http.guest()
    parent = (await painted(server, author)).post
    child = (await painted(server, author, "an owl by the sea", parent=parent["id"])).post
    for post, prompt, parents in ((parent, PROMPT, []), (child, "an owl by the sea", [parent["id"]])):
        for image in await files(http, post["media"]["sha256"]):
            said = texts(image)
            assert said[f"{EXTENSION}DigitalSourceType"] == ALGORITHMIC
            assert said[f"{EXTENSION}AISystemUsed"] == "built-in illustrator"
            assert said[f"{EXTENSION}AIPromptInformation"] == prompt
            assert [said[name] for name in said if name == REFERENCE] == [f"livefeed:post:{id}" for id in parents]
        assert await provenance(http, post["id"]) == {
            "id": post["id"],
            "digital_source_type": ALGORITHMIC,
            "generator": {"name": "illustrator", "title": "built-in illustrator"},
            "prompt": prompt,
            "parents": [{"id": id} for id in parents],
            "created": post["created"],
            "file": None,
        }
    assert (await http.ask("DELETE", f"/api/posts/{parent['id']}", token=author.token)).status == 204
    assert (await provenance(http, child["id"]))["parents"] == [{"id": parent["id"], "deleted": True}]
    assert (await http.ask("GET", f"/api/posts/{parent['id']}/provenance")).code == "not_found"


async def test_the_prompt_of_a_picture_kept_private_is_in_none_of_its_files(server: Server, http: Http):
    made = await painted(server, await http.guest(), "a secret fox", publish=False)
    assert made.post is None
    for image in await files(http, made.media["sha256"]):
        assert texts(image)[f"{EXTENSION}DigitalSourceType"] == ALGORITHMIC
        assert b"secret" not in image.info["xmp"]


def photograph() -> bytes:
    """A JPEG as a camera's owner exports it: lying on its side, with a position, a credit and a thumbnail's worth."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x013B] = "Leica", "M3", 6, "Ann Example"
    exif[0x8769] = {0x9003: "2026:05:01 10:00:00", 0x927C: b"secret" * 9}
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 30.0), 29: "2026:05:01"}
    out = io.BytesIO()
    Image.linear_gradient("L").resize((600, 400)).convert("RGB").save(out, "JPEG", exif=exif, xmp=PACKET)
    return out.getvalue()


async def upload(http: Http, author: Caller, picture: bytes) -> dict[str, Any]:
    form = aiohttp.FormData()
    form.add_field("caption", "Spring")
    form.add_field("image", picture, filename="a.jpg", content_type="image/jpeg")
    answer = await http.ask("POST", "/api/posts", data=form, token=author.token)
    assert answer.status == 201, answer
    post: dict[str, Any] = answer.body["post"]
    return post


async def test_an_upload_loses_its_place_and_keeps_the_rest(http: Http):
    picture = photograph()
    before = Image.open(io.BytesIO(picture))
    assert before.getexif().get_ifd(0x8825)
    assert b"GPSLatitude" in before.info["xmp"]
    post = await upload(http, await http.guest(), picture)
    assert (post["media"]["width"], post["media"]["height"]) == (400, 600)
    for image in await files(http, post["media"]["sha256"]):
        exif = image.getexif()
        assert not exif.get_ifd(0x8825)
        assert {tag: exif[tag] for tag in exif if tag != 0x8769} == {
            0x010F: "Leica",
            0x0110: "M3",
            0x013B: "Ann Example",
        }
        assert exif.get_ifd(0x8769) == {0x9003: "2026:05:01 10:00:00"}
        assert b"GPS" not in image.info["xmp"]
        assert texts(image) == {
            "{http://ns.adobe.com/photoshop/1.0/}Credit": "The Agency",
            f"{EXTENSION}DigitalSourceType": CAPTURED,
        }
    assert await provenance(http, post["id"]) == {
        "id": post["id"],
        "digital_source_type": CAPTURED,
        "generator": None,
        "prompt": None,
        "parents": [],
        "created": post["created"],
        "file": {
            "digital_source_type": CAPTURED,
            "camera": "Leica M3",
            "creators": ["Ann Example"],
            "credit": "The Agency",
        },
    }


async def test_a_painted_picture_that_is_uploaded_again_speaks_for_itself_alone(server: Server, http: Http):
    author = await http.guest()
    original = (await painted(server, author)).post
    picture = (await http.ask("GET", f"/media/{original['media']['sha256']}/1024.webp")).raw
    found = await provenance(http, (await upload(http, author, picture))["id"])
    assert (found["generator"], found["prompt"]) == (None, None)
    assert found["digital_source_type"] == ALGORITHMIC
    assert found["file"]["prompt"] == PROMPT
