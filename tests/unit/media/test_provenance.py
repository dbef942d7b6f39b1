"""What a picture's file says of where it comes from: written of our own, cut down of others'."""

from __future__ import annotations

import io
import re
import struct
import tracemalloc
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from livefeed.making import DigitalSource, Making, digital_source_uri
from livefeed.media import Bounds, exif, xmp
from livefeed.media.decode import decode_file
from livefeed.media.provenance import MAX_SAID, Metadata, of_making, of_upload, said
from livefeed.media.variants import original_webp, read_metadata, variant_webp
from tests.unit.media.files import encoded, gradient, png_chunk, png_with

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
MAKING = Making(
    id="0" * 22, source=DigitalSource.TRAINED, generator="engine", title="Engine 3", created_ms=1_795_000_000_123,
    prompt="a fox & <its> “den”", parents=("1" * 22,),
)  # fmt: skip

LEICA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Some Tool">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:drone="http://www.dji.com/drone-dji/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"
    exif:GPSLatitude="52,31.2N" exif:GPSLongitude="13,24.5E" exif:FNumber="28/10" tiff:Orientation="6"
    photoshop:City="Berlin" photoshop:Credit="The Agency" drone:GimbalYaw="+12.0" drone:RelativeAltitude="+88.4"
    drone:GpsLatitude="52.5200" geo:lat="52.52" >
   <dc:creator><rdf:Seq><rdf:li>Ann Example</rdf:li><rdf:li>Bo Example</rdf:li></rdf:Seq></dc:creator>
   <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ann</rdf:li></rdf:Alt></dc:rights>
   <Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture</Iptc4xmpExt:DigitalSourceType>
   <Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li rdf:parseType="Resource">
     <Iptc4xmpExt:City>Potsdam</Iptc4xmpExt:City><exif:GPSLatitude>52,24.0N</exif:GPSLatitude>
     <Iptc4xmpExt:LocationId><rdf:Bag><rdf:li>geo:52.4,13.06</rdf:li></rdf:Bag></Iptc4xmpExt:LocationId>
   </rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>
   <Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li exif:GPSLatitude="52,31.2N" exif:GPSLongitude="13,24.5E"/></rdf:Bag>
   </Iptc4xmpExt:LocationCreated>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()


def packet_of(inside: str) -> bytes:
    """A packet with some properties in it, each with the prefix `dc` or `o`."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:o="http://o.example/">'
        f"{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def properties(packet: bytes) -> dict[str, Any]:
    """Return a packet's properties as another parser reads them: texts, lists, or elements."""
    (described,) = ElementTree.fromstring(packet.decode().strip("\ufeff")).iter(xmp.tag("rdf:Description"))
    names = {f"{{{uri}}}": f"{prefix}:" for prefix, uri in xmp.NAMESPACES.items()}
    found = {}
    for element in described:
        name = re.sub(r"^\{.*\}", lambda match: names.get(match[0], match[0]), element.tag)
        found[name] = element.text if len(element) == 0 else [item.text for item in element.iter(xmp.tag("rdf:li"))]
    return found


def shot(order: str = "<", **more: Any) -> bytes:
    """An EXIF block as a camera writes it, with a position, a thumbnail, a maker's note and an orientation."""
    block = Image.Exif()
    block.endian = order
    block[0x010E], block[0x010F], block[0x0110], block[0x0112], block[0x013B] = "At home", "Leica", "M3", 6, "Ann"
    block[0x8769] = {0x829A: (1, 50), 0x9003: "2026:05:01 10:00:00", 0x927C: b"secret" * 40, 0xA002: 64, 0xA001: 65535}
    block[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 30.0)}
    for tag, value in more.items():
        block[int(tag[1:], 16)] = value
    return block.tobytes()


def read(block: bytes) -> tuple[dict[int, Any], dict[int, Any]]:
    """Return the two directories of a block as Pillow reads them."""
    found = Image.Exif()
    found.load(block)
    return dict(found), dict(found.get_ifd(0x8769))


