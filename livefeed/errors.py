"""Every error livefeed raises on purpose, in one small tree.

`code` is stable and meant for programs; `message` is one sentence for a person that says what to do. The table of
all codes is in docs/protocol.md.
"""

from __future__ import annotations

from typing import ClassVar


class LivefeedError(Exception):
    """A failure with a stable `code` and one sentence for a person."""

    code: str = "internal"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, code: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_s = retry_after_s
        if code is not None:
            self.code = code


class ConfigurationError(LivefeedError):
    """The operator's fault: a setting, a folder or a program that is missing or wrong. Nothing was started."""

    code = "configuration"


class StoreUnavailable(LivefeedError):
    """The backbone did not answer in time. Whether the command took effect is unknown: repeat it with its key."""

    code = "store_unavailable"
    status = 503


class PeerError(LivefeedError):
    """The caller's fault. It is told, and nothing was changed."""

    code = "bad_request"
    status = 400


class BadRequest(PeerError):
    """A value is missing, of the wrong type or out of bounds."""


class BadTopic(PeerError):
    """The text is no topic."""

    code = "bad_topic"


class BadPosition(PeerError):
    """The text is no position."""

    code = "bad_position"


class Unauthorised(PeerError):
    """No valid credentials came with a request that needs them."""

    code = "unauthorised"
    status = 401


class Forbidden(PeerError):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403


class NotEnoughVotes(Forbidden):
    """An editor cannot publish a variation of a room yet: too few voted for it."""

    code = "not_enough_votes"


class NotFound(PeerError):
    """It does not exist, or the caller may not know that it does: both answer alike."""

    code = "not_found"
    status = 404


class Conflict(PeerError):
    """The state of the thing does not allow this now."""

    code = "conflict"
    status = 409


class TooLarge(PeerError):
    """More bytes, pixels or entries than the documented limit."""

    code = "too_large"
    status = 413


class BadPicture(PeerError):
    """The bytes are no picture that livefeed takes."""

    code = "bad_picture"
    status = 422


class KeyReused(PeerError):
    """The idempotency key was used before with another body."""

    code = "key_reused"
    status = 422


class RateLimited(PeerError):
    """More requests than the caller's allowance; `retry_after_s` says when to try again."""

    code = "rate_limited"
    status = 429


class UnknownFormat(LivefeedError):
    """The answer does not exist in the format that is asked for."""

    code = "unknown_format"
    status = 501


class Busy(LivefeedError):
    """A bound of the server is reached; the same request will do later."""

    code = "busy"
    status = 503


class IllegalTransition(LivefeedError):
    """A state machine was asked for a step its table does not have: a defect of ours."""

    code = "illegal_transition"

    def __init__(self, state: object, event: object) -> None:
        super().__init__(f"{state} does not accept {event!r}")
        self.state = state
        self.event = event


REFUSALS: dict[str, type[LivefeedError]] = {
    error.code: error
    for error in (
        BadRequest,
        Unauthorised,
        Forbidden,
        NotEnoughVotes,
        NotFound,
        Conflict,
        TooLarge,
        BadPicture,
        KeyReused,
        RateLimited,
    )
}


def refusal(code: str, message: str) -> LivefeedError:
    """Return the error that a script's refusal `code` stands for."""
    if code == Busy.code:
        return Busy(message, retry_after_s=2.0)
    return REFUSALS.get(code, PeerError)(message, code=code)
