"""Residents' messages for the benchmarks: distinct words, distinct people, a fixed seed."""

import json
import random
import re
import secrets
import time
from collections.abc import Iterator
from functools import cache
from itertools import count
from xml.sax.saxutils import escape, unescape

from bot.handlers.crypto import Crypto, signature
from bot.settings import DEMO_CREDENTIALS, ROOT

ACCOUNT = "gh_0123456789ab"
TOKEN = DEMO_CREDENTIALS["wechat_token"]
CRYPTO = Crypto(DEMO_CREDENTIALS["wechat_app_id"], TOKEN, DEMO_CREDENTIALS["wechat_aes_key"])

MATTERS = (
    "路灯坏了好几天，晚上黑得看不见路，老人孩子都不敢出门",
    "暖气不热，屋里只有十四度，打了热线说会来看，一直没人来",
    "垃圾三天没人清运，味道很大，桶边上流了一地的污水",
    "公交车四十分钟才来一趟，早高峰根本挤不上去，上班总是迟到",
    "楼下烧烤店油烟直排，音响开到半夜，家里窗户都不敢开",
    "井盖松动，汽车一压就响，前两天有人骑车差点摔倒",
    "小区里停车位太少，消防通道天天被占，物业说管不了",
    "自来水发黄，放了半个小时还是浑的，不知道能不能喝",
    "想给孩子转学，不知道要准备什么材料，跑了两趟都没办成",
    "老旧小区没有电梯，六楼的老人下不来，想问加装电梯怎么申请",
    "人行道的地砖碎了一大片，下雨就溅一身水，希望尽快修一修",
    "养老金这个月没有到账，银行说要问社保，社保电话打不通",
    "门口的空地长满荒草，能不能改成健身的地方或者停车场",
    "工地夜里十二点还在施工，孩子睡不着，第二天还要考试",
)
TAILS = (
    "请帮忙看看。",
    "希望有人管一管，谢谢。",
    "反映好几次了，没有下文。",
    "麻烦尽快处理。",
    "什么时候能有个说法？",
    "邻居们都很着急。",
)
_SERIAL = count(time.time_ns())
_CONTENT = re.compile(r"<Content>(?:<!\[CDATA\[(.*?)\]\]>|(.*?))</Content>", re.DOTALL)


@cache
def places() -> list[str]:
    """Names of places that the product knows."""
    found = json.loads((ROOT / "bot/data/places.json").read_text(encoding="utf-8"))
    return [one["name"] for one in (*found["places"], *found["units"])]


def texts(seed: int = 0) -> Iterator[str]:
    """Endless demands of 35 to 65 characters; one in six names no place."""
    dice, names = random.Random(seed), places()
    for number in count(1):
        where = dice.choice(names) if dice.random() < 5 / 6 else "我们这里"
        matter, tail = dice.choice(MATTERS), dice.choice(TAILS)
        yield f"{where}{dice.randint(1, 99)}号{matter}，{tail}我是{number}户的住户。"


def of_length(length: int, wanted: int, seed: int = 0) -> list[str]:
    """So many texts of exactly `length` characters."""
    source = texts(seed)
    return [f"{next(source)}{next(source)}"[:length] for _ in range(wanted)]


def clear(person: str, at: int, content: str) -> bytes:
    """A push in clear. `at`: seconds since 1970. `content`: what `text` or `confirmation` made."""
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{person}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime>{content}</xml>"
    ).encode()


def text(words: str, serial: int) -> str:
    """Of a text message. `serial`: its MsgId; a retry has the same."""
    return (
        "<MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{escape(words)}</Content><MsgId>{serial}</MsgId>"
    )


def confirmation(receipt: str) -> str:
    """Of the platform's word that a template arrived."""
    return (
        "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>"
        f"<MsgID>{receipt}</MsgID><Status><![CDATA[success]]></Status>"
    )


def xml(words: str, person: str) -> bytes:
    """A text message in clear, written now."""
    return clear(person, int(time.time()), text(words, next(_SERIAL)))


def signed(at: int) -> str:
    """Query of a push in plain mode."""
    nonce = "1320562132"
    return f"signature={signature(TOKEN, str(at), nonce)}&timestamp={at}&nonce={nonce}"


def shown(body: bytes) -> str:
    """The text of a passive reply in clear; "" for a bare acknowledgement."""
    found = _CONTENT.search(body.decode())
    return unescape(found[1] or found[2] or "") if found else ""


def sealed(words: str, person: str) -> tuple[str, bytes]:
    """Query and body of a signed and encrypted push (safe mode)."""
    stamp, nonce = str(int(time.time())), secrets.token_hex(5)
    cipher = CRYPTO.encrypt(xml(words, person))
    query = (
        f"signature={signature(TOKEN, stamp, nonce)}&timestamp={stamp}&nonce={nonce}"
        f"&encrypt_type=aes&msg_signature={signature(TOKEN, stamp, nonce, cipher)}"
    )
    body = f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
    return query, f"{body}<Encrypt><![CDATA[{cipher}]]></Encrypt></xml>".encode()


def request(words: str, person: str) -> bytes:
    """The whole HTTP request of a push."""
    query, body = sealed(words, person)
    head = (
        f"POST /wechat?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def requests(wanted: int, source: Iterator[str]) -> list[bytes]:
    """So many requests, each by another person. They age: the app takes them for five minutes."""
    return [request(next(source), f"oBENCH_{secrets.token_hex(10)}") for _ in range(wanted)]