def test_a_generated_picture_says_what_made_it_from_which_words_and_pictures():
    metadata = of_making(MAKING)
    assert properties(metadata.xmp) == {
        "Iptc4xmpExt:DigitalSourceType": TRAINED,
        "Iptc4xmpExt:AISystemUsed": "Engine 3",
        "Iptc4xmpExt:AIPromptInformation": "a fox & <its> “den”",
        "xmp:CreatorTool": "livefeed (engine)",
        "xmp:CreateDate": "2026-11-18T11:06:40Z",
        "xmpMM:DocumentID": "livefeed:post:" + "0" * 22,
        "xmpMM:Ingredients": [None],
    }
    (parent,) = ElementTree.fromstring(metadata.xmp.decode().strip("\ufeff")).iter(xmp.tag("stRef:documentID"))
    assert parent.text == "livefeed:post:" + "1" * 22
    assert metadata.exif == b""


def test_rules_that_learned_from_nobody_are_called_so_and_no_prompt_is_no_property():
    plain = Making(id="0" * 22, source=DigitalSource.ALGORITHMIC, generator="i", title="I", created_ms=0)
    found = properties(of_making(plain).xmp)
    assert found["Iptc4xmpExt:DigitalSourceType"].endswith("/algorithmicMedia")
    assert not {"Iptc4xmpExt:AIPromptInformation", "xmpMM:Ingredients"} & found.keys()


def test_every_file_of_a_picture_carries_the_same():
    metadata = Metadata(of_making(MAKING).xmp, exif.cleaned(shot()))
    stored = original_webp(gradient(600, 300), metadata)
    files = [stored, *(variant_webp(gradient(600, 300), width, metadata) for width in (256, 512, 1024))]
    for file in files:
        image = Image.open(io.BytesIO(file))
        image.load()
        assert image.info["xmp"] == metadata.xmp
        assert image.getexif()[0x010F] == "Leica"
        assert read_metadata(file) == metadata


def test_a_prompt_of_any_characters_makes_xml_that_can_be_read():
    prompt = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x10000, 7), 0xFFFE, 0xFFFF, 0x1F98A]))[:3000] + "]]>🦊"
    odd = Making(id="0", source=DigitalSource.TRAINED, generator="e", title="<&>\0", created_ms=0, prompt=prompt)
    found = properties(of_making(odd).xmp)
    assert found["Iptc4xmpExt:AIPromptInformation"].endswith("]]>🦊")
    assert found["Iptc4xmpExt:AISystemUsed"] == "<&>"


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "PNG"])
def test_an_upload_keeps_what_it_came_with_minus_where_it_was_taken(format):
    options = {"pnginfo": xmp_chunk(LEICA)} if format == "PNG" else {"xmp": LEICA}
    image, metadata = decode_file(encoded(gradient(), format, exif=shot(), **options), Bounds())
    assert image.size == (48, 64), "the orientation is applied"
    assert properties(metadata.xmp) == {
        "exif:FNumber": "28/10",
        "photoshop:City": "Berlin",
        "photoshop:Credit": "The Agency",
        "{http://www.dji.com/drone-dji/1.0/}GimbalYaw": "+12.0",
        "dc:creator": ["Ann Example", "Bo Example"],
        "dc:rights": ["© Ann"],
        "Iptc4xmpExt:DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
        "Iptc4xmpExt:LocationShown": ["\n     "],
    }
    assert b"Potsdam" in metadata.xmp
    for trace in (b"GPS", b"52,", b"13.06", b"geo:", b"Gps", b"88.4", b"Orientation"):
        assert trace not in metadata.xmp, trace
    picture, taken = read(metadata.exif)
    assert picture.keys() == {0x010E, 0x010F, 0x0110, 0x013B, 0x8769}
    assert taken == {0x829A: (1, 50), 0x9003: "2026:05:01 10:00:00"}


def xmp_chunk(packet: bytes) -> Any:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet.decode())
    return info


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_block_of_either_byte_order_stays_byte_for_byte_what_it_was(order):
    kept = exif.cleaned(shot(order))
    assert kept[:2] == {"<": b"II", ">": b"MM"}[order]
    assert read(kept)[1][0x9003] == "2026:05:01 10:00:00"
    assert exif.cleaned(kept) == kept


