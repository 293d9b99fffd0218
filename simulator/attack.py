"""Pushes that an attacker would send; the account must refuse every one of them."""

import json
import secrets
import time
from contextlib import suppress
from dataclasses import replace

from simulator import frames
from simulator.desk import Desk
from simulator.frames import Sealed
from simulator.push import Answer
from simulator.store import Row

OPENID = "oATTACK0000000000000000000000"
KINDS = {
    "bad_signature": "signatures that do not fit",
    "other_appid": "encrypted for another account",
    "old_timestamp": "well signed, an hour old",
    "replay": "one good push, and the very same bytes once more",
    "xxe": "an external entity in the document",
    "bomb": "entities that grow without end",
    "big_body": "a body of 10 MB",
    "plain_body": "a body in clear, signed only by the query",
    "json_body": "JSON instead of XML",
    "cut_cipher": "ciphertext cut short",
}
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def attack(desk: Desk, kind: str) -> Row:
    """Send one and tell what the account answered: status (0: none), body, ms."""
    started = time.monotonic()
    sealed = _forged(desk, kind)
    answer = desk.pusher.send("POST", sealed.query, sealed.body)
    found = _told(desk, answer)
    if kind == "replay":
        found = _told(desk, desk.pusher.send("POST", sealed.query, sealed.body)) | {"first": found}
    ms = round((time.monotonic() - started) * 1000)
    line = {"direction": "push", "call": f"attack {kind}", "openid": OPENID, "ms": ms}
    verdict = f"HTTP {answer.status}" if answer.status else answer.body.decode()
    desk.store.note(desk.clock.now(), line | {"verdict": verdict, "rule": f"9 {KINDS[kind]}"})
    return {"kind": kind, "ms": ms} | found


def _told(desk: Desk, answer: Answer) -> Row:
    """`body`: the reply in clear when the account took the push for good, else what it said."""
    if answer.status == 200:
        with suppress(frames.BadReply):
            return {"status": 200, "body": frames.read_reply(desk.config, OPENID, answer.body)}
    return {"status": answer.status, "body": answer.body[:300].decode("utf-8", "replace")}


def _forged(desk: Desk, kind: str) -> Sealed:
    config, now = desk.config, int(desk.clock.now())
    nonce = str(secrets.randbelow(2**31))
    plain = _text(desk, "攻击测试", now)
    if kind == "other_appid":
        return frames.seal(replace(config, app_id="wx0000other000000"), OPENID, plain, now, nonce)
    if kind == "old_timestamp":
        return frames.seal(config, OPENID, plain, now - 3600, nonce)
    if kind in ("xxe", "bomb"):
        head, entity = (XXE, "&e;") if kind == "xxe" else (BOMB, "&b;")
        evil = plain.decode().replace("<![CDATA[攻击测试]]>", entity)
        return frames.seal(config, OPENID, f"{head}{evil}".encode(), now, nonce)
    sealed = frames.seal(config, OPENID, plain, now, nonce)
    if kind == "bad_signature":
        wrong = dict.fromkeys(("signature", "msg_signature"), "0" * 40)
        return Sealed(sealed.query | wrong, sealed.body)
    bodies = {
        "big_body": b"<xml><Content>" + b"a" * 10_000_000 + b"</Content></xml>",
        "plain_body": plain,
        "json_body": json.dumps({"FromUserName": OPENID, "Content": "hi"}).encode(),
        "cut_cipher": sealed.body.replace(b"]]></Encrypt>", b"")[:-24] + b"]]></Encrypt></xml>",
    }
    return Sealed(sealed.query, bodies.get(kind, sealed.body))


def _text(desk: Desk, words: str, now: int) -> bytes:
    number = desk.store.next_number("attack", 99_000_000)
    fields = [("MsgType", "text"), ("Content", words), ("MsgId", str(number))]
    return frames.document(desk.config, OPENID, now, fields)
