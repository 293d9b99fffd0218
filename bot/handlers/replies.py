"""`Reply` → the XML of a passive reply.

Written here: wechatpy's replies leave CDATA unescaped and cost four times as much. A text that is
too long would show the resident a fault notice at once, so it is cut here.
"""

from datetime import datetime

from bot.domain.inbound import Choice, Inbound, Reply
from bot.domain.messages import fits, printable, shorten
from bot.texts import Texts

_MARKUP = str.maketrans("", "", "<>&\"'")


def render(reply: Reply, inbound: Inbound, now: datetime, texts: Texts) -> bytes:
    """XML of the passive reply to `inbound`, in clear.

    A text too long ends with the sentence `reply.cut`, which announces the rest.
    """
    said = printable(reply.text)
    links = printable("".join(f"\n{choice_link(choice)}" for choice in reply.choices))
    text = said + links
    if not fits(text):
        text = shorten(said, f"\n{texts.say('reply.cut')}{links}")
    return (
        f"<xml><ToUserName><![CDATA[{inbound.openid}]]></ToUserName>"
        f"<FromUserName><![CDATA[{inbound.account}]]></FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></Content></xml>"
    ).encode()


def choice_link(choice: Choice) -> str:
    """A link in a text: a tap on it sends `label`, with `id` as bizmsgmenuid.

    The label stays raw: whether the app undoes percent-encoding here is not documented.
    """
    label, number = choice.label.translate(_MARKUP), choice.id.translate(_MARKUP)
    url = f"weixin://bizmsgmenu?msgmenucontent={label}&msgmenuid={number}"
    return f'<a href="{url}">{label}</a>'