def test_the_thumbnail_goes():
    thumbnail = encoded(Image.new("RGB", (40, 30), "red"), "JPEG")
    block = bytearray(b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x0f\x01\x02\0\x04\0\0\0Cam\0" + (26).to_bytes(4, "little"))
    block += b"\x02\0" + b"\x01\x02\x04\0\x01\0\0\0" + (26 + 30).to_bytes(4, "little")
    block += b"\x02\x02\x04\0\x01\0\0\0" + len(thumbnail).to_bytes(4, "little") + bytes(4) + thumbnail
    kept = exif.cleaned(bytes(block))
    assert read(kept)[0] == {0x010F: "Cam"}
    assert thumbnail[:20] not in kept
    assert len(kept) < 40


def test_texts_of_a_camera_stay_in_the_bytes_they_were_written_in():
    block = (
        b"II*\0\x08\0\0\0\x01\0"
        + b"\x3b\x01\x02\0\x07\0\0\0"
        + (26).to_bytes(4, "little")
        + bytes(4)
        + "Zoë B".encode()
    )
    kept = exif.cleaned(block + b"\0")
    assert "Zoë B".encode() in kept
    assert said(Metadata(exif=kept)) == {"creators": ["Zoë B"]}


def test_a_block_that_is_too_long_loses_its_longest_values():
    kept = exif.cleaned(shot(x010E="x" * 60_000))
    assert len(kept) <= exif.MAX_BYTES
    assert read(kept)[0].keys() == {0x010F, 0x0110, 0x013B, 0x8769}
    assert exif.cleaned(shot(x010E="x" * exif.MAX_READ_BYTES)) == b""


def test_values_that_share_their_bytes_do_not_multiply_them():
    """10,000 texts of 100,000 bytes each, all the same ones, would be a gigabyte."""
    entries = b"".join(struct.pack("<HHII", tag, 2, 100_000, 30) for tag in range(0x9000, 0x9000 + 10_000))
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 10_000) + entries + bytes(4)
    tracemalloc.start()
    try:
        exif.cleaned(block)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * len(block)


def test_a_packet_that_is_too_long_loses_its_longest_properties():
    names = "".join(f"<o:name{number}>{'v' * number}</o:name{number}>" for number in range(400))
    kept = of_upload(packet_of(f"<dc:source>here</dc:source>{names}<o:film>{'x' * 90_000}</o:film>"), None).xmp
    assert 0 < len(kept) <= xmp.MAX_BYTES
    found = properties(kept)
    assert found["dc:source"] == "here"
    assert "{http://o.example/}film" not in found
    assert 100 < len(found) < 300
    assert of_upload(packet_of(f"<o:film>{'x' * xmp.MAX_READ_BYTES}</o:film>"), None) == Metadata()


BOMB = "<!DOCTYPE b [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "packet",
    [
        b"<x:xmpmeta",
        b"\xff\xfe<\0x\0>\0",
        BOMB.encode() + b"]>" + packet_of("<dc:source>&i;</dc:source>"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + packet_of("<dc:source>x</dc:source>"),
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + packet_of("<dc:source>&e;</dc:source>"),
        packet_of("<o:a>" * 40 + "x" + "</o:a>" * 40),
        packet_of("<o:a/>" * (xmp.MAX_ELEMENTS + 1)),
        packet_of("<dc:source>&nbsp;</dc:source>"),
        packet_of("<dc:source>x</dc:source>").replace(b"x</", b"\xff</"),
        b"",
    ],
    ids=["cut off", "UTF-16", "bomb", "system", "file", "deep", "many", "undefined entity", "no UTF-8", "empty"],
)
def test_a_packet_that_is_none_or_means_harm_is_dropped_and_the_picture_is_taken(packet):
    assert of_upload(packet, None) == Metadata()
    image, metadata = decode_file(encoded(gradient(), "WEBP", xmp=packet, exif=b"II*\0nonsense"), Bounds())
    assert metadata == Metadata()
    assert image.size == gradient().size


def test_a_packet_is_read_whatever_its_wrapping():
    plain = packet_of("<dc:source>here</dc:source>")
    bare = plain.removeprefix(b'<x:xmpmeta xmlns:x="adobe:ns:meta/">').removesuffix(b"</x:xmpmeta>")
    for packet in (plain, bare, b"\xef\xbb\xbf" + plain + b"\n" * 2000 + b"\0", b"<?xml version='1.0'?>" + plain):
        assert properties(of_upload(packet, None).xmp) == {"dc:source": "here"}


