"""In which content coding an answer goes out. Source: RFC 9110, 12.5.3."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

WHILE_SENT = ("deflate", "gzip")
"""What an answer can be compressed with when it goes out."""
BESIDE = ("br", "gzip")
"""What the build has written beside a file."""
_CODING = re.compile(r"(?:x-)?([a-z0-9-]+|\*)(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")
LONGEST = 1_000
"""Characters of a header that are looked at."""


def codings_of(accepted: str, offered: Sequence[str]) -> tuple[str, ...]:
    """Return those of the offered codings that somebody takes, the most welcome first; equal ones as they are offered.

    accepted: an Accept-Encoding header. Whoever would rather have it as it is gets none.
    """
    weights: dict[str, float] = {}
    for text in accepted[:LONGEST].lower().split(","):
        if (parsed := _CODING.fullmatch(text.strip())) is not None:
            weights[parsed[1]] = float(parsed[2] or 1)
    least = weights.get("identity", 0.0)
    wanted = [(weights.get(name, weights.get("*", 0.0)), name) for name in offered]
    taken = [(weight, name) for weight, name in wanted if weight > 0 and weight >= least]
    return tuple(name for _, name in sorted(taken, key=lambda one: -one[0]))


def squeezed(request: web.BaseRequest, response: web.Response) -> web.Response:
    """Return the response, to be sent compressed if whoever asks takes that."""
    for coding in codings_of(_accepted(request), WHILE_SENT)[:1]:
        response.enable_compression(web.ContentCoding(coding))
    return response


class File(web.FileResponse):
    """A file, or what lies beside it in a coding that is taken; each has an ETag of its own."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        # aiohttp looks for the names in the header, and sends what is refused there as well.
        headers = request.headers.copy()
        headers["Accept-Encoding"] = ", ".join(codings_of(_accepted(request), BESIDE))
        return await super().prepare(request.clone(headers=headers))


def _accepted(request: web.BaseRequest) -> str:
    return ",".join(request.headers.getall("Accept-Encoding", ()))
