"""有结果时通知我: what a person is asked there, when they are pointed to it, what it lets in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from bot.domain.messages import Action, SendError, Sent
from bot.domain.page_tags import sign
from bot.domain.signing_in import Visitor
from bot.services.reach import out_of_reach
from tests.conversation_rig import LAMP, LAMP_NOWHERE, Town
from tests.fakes import PaperTickets, RecordingChannel
from tests.integration.test_delivery_route import consented
from tests.web.h5_rig import Pages, pages_of
from tests.web.test_h5_door import here

__all__ = ["here"]
PAGE = "/h5/notices"
STRICT = "script-src"


class Subscribed(RecordingChannel):
    """A channel whose notices travel as subscription notices."""

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        super().send_notice(openid, fields, url, shape)
        return Sent("subscribe", f"s{len(self.deliveries)}")


def asks(town: Town, **ids: str) -> None:
    """These shapes travel as 订阅通知."""
    names = {f"wechat_notice_{shape}": f"subscribe:{each}" for shape, each in ids.items()}
    settings = town.deps.settings.model_copy(update=names)
    town.channel = Subscribed()
    town.app.use(replace(town.deps, settings=settings, channel=town.channel))


def policy(pages: Pages) -> str:
    return pages.page.headers["Content-Security-Policy"]


def tags(pages: Pages) -> list[html.HtmlElement]:
    found: list[html.HtmlElement] = pages.tree.xpath("//wx-open-subscribe")
    return found


def test_a_resident_is_asked_when_it_helps(town: Town) -> None:
    """After a matter was registered the reply and the list point there; what was allowed is said
    with its time and how often it was used, then it is asked again; no is taken as no."""
    asks(town, answer="ANS")
    phone, first = town.phone(), town.member("first")
    pages = pages_of(phone)
    assert "通知我" not in pages.open("/h5/mine")  # nothing goes on yet
    said = phone.say(LAMP)
    assert f'<a href="http://127.0.0.1:8000{PAGE}">' in said
    pages.open("/h5/mine")
    (link,) = pages.tree.xpath("//main//a[contains(., '有结果时通知我')]/@href")
    assert "还没有允许" in pages.open(link)
    (tag,) = tags(pages)
    assert tag.get("template") == "ANS"
    assert "好的，有结果就推给您" in pages.send("", template="ANS", value="accept")
    assert ("今天 10:00 您允许了，还没有用过" in pages.text, tags(pages)) == (True, [])
    assert "通知我" not in pages.open("/h5/mine")
    town.wait(seconds=5)
    first.say(f"接{first.code}")
    town.clock.advance(timedelta(hours=49))
    first.say(f"答{first.code} 13 盏路灯昨晚亮了")
    town.tick()
    assert [d.url for d in phone.received()][-1].endswith(f"/h5/c/{town.cases()[-1].number}")
    assert "您允许后推过 1 次" in pages.open(PAGE)
    assert len(tags(pages)) == 1
    assert "好的，不推给您" in pages.send("", template="ANS", value="reject")
    assert "现在没有允许，或者用完了" in pages.text
    consented(phone, "ANS", "accept")  # in an article, or by another page of ours
    assert "还没有用过" in pages.open(PAGE)


def test_staff_hear_whom_the_answer_would_not_reach(town: Town) -> None:
    """A consent that nobody gave is not counted on ahead of time; one that was given is."""
    asks(town, answer="ANS")
    phone = town.phone()
    phone.say(LAMP)
    town.clock.advance(timedelta(hours=49))
    town.app.use(replace(town.deps, settings=town.deps.settings.model_copy(update={"sms": "off"})))
    assert [each.number for each in out_of_reach(town.deps)] == [f"需{phone.number}"]
    consented(phone, "ANS", "accept")
    assert out_of_reach(town.deps) == []


def test_the_page_lets_in_only_what_it_needs(here: Town) -> None:
    """Signed for the address that the browser has, query and all; the platform's script and frames
    are let in on this page alone, and only while there is something to ask."""
    asks(here, answer="ANS", progress="PRO")
    pages = pages_of(here.phone())
    pages.open(f"{PAGE}?from=singlemessage&isappinstalled=0")
    (asking,) = pages.tree.xpath("//ul[@id='asking']")
    known = here.deps.settings
    good = sign(
        known.wechat_app_id, "paper-ticket",
        f"http://127.0.0.1:8000{PAGE}?from=singlemessage&isappinstalled=0",
        nonce=asking.get("data-nonce"), timestamp=int(asking.get("data-timestamp")),
    )  # fmt: skip
    assert (asking.get("data-app"), asking.get("data-signature")) == (good.app_id, good.signature)
    script, ours = pages.tree.xpath("//script[@src]/@src")
    assert (script, ours.endswith("/notices.js")) == (
        "http://127.0.0.1:8100/open/js/jweixin-1.6.0.js", True,
    )  # fmt: skip
    assert f"script-src 'self' {script}; frame-src http://127.0.0.1:8100" in policy(pages)
    assert "unsafe" not in policy(pages)
    real = known.model_copy(update={"wechat_api_base": "https://api.weixin.qq.com"})
    here.app.use(replace(here.deps, settings=real))
    pages.open(PAGE)
    assert "script-src 'self' https://res.wx.qq.com/open/js/jweixin-1.6.0.js; " in policy(pages)
    assert "frame-src https://*.qq.com webcompt:" in policy(pages)
    for template in ("ANS", "PRO"):
        consented(here.phone(), template, "accept")
    for path in (PAGE, "/h5/mine", "/h5/data"):
        pages.open(path)
        assert (STRICT in policy(pages), pages.tree.xpath("//script")) == (False, [])


def test_each_view_says_what_to_do(here: Town) -> None:
    """Without templates nothing is asked or shown; without a ticket, without script, with an answer
    to nothing, in a trial and on a snapshot page there is a sentence for it."""
    pages = pages_of(here.phone())
    here.phone().say(LAMP)
    assert "现在没有要您允许的通知" in pages.open(PAGE)
    assert all("通知" not in pages.open(f"/h5/{path}") for path in ("mine", "data"))
    asks(here, answer="ANS")
    assert "不允许也可以" in pages.open(PAGE)
    (fallback,) = pages.tree.xpath("//p[@id='no-tags'][not(@hidden)]")
    assert "升级" in fallback.text_content()
    assert "哪些通知可以推给我" in pages.open("/h5/data")
    pages.open(PAGE)
    assert ("不用问了" in pages.send("", template="OTHER", value="accept"), pages.status) == (
        True,
        409,
    )
    pages.open(PAGE)
    pages.send("", template="ANS", value="maybe")
    assert pages.status == 409
    tickets = here.deps.page_tickets
    assert isinstance(tickets, PaperTickets)
    tickets.trouble = SendError(Action.STOP, 48001, "no right")
    assert "现在问不了微信" in pages.open(PAGE)
    assert (tags(pages), STRICT in policy(pages), pages.status) == ([], False, 200)
    tickets.trouble = None
    here.app.use(
        replace(here.deps, settings=here.deps.settings.model_copy(update={"mode": "trial"}))
    )
    assert "现在没有要您允许的通知" in pages.open(PAGE)  # in a trial nothing would be sent
    here.sign_in.refusals.append(Visitor("oNOBODY", snapshot=True))
    assert "这是网页快照" in pages_of(here.phone("other")).open(PAGE)


@pytest.mark.parametrize(
    ("person", "alert", "asked"),
    [
        ("first", "ALARM", ["TASK", "ANS"]),
        ("duty", "ALARM", ["TASK", "ALARM", "ANS"]),
        ("night", "TASK", ["TASK", "ANS"]),
    ],
)
def test_people_of_the_network_are_asked_for_their_work(
    here: Town, person: str, alert: str, asked: list[str]
) -> None:
    """待办 points there until it is allowed; alerts are asked of those whom they reach; a template
    that carries two shapes is asked for once."""
    asks(here, task="TASK", answer="ANS", alert=alert)
    phone = here.member(person)
    pages = pages_of(phone)
    assert "有新的事时通知我" in pages.open("/h5/todo")
    pages.open(PAGE)
    assert [tag.get("template") for tag in tags(pages)] == asked
    for template in asked:
        consented(phone, template, "accept")
    assert "有新的事时通知我" not in pages.open("/h5/todo")


def test_one_question_at_a_time(here: Town) -> None:
    """A reply that asks for the place does not ask for a consent as well, and one that was given
    is not asked for again."""
    asks(here, answer="ANS")
    assert PAGE not in here.phone().say(LAMP_NOWHERE)
    consented(here.phone("other"), "ANS", "accept")
    assert PAGE not in here.phone("other").say(LAMP)