def test_what_is_kept_of_a_packet_is_kept_of_it_again():
    once = of_upload(LEICA, shot())
    again = of_upload(once.xmp, once.exif)
    assert properties(again.xmp) == properties(once.xmp)
    assert again.exif == once.exif


@pytest.mark.parametrize(
    "value", ["geo:52.4,13.06", "52.5200, 13.4050", "52.52;13.40", "+52.5200+013.4050/", "-33.86 151.21"]
)
def test_coordinates_go_by_their_look_too(value):
    assert of_upload(packet_of(f"<o:where>{value}</o:where><o:place>Berlin</o:place>"), None).xmp.count(b"Berlin") == 1
    assert value.encode() not in of_upload(packet_of(f"<o:where>{value}</o:where><dc:source>s</dc:source>"), None).xmp


@pytest.mark.parametrize("value", ["2026-05-01T10:00:00+02:00", "28/10", "1.5", "0, 0", "24/1 70/1 28/10 28/10"])
def test_dates_and_numbers_are_no_coordinates(value):
    assert value.encode() in of_upload(packet_of(f"<o:what>{value}</o:what>"), None).xmp


def test_what_follows_the_picture_and_its_thumbnails_is_not_spoken_of():
    camera = 'xmlns:G="http://ns.google.com/photos/1.0/camera/"'
    kept = of_upload(packet_of(f"<G:MicroVideoOffset {camera}>9</G:MicroVideoOffset><dc:source>s</dc:source>"), None)
    assert properties(kept.xmp) == {"dc:source": "s"}


def test_a_file_is_asked_what_it_says_of_its_origin():
    metadata = of_upload(LEICA, shot())
    assert said(metadata) == {
        "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
        "camera": "Leica M3",
        "creators": ["Ann Example", "Bo Example"],
        "credit": "The Agency",
        "rights": "© Ann",
    }
    assert said(of_making(MAKING)) == {
        "digital_source_type": TRAINED,
        "system": "Engine 3",
        "prompt": "a fox & <its> “den”",
        "tool": "livefeed (engine)",
    }
    assert said(Metadata()) is None
    assert said(of_upload(packet_of("<o:x>1</o:x>"), None)) is None


def test_what_a_file_says_at_length_is_cut_off():
    text = f"<dc:rights>{'r' * 9_000}</dc:rights>"
    assert said(of_upload(packet_of(text), None)) == {"rights": "r" * MAX_SAID}


@pytest.mark.parametrize(
    ("text", "term"),
    [
        (TRAINED, "trainedAlgorithmicMedia"),
        (TRAINED.replace("http:", "https:"), "trainedAlgorithmicMedia"),
        ("digsrctype:digitalCapture", "digitalCapture"),
        ("http://evil.example/newscodes/digitalsourcetype/digitalCapture", None),
        (TRAINED + "?x", None),
        ("a photograph", None),
    ],
)
def test_only_a_term_of_the_vocabulary_is_a_source(text, term):
    found = digital_source_uri(text)
    assert found == (None if term is None else TRAINED.rpartition("/")[0] + "/" + term)


@settings(max_examples=200, deadline=None)
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12))
def test_damaged_metadata_is_kept_in_part_or_dropped_and_never_raises(changes):
    packet, block = bytearray(LEICA), bytearray(shot())
    for place, value in changes:
        packet[int(place * len(packet))] = value
        block[int(place * len(block))] = value
    kept = of_upload(bytes(packet), bytes(block))
    assert len(kept.xmp) <= xmp.MAX_BYTES
    assert len(kept.exif) <= exif.MAX_BYTES
    said(kept)
    if kept.xmp:
        properties(kept.xmp)
    assert exif.cleaned(kept.exif) == kept.exif


def test_damaged_metadata_in_a_png_is_no_reason_to_refuse_it():
    image, metadata = decode_file(png_with(png_chunk(b"eXIf", b"MM\0*\xff\xff\xff\xff")), Bounds())
    assert metadata == Metadata()
    assert image.size == (8, 8)
