"""Signatures and encryption of the webhook, held by vectors that other implementations agree on."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.crypto import Crypto, Refused, check_window, signature

FILE = Path(__file__).parent.parent / "payloads" / "wechat_vectors.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
OURS = Crypto("wx1234567890abcdef", "townhall2026", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

by_name = pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda v: v["name"])


def crypto_of(vector: dict[str, str]) -> Crypto:
    return Crypto(vector["app_id"], vector["token"], vector["aes_key"])


def frame(plain: bytes) -> str:
    """Ciphertext of any bytes at all, under our own key: what a broken or hostile sender makes."""
    key = b64decode(OURS.aes_key + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def padded(plain: bytes, block: int = 32) -> bytes:
    pad = block - len(plain) % block
    return plain + bytes([pad]) * pad


def test_the_platforms_example_is_signed_alike() -> None:
    """The signature of Tencent's own example comes out."""
    example = VECTORS["platform_example"]
    signed = signature(example["token"], example["timestamp"], example["nonce"])
    assert signed == example["signature"]


@by_name
def test_vectors_decrypt(vector: dict[str, str]) -> None:
    """The XML comes out of every vector, counted in bytes and with a full block of padding."""
    assert crypto_of(vector).decrypt(vector["encrypt"]).decode() == vector["plain"]


@by_name
def test_vectors_encrypt_to_the_same_bytes(vector: dict[str, str]) -> None:
    """With the vector's random the ciphertext is the vector's."""
    encrypted = crypto_of(vector).encrypt(vector["plain"].encode(), vector["random"].encode())
    assert encrypted == vector["encrypt"]


@by_name
def test_vectors_signatures_hold(vector: dict[str, str]) -> None:
    """Both signatures of every vector are accepted."""
    crypto, stamp, nonce = crypto_of(vector), vector["timestamp"], vector["nonce"]
    crypto.check(vector["signature"], stamp, nonce)
    crypto.check(vector["msg_signature"], stamp, nonce, vector["encrypt"])


@pytest.mark.parametrize(
    "given_signature",
    [
        "",  # missing
        "0" * 40,  # made up
        "EE51E4C467B026CFFEAD820DDE0594D791A141F9",  # right, but in capitals
        "签" * 40,  # not even ASCII
    ],
)
def test_wrong_signatures_are_refused(given_signature: str) -> None:
    """Whatever isn't exactly our signature is refused."""
    with pytest.raises(Refused):
        OURS.check(given_signature, "1761955200", "1320562132")


@pytest.mark.parametrize(
    ("seconds", "accepted"),
    [
        (0, True),
        (300, True),  # the last second of the window
        (-300, True),  # their clock is ahead
        (301, False),  # stale: perhaps a replay
        (-301, False),
    ],
)
def test_time_window(seconds: int, accepted: bool) -> None:
    """A push counts within five minutes on either side."""
    stamp = str(int((NOW - timedelta(seconds=seconds)).timestamp()))
    if accepted:
        check_window(stamp, NOW)
        return
    with pytest.raises(Refused):
        check_window(stamp, NOW)


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "１７９５３９９２００", "9" * 5000, "²"])
def test_timestamps_that_are_none(stamp: str) -> None:
    """A timestamp that isn't a plain number is refused, without an error of another kind."""
    with pytest.raises(Refused):
        check_window(stamp, NOW)


ME = OURS.app_id.encode()
RANDOM = b"0123456789abcdef"


@pytest.mark.parametrize(
    "encrypted",
    [
        "",  # nothing
        "not base64!",
        "QUJD",  # base64, but no whole block
        OURS.encrypt(b"<xml/>", RANDOM)[:-24],  # truncated
        b64encode(bytes(32)).decode(),  # one block of rubbish
        frame(padded(RANDOM + b"\0\0\0\6<xml/>" + b"wxsomebodyelse0000")),  # another account's
        frame(padded(RANDOM + b"\0\0\0\6<xml/>")),  # no appid
        frame(padded(RANDOM + b"\0\0\0\7<xml/>" + ME)),  # length one too long
        frame(padded(RANDOM + b"\xff\xff\xff\xff<xml/>" + ME)),  # length far outside
        frame(padded(RANDOM + b"\0\0")),  # ends inside the length
        frame(padded(b"")),  # padding only
        frame((RANDOM + b"\0\0\0\6<xml/>" + ME).ljust(64, b"\0")),  # padding of 0
        frame((RANDOM + b"\0\0\0\6<xml/>" + ME).ljust(64, b"\x21")),  # padding of 33
        frame((RANDOM + b"\0\0\0\6<xml/>" + ME).ljust(63, b"\0") + b"\x14"),  # bytes differ
    ],
)
def test_ciphertext_that_is_not_for_us(encrypted: str) -> None:
    """All broken or foreign ciphertext ends in the one error."""
    with pytest.raises(Refused):
        OURS.decrypt(encrypted)


@given(st.text() | st.binary().map(lambda b: b64encode(b).decode()))
def test_any_ciphertext_is_refused_or_decrypted(encrypted: str) -> None:
    """No input raises anything but Refused."""
    with pytest.raises(Refused):
        OURS.decrypt(encrypted)


@given(st.binary(max_size=200))
def test_what_we_encrypt_we_can_read(xml: bytes) -> None:
    """Encryption and decryption are inverse for any bytes."""
    assert OURS.decrypt(OURS.encrypt(xml)) == xml


def test_reply_envelope_is_signed_over_its_own_values() -> None:
    """The platform can verify and read the envelope of a reply."""
    envelope = OURS.envelope(b"<xml/>", "1761955200", "n<1").decode()
    encrypted = envelope.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    signed = signature(OURS.token, "1761955200", "n<1", encrypted)
    assert OURS.decrypt(encrypted) == b"<xml/>"
    assert f"<MsgSignature><![CDATA[{signed}]]></MsgSignature>" in envelope
    assert "<TimeStamp>1761955200</TimeStamp><Nonce>n&lt;1</Nonce>" in envelope


def test_a_key_change_settles() -> None:
    """While it does both keys open pushes, and replies are sealed with the new one; afterwards
    the old one opens nothing."""
    new = replace(OURS, aes_key="b" * 43, old_key=OURS.aes_key)
    assert new.decrypt(OURS.encrypt(b"<xml/>")) == new.decrypt(new.encrypt(b"<xml/>")) == b"<xml/>"
    with pytest.raises(Refused):
        OURS.decrypt(new.encrypt(b"<xml/>"))
    with pytest.raises(Refused):
        replace(new, old_key="").decrypt(OURS.encrypt(b"<xml/>"))


def test_secrets_stay_out_of_logs() -> None:
    """Printing the object shows neither token nor key."""
    assert OURS.token not in repr(OURS)
    assert OURS.aes_key not in repr(OURS)
