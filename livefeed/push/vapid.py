"""Who we are to a push service: a key pair, and a token signed with it. Source: RFC 8292."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from livefeed.errors import ConfigurationError
from livefeed.push.device import decoded, encoded
from livefeed.push.sealing import point

KEY_BYTES: Final = 32
TOKEN_S: Final = 12 * 3600
"""How long a token is good for; a push service takes at most 24 h."""
_HEADER: Final = encoded(orjson.dumps({"typ": "JWT", "alg": "ES256"}))
_FILE: Final = "vapid.key"


@dataclass(frozen=True, slots=True)
class Identity:
    """Our key, and whom a push service may write to: a `mailto:` or `https:` address, "" for nobody."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    contact: str

    @property
    def public(self) -> str:
        """Our public key as browsers take it (`applicationServerKey`)."""
        return encoded(point(self.key.public_key()))

    def credentials(self, audience: str, *, now_s: float) -> str:
        """Return the Authorization header for a push service. audience: its origin."""
        claims = {"aud": audience, "exp": int(now_s) + TOKEN_S}
        if self.contact:
            claims["sub"] = self.contact
        said = f"{_HEADER}.{encoded(orjson.dumps(claims))}"
        r, s = decode_dss_signature(self.key.sign(said.encode(), ec.ECDSA(SHA256())))
        return f"vapid t={said}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={self.public}"


def identity_of(folder: Path, *, key: str = "", contact: str = "") -> Identity:
    """Return the identity that the settings give; without a key the one in the folder, made at the first start.

    Raises: ConfigurationError.
    """
    if not key:
        key = _kept(folder / _FILE)
        source = f"The key in {folder / _FILE}"
    else:
        source = "LIVEFEED_PUSH_KEY"
    try:
        number = int.from_bytes(_exactly(decoded(key)), "big")
        return Identity(ec.derive_private_key(number, ec.SECP256R1()), contact)
    except ValueError as exc:
        raise ConfigurationError(
            f"{source} must be a private key of P-256: {KEY_BYTES} bytes in base64url. Without one, a key is made."
        ) from exc


def _exactly(data: bytes) -> bytes:
    if len(data) != KEY_BYTES:
        raise ValueError("wrong length")
    return data


def _kept(path: Path) -> str:
    """Return the key that a file holds; processes that start at once agree on one. Raises: ConfigurationError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            made = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
            mine = path.with_name(f"{_FILE}.{secrets.token_hex(6)}")
            descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(encoded(made.to_bytes(KEY_BYTES, "big")) + "\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(mine, path)  # whole or not at all, and the first one wins
            mine.unlink()
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"The key of push notifications cannot be kept in {path.parent}: {exc}") from exc
