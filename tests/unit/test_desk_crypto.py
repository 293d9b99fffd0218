"""The desk's own signatures and frames hold against the published vectors."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator import crypto

PAYLOADS = Path(__file__).parent.parent / "payloads" / "wechat_vectors.json"
KNOWN: dict[str, Any] = json.loads(PAYLOADS.read_text("utf-8"))
VECTORS: list[dict[str, str]] = KNOWN["vectors"]
KEY, APP = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx1234567890abcdef"


def test_the_platform_s_own_example_is_signed_alike() -> None:
    """Token, timestamp and nonce of the platform's documentation give its signature."""
    one = KNOWN["platform_example"]
    assert crypto.sign(one["token"], one["timestamp"], one["nonce"]) == one["signature"]


@pytest.mark.parametrize("one", VECTORS, ids=lambda one: one["name"])
def test_a_vector_encrypts_to_the_same_bytes(one: dict[str, str]) -> None:
    """With the vector's random the frame is the same to the last byte, and so is its signature."""
    plain, start = one["plain"].encode(), one["random"].encode()
    sealed = crypto.encrypt(one["aes_key"], one["app_id"], plain, start)
    assert sealed == one["encrypt"]
    signed = crypto.sign(one["token"], one["timestamp"], one["nonce"], sealed)
    assert signed == one["msg_signature"]


@pytest.mark.parametrize("one", VECTORS, ids=lambda one: one["name"])
def test_a_vector_decrypts(one: dict[str, str]) -> None:
    """The plain bytes come back."""
    plain = crypto.decrypt(one["aes_key"], one["app_id"], one["encrypt"])
    assert plain == one["plain"].encode()


BROKEN = {
    "not base64": "***",
    "half a block": "AAAAAAAAAAAA",
    "nothing": "",
    "one block of nothing": "A" * 43 + "=",
    "another appid": crypto.encrypt(KEY, "wx0000000000000000", b"x"),
    "another key": crypto.encrypt("0" * 43, APP, b"x"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_is_not_for_this_account_is_one_error(text: str) -> None:
    """Whatever is wrong with a ciphertext, it is refused the same way."""
    with pytest.raises(crypto.BadCipher):
        crypto.decrypt(KEY, APP, text)
