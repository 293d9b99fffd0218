"""Pushes as the platform makes them: bodies, signed queries, the three cipher modes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from xml.sax.saxutils import escape

from bot.handlers.crypto import Crypto, signature

PERSON = "oTEST_0000000000000000000001"
ACCOUNT = "gh_0123456789ab"
NONCE = "1320562132"

_serial = count(24800000000000001)


def body(*extra: str, person: str = PERSON, created: int = 1795399200, kind: str = "text") -> str:
    """A push in clear: the head, then the elements given as XML."""
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{person}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
        f"{''.join(extra)}</xml>"
    )


def text(words: str, *, msg_id: str = "", person: str = PERSON, created: int = 1795399200) -> str:
    """A text message; a new MsgId unless one is given."""
    number = msg_id or str(next(_serial))
    content = f"<Content>{escape(words)}</Content><MsgId>{number}</MsgId>"
    return body(content, person=person, created=created)


def event(name: str, *extra: str, person: str = PERSON, created: int = 1795399200) -> str:
    """An event with its own elements."""
    head = f"<Event><![CDATA[{name}]]></Event>"
    return body(head, *extra, person=person, created=created, kind="event")


@dataclass(frozen=True)
class Push:
    """One HTTP request of the platform, for a Flask test client: `client.post(**push.request)`."""

    query: Mapping[str, str]
    data: bytes

    @property
    def request(self) -> dict[str, Any]:
        """Keyword arguments of `client.post`."""
        return {
            "path": "/wechat",
            "query_string": dict(self.query),
            "data": self.data,
            "content_type": "text/xml",
        }


@dataclass(frozen=True)
class Platform:
    """Signs and encrypts as the platform does for one account."""

    app_id: str
    token: str
    aes_key: str
    now: datetime

    @property
    def crypto(self) -> Crypto:
        """The shared secrets."""
        return Crypto(self.app_id, self.token, self.aes_key)

    def query(self, *, age: int = 0, nonce: str = NONCE) -> dict[str, str]:
        """The signed query of a call that is `age` seconds old."""
        stamp = str(int(self.now.timestamp()) - age)
        signed = signature(self.token, stamp, nonce)
        return {"signature": signed, "timestamp": stamp, "nonce": nonce}

    def plain(self, xml: str | bytes, *, age: int = 0) -> Push:
        """A push in plain mode."""
        return Push(self.query(age=age), xml if isinstance(xml, bytes) else xml.encode())

    def safe(self, xml: str | bytes, *, age: int = 0, outer: str = "") -> Push:
        """A push in safe mode; with `outer` (elements in clear beside Encrypt), compatible mode."""
        encrypted = self.crypto.encrypt(xml if isinstance(xml, bytes) else xml.encode())
        return self.sealed(encrypted, age=age, outer=outer)

    def sealed(self, encrypted: str, *, age: int = 0, outer: str = "") -> Push:
        """A correctly signed push around any ciphertext."""
        query = self.query(age=age)
        signed = signature(self.token, query["timestamp"], query["nonce"], encrypted)
        query |= {"encrypt_type": "aes", "msg_signature": signed}
        head = f"<ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        data = f"<xml>{head}{outer}<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return Push(query, data.encode())
