"""Signatures and message encryption, the platform's half (shared rules, separate code).

Source of the frame: the platform's page on message encryption; held by published test vectors.
"""

import base64
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""The platform pads PKCS#7 to 32 bytes, not to the 16 of AES."""


class BadCipher(ValueError):
    """Something that does not decrypt to a message for this account."""


def sign(token: str, *parts: str) -> str:
    """sha1 in hex over token and parts, sorted by bytes and joined without a separator."""
    ordered = sorted(part.encode() for part in (token, *parts))
    return hashlib.sha1(b"".join(ordered), usedforsecurity=False).hexdigest()


def same(left: str, right: str) -> bool:
    """Equal, compared in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def encrypt(aes_key: str, app_id: str, plain: bytes, prefix: bytes | None = None) -> str:
    """Base64 of AES-256-CBC over `random(16) ‖ length ‖ plain ‖ appid`; `prefix` fixes the
    random bytes."""
    start = secrets.token_bytes(16) if prefix is None else prefix
    frame = start + struct.pack(">I", len(plain)) + plain + app_id.encode()
    fill = BLOCK - len(frame) % BLOCK
    worker = _cipher(aes_key).encryptor()
    return base64.b64encode(
        worker.update(frame + bytes([fill]) * fill) + worker.finalize()
    ).decode()


def decrypt(aes_key: str, app_id: str, text: str) -> bytes:
    """The plain bytes of `encrypt`'s output; BadCipher for anything else."""
    try:
        sealed = base64.b64decode(text, validate=True)
        worker = _cipher(aes_key).decryptor()
        frame = worker.update(sealed) + worker.finalize()
    except ValueError as error:
        raise BadCipher("not base64, or not whole blocks") from error
    if len(frame) < BLOCK or not 1 <= frame[-1] <= BLOCK:
        raise BadCipher("padding is wrong")
    body = frame[: -frame[-1]]
    if len(body) < 20:
        raise BadCipher("too short")
    (length,) = struct.unpack(">I", body[16:20])
    if body[20 + length :] != app_id.encode():
        raise BadCipher("length or appid is wrong")
    return body[20 : 20 + length]


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
