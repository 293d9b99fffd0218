"""The independent half: npm's @wecom/crypto reads what we encrypt, and we read what it does."""

import json
import subprocess
from typing import Any

from bot.handlers.crypto import Crypto, signature
from bot.settings import ROOT

OURS = Crypto("wx1234567890abcdef", "townhall2026", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
MESSAGES = ("<xml><Content>3号楼电梯停了😟</Content></xml>", "x" * 26, "ᠮᠣᠩᠭᠣᠯ", "长" * 3000)
SCRIPT = """
const crypto = require("@wecom/crypto");
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answer = {
  read: asked.ciphers.map((cipher) => crypto.decrypt(asked.key, cipher)),
  made: asked.messages.map((text) => crypto.encrypt(asked.key, text, asked.id)),
};
answer.signed = answer.made.map((c) => crypto.getSignature(asked.token, "1761955200", "n", c));
console.log(JSON.stringify(answer));
"""


def _theirs(ciphers: list[str]) -> dict[str, Any]:
    """What npm's @wecom/crypto says of these, and what it makes of MESSAGES."""
    asked = {
        "key": OURS.aes_key, "id": OURS.app_id, "token": OURS.token, "ciphers": ciphers,
        "messages": MESSAGES,
    }  # fmt: skip
    done = subprocess.run(
        ["node", "-e", SCRIPT], input=json.dumps(asked), cwd=ROOT, capture_output=True, text=True,
        check=True, timeout=30,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_another_implementation_and_ours_understand_each_other() -> None:
    """Both ways, with the appid inside and the signature over the ciphertext."""
    theirs = _theirs([OURS.encrypt(text.encode()) for text in MESSAGES])
    assert [each["message"] for each in theirs["read"]] == list(MESSAGES)
    assert {each["id"] for each in theirs["read"]} == {OURS.app_id}
    assert [OURS.decrypt(cipher).decode() for cipher in theirs["made"]] == list(MESSAGES)
    signed = [signature(OURS.token, "1761955200", "n", cipher) for cipher in theirs["made"]]
    assert signed == theirs["signed"]
