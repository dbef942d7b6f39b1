"""The app's one page as it was built, put together for an address and a reader. [pure but for reading the files]

What a reader is shown first must wait for as little as can be: the page comes with the words that it says first, in the
reader's language, and names what it will ask for, so that this travels beside its program. Nothing in it is about who
asks, but for the language. Source: docs/architecture.md, "The first picture waits for nothing but itself".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import orjson

from livefeed.api.heads import Head, elements, title_element
from livefeed.api.languages import RIGHT_TO_LEFT, USUAL
from livefeed.api.sentences import Sentences

_ROOT = re.compile(r"<html[^>]*>")
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_DESCRIPTION = re.compile(r'<meta\s+name="description"[^>]*>\s*', re.DOTALL)
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Front:
    """The built page. sentences, words: by language; words: what the page says first, as an element that holds JSON."""

    index: str
    sentences: Mapping[str, Sentences]
    words: Mapping[str, str]

    def page(self, head: Head, base: str, language: str, ahead: Sequence[str] = ()) -> bytes:
        """Return the page with what its address says put in.

        base: our own address as others see it, without a slash at the end; "" leaves out all that needs one. language:
        one of `sentences`. ahead: paths that the page will ask for first.
        """
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        scripts = self.sentences[language]("scripts")
        said = elements(head, base) + "".join(
            f'<link rel="preload" as="fetch" crossorigin href="{escape(path)}" />' for path in ahead
        )
        # Functions, not templates: what people write may hold backslashes.
        page = _ROOT.sub(f'<html lang="{language}" dir="{direction}">', self.index, count=1)
        page = _TITLE.sub(lambda _: title_element(head), page, count=1)
        page = _DESCRIPTION.sub("", page, count=1)
        page = page.replace("</head>", f"{said}</head>", 1)
        page = _NOSCRIPT.sub(lambda _: f"<noscript>{head.body}<p>{escape(scripts)}</p></noscript>", page, count=1)
        return page.replace("</body>", f"{self.words[language]}</body>", 1).encode()


def read(folder: Path) -> Front | None:
    """Return the page that was built into a folder; None where none was."""
    index = folder / "index.html"
    built = {path.stem: orjson.loads(path.read_bytes()) for path in sorted((folder / "words").glob("*.json"))}
    if USUAL not in built or not index.is_file():
        return None
    return Front(
        index.read_text("utf-8"),
        {language: Sentences(language, said["head"]) for language, said in built.items()},
        {language: _data("words", said["page"]) for language, said in built.items()},
    )


def _data(name: str, value: object) -> str:
    """Return an element that holds a value for the page's program. No policy forbids it: it is not run."""
    # `<` alone could end the element.
    text = orjson.dumps(value).decode().replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'
