"""A push service and its browsers, on this machine: it takes what we send, they open it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from livefeed.push.device import Device, decoded
from livefeed.push.sealing import point


def claims_of(authorization: str, key: str) -> dict[str, Any]:
    """Return what a VAPID token claims, its signature checked against `key`. Source: RFC 8292, 2 and 3."""
    scheme, _, rest = authorization.partition(" ")
    fields = dict(each.strip().split("=", 1) for each in rest.split(","))
    assert (scheme, fields["k"]) == ("vapid", key)
    said, _, signature = fields["t"].rpartition(".")
    raw = decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    public.verify(der, said.encode(), ec.ECDSA(SHA256()))  # raises
    header, claims = (orjson.loads(decoded(part)) for part in said.split("."))
    assert header["alg"] == "ES256"
    found: dict[str, Any] = claims
    return found


class PushBrowser:
    """A browser with a subscription: its keys are its own."""

    def __init__(self, endpoint: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.device = Device(endpoint, point(self._key.public_key()), secrets.token_bytes(16))

    @property
    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` gives it."""
        said = self.device.as_dict()
        return {"endpoint": said["endpoint"], "expirationTime": None, "keys": {n: said[n] for n in ("p256dh", "auth")}}

    def opened(self, body: bytes) -> bytes:
        """Return what a body says. Raises: InvalidTag for one that is for somebody else."""
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        info = b"WebPush: info\0" + self.device.p256dh + theirs
        secret = HKDF(SHA256(), 32, self.device.auth, info).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        text, _, padding = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
        assert padding.strip(b"\0") == b""
        return text


@dataclass
class PushService:
    """What came, by path. answers: statuses of the next ones, by path; then 201."""

    url: str
    came: dict[str, list[tuple[dict[str, str], bytes]]] = field(default_factory=dict)
    answers: dict[str, list[int]] = field(default_factory=dict)

    def browser(self, name: str) -> PushBrowser:
        return PushBrowser(f"{self.url}/send/{name}")

    def messages(self, name: str, browser: PushBrowser) -> list[dict[str, Any]]:
        """Return what a browser was sent, opened."""
        return [orjson.loads(browser.opened(body)) for _, body in self.came.get(f"/send/{name}", [])]


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """Run one on a free port of this machine."""
    service = PushService("")

    async def take(request: web.Request) -> web.StreamResponse:
        service.came.setdefault(request.path, []).append((dict(request.headers), await request.read()))
        answers = service.answers.get(request.path, [])
        return web.Response(status=answers.pop(0) if answers else 201, headers={"Retry-After": "0"})

    app = web.Application()
    app.router.add_post("/send/{name}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield service
    finally:
        await runner.cleanup()
