"""Signatures and encryption of the platform's webhook.

The rules are Tencent's 消息加解密说明: SHA-1 over the sorted parts; AES-256-CBC with iv = key[:16];
frame = 16 random bytes, length (4 bytes, big-endian), XML, appid; PKCS#7 padding to 32 bytes.
`cryptography` is used directly: it costs the same as wechatpy.crypto, which leaves padding
unchecked, compares signatures in variable time and fails in five different ways.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
RANDOM = 16
HEAD = RANDOM + 4
WINDOW_SECONDS = 300
"""A push older (or newer) than this is a replay, or one of the two clocks is wrong."""


class Refused(Exception):
    """The push is not proven to come from the platform.

    One error for every cause, so that nobody can probe which check failed.
    """


def signature(*parts: str) -> str:
    """The platform's SHA-1 over the parts, sorted by byte order and joined, in hex."""
    return hashlib.sha1(
        b"".join(sorted(part.encode() for part in parts)), usedforsecurity=False
    ).hexdigest()


def check_window(timestamp: str, now: datetime) -> None:
    """Raise Refused unless `timestamp` (Unix seconds) is within WINDOW_SECONDS of `now`."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Refused
    if abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise Refused


@dataclass(frozen=True)
class Crypto:
    """The shared secrets of one account. `aes_key`: EncodingAESKey, 43 letters and digits;
    `old_key`: the one before it, which still opens pushes while a change settles, or empty."""

    app_id: str
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    old_key: str = field(default="", repr=False)

    def check(self, given: str, timestamp: str, nonce: str, encrypted: str = "") -> None:
        """Raise Refused unless `given` signs timestamp, nonce and, if given, the ciphertext."""
        parts = [self.token, timestamp, nonce] + ([encrypted] if encrypted else [])
        if not hmac.compare_digest(signature(*parts).encode(), given.encode()):
            raise Refused

    def decrypt(self, encrypted: str) -> bytes:
        """The XML inside `encrypted` (base64). Raises Refused for anything not made for us."""
        try:
            return self._opened(encrypted, self._cipher)
        except Refused:
            if not self.old_key:
                raise
        return self._opened(encrypted, _cipher_of(self.old_key))

    def _opened(self, encrypted: str, cipher: Cipher[modes.CBC]) -> bytes:
        frame = _unpad(_aes_decrypt(encrypted, cipher))
        end = HEAD + int.from_bytes(frame[RANDOM:HEAD], "big")
        if len(frame) < HEAD or not hmac.compare_digest(frame[end:], self.app_id.encode()):
            raise Refused
        return frame[HEAD:end]

    def encrypt(self, xml: bytes, random: bytes | None = None) -> str:
        """Base64 ciphertext of `xml`. `random`: 16 bytes, given by tests only."""
        head = (random or secrets.token_bytes(RANDOM)) + len(xml).to_bytes(4, "big")
        frame = head + xml + self.app_id.encode()
        pad = BLOCK - len(frame) % BLOCK
        encryptor = self._cipher.encryptor()
        data = encryptor.update(frame + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(data).decode()

    def envelope(self, xml: bytes, timestamp: str, nonce: str) -> bytes:
        """The encrypted and signed form of a reply."""
        encrypted = self.encrypt(xml)
        signed = signature(self.token, timestamp, nonce, encrypted)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signed}]]></MsgSignature>"
            f"<TimeStamp>{escape(timestamp)}</TimeStamp>"
            f"<Nonce>{escape(nonce)}</Nonce></xml>"
        ).encode()

    @cached_property
    def _cipher(self) -> Cipher[modes.CBC]:
        return _cipher_of(self.aes_key)


def _cipher_of(key_text: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(key_text + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def _aes_decrypt(encrypted: str, cipher: Cipher[modes.CBC]) -> bytes:
    try:
        data = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError):
        raise Refused from None
    if not data or len(data) % BLOCK:
        raise Refused
    decryptor = cipher.decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _unpad(data: bytes) -> bytes:
    """`data` without its PKCS#7 padding of 1..32 bytes."""
    pad = data[-1]
    if not 1 <= pad <= BLOCK or data[-pad:] != bytes([pad]) * pad:
        raise Refused
    return data[:-pad]
