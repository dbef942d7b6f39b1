"""Where a picture comes from, inside its file. Pure.

A generated picture says what made it; an upload keeps what it came with, minus where it was taken.
Sources: IPTC Photo Metadata Standard 2025.1 (Digital Source Type, AI System Used, AI Prompt Information); XMP
Specification Part 2, "XMP Media Management namespace" (Ingredients).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement

from livefeed.making import Making, digital_source_uri
from livefeed.media import exif, xmp

TOOL: Final = "livefeed"
MAX_SAID: Final = 2000
"""Characters of one text that a file says of itself, as it is passed on."""
MAX_NAMES: Final = 20


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file carries besides its pixels; b"" for nothing. It may be written as it is."""

    xmp: bytes = b""
    exif: bytes = b""


def of_making(making: Making) -> Metadata:
    """Return what a generated picture's files carry."""
    created = datetime.fromtimestamp(making.created_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    texts = {
        "Iptc4xmpExt:DigitalSourceType": making.source.uri,
        "Iptc4xmpExt:AISystemUsed": making.title,
        "Iptc4xmpExt:AIPromptInformation": making.prompt,
        "xmp:CreatorTool": f"{TOOL} ({making.generator})",
        "xmp:CreateDate": created,
        "xmpMM:DocumentID": document_id(making.id),
    }
    found = [xmp.text_property(xmp.tag(name), text) for name, text in texts.items() if text]
    if making.parents:
        found.append(_ingredients(making.parents))
    return Metadata(xmp.write_packet(found))


def document_id(post: str) -> str:
    """Return what files call a post."""
    return f"{TOOL}:post:{post}"


def _ingredients(parents: tuple[str, ...]) -> Element:
    ingredients = Element(xmp.tag("xmpMM:Ingredients"))
    bag = SubElement(ingredients, xmp.tag("rdf:Bag"))
    for parent in parents:
        item = SubElement(bag, xmp.tag("rdf:li"), {xmp.tag("rdf:parseType"): "Resource"})
        item.append(xmp.text_property(xmp.tag("stRef:documentID"), document_id(parent)))
    return ingredients


def of_upload(packet: object, block: object) -> Metadata:
    """Return what an upload may keep of its XMP packet and its EXIF block, as a decoder gives them: bytes, or not.

    What cannot be read is not kept.
    """
    kept = b""
    if isinstance(packet, bytes) and packet:
        try:
            kept = xmp.write_packet(xmp.without_places(xmp.read_packet(packet)))
        except xmp.BadPacket:
            kept = b""
    return Metadata(kept, exif.cleaned(block) if isinstance(block, bytes) else b"")


def said(metadata: Metadata) -> dict[str, Any] | None:
    """Return what a file says of its origin, whether true or not, or None where it says nothing.

    `{digital_source_type?, system?, prompt?, tool?, camera?, creators?, credit?, rights?}`: texts, creators a list.
    """
    try:
        properties = xmp.read_packet(metadata.xmp) if metadata.xmp else []
    except xmp.BadPacket:
        properties = []
    shot = exif.texts(metadata.exif) if metadata.exif else {}

    def first(name: str) -> str | None:
        return next(iter(xmp.values(properties, name)), None)

    found = {
        "digital_source_type": _source_of(first("Iptc4xmpExt:DigitalSourceType")),
        "system": first("Iptc4xmpExt:AISystemUsed"),
        "prompt": first("Iptc4xmpExt:AIPromptInformation"),
        "tool": first("xmp:CreatorTool") or shot.get("software"),
        "camera": " ".join(shot[name] for name in ("make", "model") if name in shot),
        "credit": first("photoshop:Credit"),
        "rights": first("dc:rights") or shot.get("copyright"),
    }
    told: dict[str, Any] = {name: text[:MAX_SAID] for name, text in found.items() if text}
    creators = xmp.values(properties, "dc:creator")
    if not creators and "artist" in shot:
        creators = [shot["artist"]]
    if creators:
        told["creators"] = [name[:MAX_SAID] for name in creators[:MAX_NAMES]]
    return told or None


def _source_of(text: str | None) -> str | None:
    """Return the IPTC term's address, or None for what is no term of theirs."""
    return None if text is None else digital_source_uri(text)
