"""Replies that the platform accepts: never broken XML, never too long."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bot.domain.inbound import Choice, Inbound, Reply
from bot.domain.messages import fits, harmless, shorten
from bot.handlers.replies import choice_link, render
from bot.handlers.translate import translate
from bot.texts import Texts
from tests.wechat_push import ACCOUNT, PERSON, text

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TEXTS = Texts({"reply.cut": "（后面还有）"})
YES_NO = (Choice("101", "解决了"), Choice("102", "没解决"))


def inbound() -> Inbound:
    return translate(text("x").encode())


def shown(reply: Reply) -> str:
    """What the phone shows: the content after the platform has parsed our XML."""
    root = etree.fromstring(render(reply, inbound(), NOW, TEXTS))
    return root.findtext("Content") or ""


def test_reply_goes_back_to_the_sender() -> None:
    """Sender and receiver change places; the time is ours."""
    root = etree.fromstring(render(Reply("好的"), inbound(), NOW, TEXTS))
    assert root.findtext("ToUserName") == PERSON
    assert root.findtext("FromUserName") == ACCOUNT
    assert root.findtext("CreateTime") == "1795399200"
    assert root.findtext("MsgType") == "text"


def test_choices_are_links_on_lines_of_their_own() -> None:
    """Each choice is one line; its tap sends the label with the id."""
    assert shown(Reply("解决了吗？", YES_NO)) == (
        "解决了吗？\n"
        '<a href="weixin://bizmsgmenu?msgmenucontent=解决了&msgmenuid=101">解决了</a>\n'
        '<a href="weixin://bizmsgmenu?msgmenucontent=没解决&msgmenuid=102">没解决</a>'
    )


def test_a_choice_cannot_break_out_of_its_link() -> None:
    """Characters of markup in a label or an id are left out."""
    link = choice_link(Choice('1"><b>&', "a\"'<&>b"))
    assert link == '<a href="weixin://bizmsgmenu?msgmenucontent=ab&msgmenuid=1b">ab</a>'


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("a]]>b]]>]]>", "a]]>b]]>]]>"),  # the end of CDATA
        ("a\x00\x08b\x85c\ufffe", "abc"),  # what XML can't carry
        ("一\n二", "一\n二"),
        ("😟 <b>&amp;", "😟 <b>&amp;"),
    ],
)
def test_odd_characters(said: str, seen: str) -> None:
    """Odd characters arrive as they are, or are left out; the XML never breaks."""
    assert shown(Reply(said)) == seen


@given(st.text(st.characters(), max_size=900), st.booleans())
def test_any_text_makes_a_valid_reply(said: str, asked: bool) -> None:
    """Whatever a service says, the reply is valid and within the limits; choices stay whole."""
    content = shown(Reply(said, YES_NO if asked else ()))
    assert fits(content)
    assert not asked or content.endswith(choice_link(YES_NO[1]))


def test_long_text_ends_at_a_sentence_and_says_so() -> None:
    """What doesn't fit is left out from a sentence on, and announced."""
    content = shown(Reply("路灯坏了三天。" * 200, YES_NO))
    head, _, rest = content.partition("\n（后面还有）\n")
    assert head.endswith("三天。")
    assert rest.startswith("<a href=")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("灯" * 900, "灯" * 598 + "……"),  # no sentence at all: cut at the limit of characters
        ("😟" * 900, "😟" * 448 + "……"),  # four bytes each: the limit of bytes, no half emoji
        ("一。" + "灯" * 900, "一。" + "灯" * 596 + "……"),  # a short sentence isn't worth it
        ("灯" * 590 + '<a href="https://x.test/">看</a>', "灯" * 590 + "……"),  # a link is whole
    ],
)
def test_shorten(said: str, kept: str) -> None:
    """A text is cut where it hurts least."""
    assert shorten(said, "……") == kept


def test_words_of_others_carry_no_link() -> None:
    """A resident's words can't become a link in what a member reads."""
    assert harmless('<a href="http://evil.test">点这里</a>') == (
        '＜a href="http://evil.test"＞点这里＜/a＞'
    )
