"""Bodies on the wire: what the platform sends, and the reading of what the account answers."""

from dataclasses import dataclass
from typing import cast

from lxml import etree

from simulator import crypto
from simulator.config import Config

LONGEST_REPLY = 2048
"""Bytes of text in one passive reply; beyond it the platform shows its fault notice."""
PICTURES = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "music": "[音乐]"}


class BadReply(ValueError):
    """An answer for which the platform shows the fault notice at once; the text names the rule."""


class Inner(str):
    """Elements already written, as the value of the one around them."""

    __slots__ = ()


def inner(*fields: tuple[str, str]) -> Inner:
    """Several elements as one value."""
    return Inner("".join(_element(tag, value) for tag, value in fields))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A push ready to go: query parameters and body."""

    query: dict[str, str]
    body: bytes


def document(config: Config, openid: str, created: int, fields: list[tuple[str, str]]) -> bytes:
    """The plain XML of one push."""
    head = [("ToUserName", config.account), ("FromUserName", openid)]
    parts = [_element(tag, value) for tag, value in head]
    parts.append(f"<CreateTime>{created}</CreateTime>")
    parts.extend(_element(tag, value) for tag, value in fields)
    return f"<xml>{''.join(parts)}</xml>".encode()


def seal(config: Config, openid: str, plain: bytes, timestamp: int, nonce: str) -> Sealed:
    """Sign, and encrypt as the account's mode asks: plain, both (compatible), or sealed only."""
    query = {
        "signature": crypto.sign(config.token, str(timestamp), nonce),
        "timestamp": str(timestamp),
        "nonce": nonce,
        "openid": openid,
    }
    if config.cipher == "plain":
        return Sealed(query, plain)
    text = crypto.encrypt(config.aes_key, config.app_id, plain)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = crypto.sign(config.token, str(timestamp), nonce, text)
    encrypted = _element("Encrypt", text)
    if config.cipher == "compatible":
        return Sealed(query, plain.removesuffix(b"</xml>") + f"{encrypted}</xml>".encode())
    head = _element("ToUserName", config.account)
    return Sealed(query, f"<xml>{head}{encrypted}</xml>".encode())


def read_reply(config: Config, openid: str, body: bytes) -> str:
    """Text of the passive reply; empty when the account only acknowledged. Raises BadReply."""
    if body in (b"", b"success"):
        return ""
    outer = _parse(body)
    if "Encrypt" in outer:
        if config.cipher == "plain":
            raise BadReply("an encrypted reply in plain mode")
        outer = _parse(_open(config, outer))
    elif config.cipher == "safe":
        raise BadReply("a reply in clear in safe mode")
    return _shown(config, openid, outer)


def _shown(config: Config, openid: str, reply: dict[str, str]) -> str:
    if reply.get("ToUserName") != openid or reply.get("FromUserName") != config.account:
        raise BadReply("ToUserName and FromUserName of a reply must be the push's, exchanged")
    if not reply.get("CreateTime", "").isdigit():
        raise BadReply("CreateTime of a reply must be a number")
    kind = reply.get("MsgType", "")
    if kind in PICTURES or kind in ("news", "transfer_customer_service"):
        return PICTURES.get(kind, "[图文]" if kind == "news" else "")
    if kind != "text":
        raise BadReply("MsgType of a reply is none the platform knows")
    text = reply.get("Content", "")
    if not text:
        raise BadReply("a text reply without Content")
    if len(text.encode()) > LONGEST_REPLY:
        raise BadReply(f"a text reply over {LONGEST_REPLY} bytes")
    return text


def _open(config: Config, envelope: dict[str, str]) -> bytes:
    signed = (envelope.get(tag, "") for tag in ("TimeStamp", "Nonce", "Encrypt"))
    if not crypto.same(crypto.sign(config.token, *signed), envelope.get("MsgSignature", "")):
        raise BadReply("MsgSignature of the reply is wrong")
    try:
        return crypto.decrypt(config.aes_key, config.app_id, envelope["Encrypt"])
    except crypto.BadCipher as error:
        raise BadReply(f"the reply does not decrypt: {error}") from error


def _parse(body: bytes) -> dict[str, str]:
    if body.lstrip().startswith((b"{", b"[")):
        raise BadReply("a JSON reply where XML is set")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise BadReply("a reply that is not well-formed XML") from error
    if root.tag != "xml" or b"<!DOCTYPE" in body:
        raise BadReply("a reply that is not an <xml> document without doctype")
    return {str(child.tag): cast(str, child.text or "") for child in root}


def _element(tag: str, value: str) -> str:
    if isinstance(value, Inner) or tag in ("MsgId", "MsgID", "Location_X", "Location_Y", "Scale"):
        return f"<{tag}>{value}</{tag}>"
    return f"<{tag}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{tag}>"
