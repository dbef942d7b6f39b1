"""The errors of the client: the server's own by their code, and those that only a client can meet. [pure]"""

from __future__ import annotations

from typing import Any

from livefeed.errors import REFUSALS, BadPosition, BadTopic, Busy, LivefeedError, PeerError, StoreUnavailable


class Unreachable(LivefeedError):
    """The server did not answer. Whether a command took effect is unknown: repeat it with its key."""

    code = "unreachable"
    status = 503


class ProtocolBroken(LivefeedError):
    """The other side said something that protocol v1 does not have; it is probably no livefeed server."""

    code = "protocol_broken"
    status = 502


class GenerationEnded(LivefeedError):
    """A picture did not come to be. stage: where it ended. reason: the server's code, such as 'timeout'."""

    code = "generation_ended"

    def __init__(self, message: str, *, stage: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.stage = stage
        self.reason = reason


class GenerationRefused(GenerationEnded):
    """The prompt was not accepted; another one may be."""

    code = "generation_refused"


class GenerationFailed(GenerationEnded):
    """The generator failed; the same prompt may do later."""

    code = "generation_failed"


class GenerationCancelled(GenerationEnded):
    """Its owner took it back."""

    code = "generation_cancelled"


class GenerationAborted(GenerationEnded):
    """It took longer than the server allows."""

    code = "generation_aborted"


_BY_CODE: dict[str, type[LivefeedError]] = {
    **REFUSALS,
    "bad_topic": BadTopic,
    "bad_position": BadPosition,
    "store_unavailable": StoreUnavailable,
    "busy": Busy,
}
_BY_STATUS: dict[int, type[LivefeedError]] = {error.status: error for error in reversed(_BY_CODE.values())}

TRANSIENT = frozenset({"store_unavailable", "store_refused", "busy"})
"""Codes after which the same command, repeated with its key, may succeed."""


def from_code(code: object, message: object, *, status: int = 0, retry_after_s: object = None) -> LivefeedError:
    """Return the error that a problem, an `error` frame or a close code tells of, under the server's code."""
    code = code if isinstance(code, str) and code else "internal"
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status) or (PeerError if 400 <= status < 500 else LivefeedError)
    text = message if isinstance(message, str) and message else f"The server answered '{code}'."
    wait_s = float(retry_after_s) if isinstance(retry_after_s, int | float) and retry_after_s >= 0 else None
    return kind(text, code=code, retry_after_s=wait_s)


def from_problem(status: int, body: Any) -> LivefeedError:
    """Return the error that an HTTP answer tells of; `body`: its JSON, or None. Source: RFC 9457."""
    problem = body if isinstance(body, dict) else {}
    message = problem.get("detail") or f"The server answered {status}."
    code = problem.get("code") or (
        "busy" if status in (502, 503, 504) else "internal" if status >= 500 else "bad_request"
    )
    return from_code(code, message, status=status, retry_after_s=problem.get("retry_after_s"))
