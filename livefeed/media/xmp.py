"""XMP packets: read strictly, cut down, written plainly. Pure. Source: ISO 16684-1, "XMP data model, serialization".

A packet here is a list of properties, each an element; what a packet wrote as an attribute is an element too.
Packets come from strangers: one with a document type, hence any with entities, is not read, nor one that is
too large, too deep or no UTF-8.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, register_namespace, tostring
from xml.parsers import expat

MAX_READ_BYTES: Final = 256 * 1024
MAX_BYTES: Final = 16 * 1024
"""Of a written packet: every width of a picture carries it."""
MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 10_000

NAMESPACES: Final = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "stRef": "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "exifEX": "http://cipa.jp/exif/1.0/",
    "aux": "http://ns.adobe.com/exif/1.0/aux/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
for _prefix, _uri in NAMESPACES.items():
    register_namespace(_prefix, _uri)


def tag(name: str) -> str:
    """Return `prefix:local` as elements spell it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


_PLACE_NAME = re.compile(r"gps|latitude|longitude|altitude|coordinates|geohash|geotag", re.IGNORECASE)
_DEGREES = r"[+-]?\d{1,3}\.\d{2,}"
_PLACE_VALUE = re.compile(rf"geo:.*|{_DEGREES}\s*[,; ]\s*{_DEGREES}|[+-]\d{{2,6}}(\.\d+)?[+-]\d{{3,7}}(\.\d+)?.*")
_PLACE_NAMESPACES = ("http://www.w3.org/2003/01/geo/", "http://www.georss.org/", "http://www.opengis.net/")
_OF_OTHER_BYTES = (
    "http://ns.google.com/photos/1.0/camera/",
    "http://ns.google.com/photos/1.0/container/",
    "http://ns.google.com/photos/1.0/depthmap/",
    "http://ns.google.com/photos/1.0/image/",
    "http://ns.adobe.com/hdr-gain-map/",
)
"""They describe films, depths and second pictures behind the picture, which are not kept."""
_OUTDATED = {
    tag(name)
    for name in (
        *("tiff:Orientation", "tiff:ImageWidth", "tiff:ImageLength", "exif:PixelXDimension", "exif:PixelYDimension"),
        *("exif:ColorSpace", "exif:MakerNote", "photoshop:ICCProfile", "xmp:Thumbnails", "xmpNote:HasExtendedXMP"),
    )
}
"""True of the file that came, not of the upright, reduced, sRGB picture that is kept."""
_LI, _RESOURCE, _LANG = tag("rdf:li"), tag("rdf:resource"), "{http://www.w3.org/XML/1998/namespace}lang"
_LISTS = {tag("rdf:Alt"), tag("rdf:Bag"), tag("rdf:Seq")}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadPacket(Exception):
    """The packet is not read: it is broken, or more than a packet may be."""


def read_packet(packet: bytes) -> list[Element]:
    """Return the properties of a packet. Raises: BadPacket."""
    if len(packet) > MAX_READ_BYTES:
        raise BadPacket("too large")
    root = _parse(packet)
    rdf = root if root.tag == tag("rdf:RDF") else root.find(f".//{tag('rdf:RDF')}")
    found: list[Element] = []
    for described in [] if rdf is None else rdf:
        for name, value in described.attrib.items():
            if not name.startswith((f"{{{NAMESPACES['rdf']}}}", "{http://www.w3.org/XML/")):
                found.append(text_property(name, value))
        found.extend(described)
    return found


def _parse(packet: bytes) -> Element:
    try:
        text = packet.decode().strip("\ufeff\0 \t\r\n").encode()
    except UnicodeDecodeError as exc:
        raise BadPacket("no UTF-8") from exc
    builder = TreeBuilder()
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise BadPacket("too deep, or too many elements")
        builder.start(_spelled(name), {_spelled(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_spelled(name))

    def refuse_doctype(*_: object) -> None:
        raise BadPacket("a document type")

    parser = expat.ParserCreate("utf-8", "}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as exc:
        raise BadPacket(str(exc)) from exc
    return builder.close()


def _spelled(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def write_packet(properties: Iterable[Element]) -> bytes:
    """Return the packet of these properties, b"" of none.

    Where it would be longer than MAX_BYTES, the longest properties are left out.
    """
    ranked = sorted(properties, key=lambda one: len(tostring(one)))
    fitting = bisect_right(range(len(ranked) + 1), MAX_BYTES, key=lambda count: len(_written(ranked[:count]))) - 1
    return _written(ranked[:fitting]) if fitting > 0 else b""


def _written(properties: Iterable[Element]) -> bytes:
    root = Element(tag("x:xmpmeta"))
    described = SubElement(SubElement(root, tag("rdf:RDF")), tag("rdf:Description"), {tag("rdf:about"): ""})
    described.extend(properties)
    begin, end = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>', '<?xpacket end="r"?>'
    return (begin + tostring(root, encoding="unicode") + end).encode()


def without_places(properties: Iterable[Element]) -> list[Element]:
    """Return the properties without coordinates, at any depth, and without what is untrue of the picture that is kept.

    Names of places stay: people wrote them, and chose to.
    """
    pruned = (_pruned(one) for one in properties)
    return [one for one in pruned if one is not None]


def _pruned(element: Element) -> Element | None:
    """Return an element without what is to go, or None when nothing of it is left."""
    if _goes(element.tag, element.text):
        return None
    attributes = {name: value for name, value in element.attrib.items() if not _goes(name, value)}
    kept = Element(element.tag, attributes)
    kept.text = element.text
    kept.extend(child for child in map(_pruned, element) if child is not None)
    had = len(element) or element.attrib
    has = len(kept) or attributes.keys() - {tag("rdf:parseType"), _LANG} or (kept.text or "").strip()
    return kept if has or not had else None


def _goes(name: str, value: str | None) -> bool:
    uri, _, local = name.removeprefix("{").rpartition("}")
    return (
        name in _OUTDATED
        or _PLACE_NAME.search(local) is not None
        or uri.startswith(_PLACE_NAMESPACES + _OF_OTHER_BYTES)
        or _PLACE_VALUE.fullmatch((value or "").strip()) is not None
    )


def text_property(name: str, value: str) -> Element:
    """Return a property that is a text; characters that XML cannot carry are left out."""
    made = Element(name)
    made.text = _NO_XML.sub("", value)
    return made


def values(properties: Iterable[Element], name: str) -> list[str]:
    """Return the texts of a property, `prefix:local`: one, those of a list, or none."""
    for one in properties:
        if one.tag == tag(name):
            items = [item for group in one if group.tag in _LISTS for item in group if item.tag == _LI]
            texts = [item.text or item.get(_RESOURCE) or "" for item in items or [one]]
            return [text.strip() for text in texts if text.strip()]
    return []
