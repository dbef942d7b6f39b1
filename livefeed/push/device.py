"""A browser that somebody lets us push to. [pure]"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from livefeed.errors import BadRequest

ENDPOINT_CHARACTERS = 1024
POINT_BYTES, AUTH_BYTES = 65, 16


@dataclass(frozen=True, slots=True)
class Device:
    """A push subscription. endpoint: its address, which is a secret. p256dh: the browser's public key, an uncompressed
    point. auth: 16 bytes that only it and we know. Source: W3C Push API, "PushSubscription".
    """

    endpoint: str
    p256dh: bytes
    auth: bytes

    @property
    def id(self) -> str:
        """Half of the endpoint's SHA-256, in hexadecimal: it may be shown, the endpoint may not."""
        return hashlib.sha256(self.endpoint.encode()).hexdigest()[:32]

    @classmethod
    def parse(cls, endpoint: str, p256dh: str, auth: str) -> Device:
        """Return what a browser says of itself. Raises: BadRequest."""
        if not (0 < len(endpoint) <= ENDPOINT_CHARACTERS and endpoint.isascii() and endpoint.isprintable()):
            raise BadRequest(f"'endpoint' is an address of at most {ENDPOINT_CHARACTERS} characters.")
        point, secret = _bytes("p256dh", p256dh), _bytes("auth", auth)
        if len(point) != POINT_BYTES or point[0] != 4:
            raise BadRequest("'keys.p256dh' is no uncompressed point of P-256.")
        if len(secret) != AUTH_BYTES:
            raise BadRequest(f"'keys.auth' has {AUTH_BYTES} bytes.")
        return cls(endpoint, point, secret)

    def as_dict(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "p256dh": encoded(self.p256dh), "auth": encoded(self.auth)}


def encoded(data: bytes) -> str:
    """Return base64url without padding, as keys are written."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return what base64url says, padded or not. Raises: ValueError."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except binascii.Error as exc:
        raise ValueError("this is no base64url") from exc


def _bytes(name: str, text: str) -> bytes:
    try:
        return decoded(text)
    except ValueError as exc:
        raise BadRequest(f"'keys.{name}' is no base64url.") from exc
