"""A message that only one browser can read. [pure, given its chance]

One record of `aes128gcm`. Source: RFC 8291, 3; RFC 8188, 2.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from livefeed.errors import BadRequest
from livefeed.push.device import Device

RECORD_BYTES: Final = 4096
MESSAGE_BYTES: Final = 3_900
"""With the header and the tag it is a record that every push service takes."""
SALT_BYTES: Final = 16
_LAST_RECORD: Final = b"\x02"


@dataclass(frozen=True, slots=True)
class Chance:
    """What must be new for each message: a key of ours, and a salt."""

    key: ec.EllipticCurvePrivateKey
    salt: bytes

    @classmethod
    def fresh(cls) -> Chance:
        return cls(ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(SALT_BYTES))


def sealed(message: bytes, device: Device, chance: Chance) -> bytes:
    """Return the body of a request to the device's push service.

    message: at most MESSAGE_BYTES.
    Raises: BadRequest for a device whose key is no point of the curve.
    """
    if len(message) > MESSAGE_BYTES:
        raise ValueError(f"a message has at most {MESSAGE_BYTES} bytes, not {len(message)}")
    ours = point(chance.key.public_key())
    shared = chance.key.exchange(ec.ECDH(), key_of(device))
    secret = _derived(shared, device.auth, b"WebPush: info\0" + device.p256dh + ours, 32)
    key = _derived(secret, chance.salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, chance.salt, b"Content-Encoding: nonce\0", 12)
    header = chance.salt + RECORD_BYTES.to_bytes(4, "big") + len(ours).to_bytes(1, "big") + ours
    return header + AESGCM(key).encrypt(nonce, message + _LAST_RECORD, None)


def key_of(device: Device) -> ec.EllipticCurvePublicKey:
    """Return a device's public key. Raises: BadRequest."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), device.p256dh)
    except ValueError as exc:
        raise BadRequest("'keys.p256dh' is no point of P-256.") from exc


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
