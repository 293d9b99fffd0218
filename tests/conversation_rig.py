"""A town of phones around the whole app: people write, time passes, notices arrive.

Everything goes in by signed pushes and comes out as replies and by the recording channel.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from bot.domain.stations import Directory
from bot.services import staff
from bot.services.ports import Deps
from bot.services.roster import directory
from bot.services.views import CaseView
from scheduler.tick import tick, tick_until
from tests.app_client import AppClient
from tests.factories import bind_phone
from tests.fakes import Delivery, FakeClock, FakeSignIn, PaperPlatform, RecordingChannel
from tests.wechat_push import body, event

LAMP = "昭乌达路街道的路灯坏了三天了"
"""A demand with a sure place and a sure topic: it goes to station T001."""
LAMP_NOWHERE = "路灯坏了三天了，晚上没法走"
"""The same without a place: it goes to the studio T003, and we ask where."""
FIRE = "我家着火了"

_LINK = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^&]*)&msgmenuid=([^"]*)">')
_NUMBER = re.compile(r"需(\d{6}-\d{4})")
_serial = count(25000000000000001)


@dataclass
class Town:
    """The app, its clock and its channel, and the phones of whoever appears in a test."""

    app: AppClient
    clock: FakeClock
    channel: RecordingChannel
    platform: PaperPlatform
    sign_in: FakeSignIn
    phones: dict[str, "Phone"] = field(default_factory=dict)

    @property
    def deps(self) -> Deps:
        """What wiring made."""
        return self.app.deps

    def phone(self, name: str = "resident") -> "Phone":
        """The phone of somebody who only follows the account."""
        return self.phones.setdefault(name, Phone(self, f"oTEST_{name}"))

    def member(self, person: str) -> "Phone":
        """The phone of a person of the network (code of tests.factories), bound."""
        if person not in self.phones:
            phone = self.phone(person)
            bind_phone(self.deps.database, person, phone.openid, self.clock.now())
        return self.phones[person]

    def tick(self) -> list[tuple[str, Any]]:
        """Run what is due now."""
        return list(tick(self.deps))

    def wait(self, **time: float) -> None:
        """Let time pass, with everything that falls due on the way: `wait(hours=2)`."""
        until = self.clock.now() + timedelta(**time)
        for _ in tick_until(self.deps, until, self._advance):
            pass

    def _advance(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def cases(self) -> list[CaseView]:
        """All cases as the export gives them, oldest first."""
        return list(staff.export(self.deps))

    def case(self) -> CaseView:
        """The only case there is."""
        (only,) = self.cases()
        return only

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        with self.deps.database.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sql(statement))]

    def dump(self) -> str:
        """Every row of every table as text."""
        backend = self.deps.database.is_sqlite
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if backend
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        tables = [name for (name,) in self.rows(names)]
        return "\n".join(f"{t}: {row!r}" for t in tables for row in self.rows(f"SELECT * FROM {t}"))

    def directory(self) -> Directory:
        """The stations."""
        return directory(self.deps)


@dataclass
class Phone:
    """One person's chat with the account."""

    town: Town
    openid: str
    last: str = ""
    """The reply shown last."""

    def say(self, words: str, *, menu_id: str = "", msg_id: str = "") -> str:
        """Send a text; returns the reply shown."""
        tapped = f"<bizmsgmenuid>{menu_id}</bizmsgmenuid>" if menu_id else ""
        content = f"<Content><![CDATA[{words}]]></Content>{tapped}"
        return self._show(self._message("text", content, msg_id))

    def send(self, kind: str, elements: str = "") -> str:
        """Send a photo, voice, video, location or link; returns the reply shown."""
        return self._show(self._message(kind, elements or MEDIA[kind], ""))

    def do(self, name: str, key: str = "") -> str:
        """An event: subscribe, unsubscribe, SCAN, CLICK …; returns the reply shown."""
        extra = f"<EventKey><![CDATA[{key}]]></EventKey>"
        xml = event(name, extra, person=self.openid, created=self._created())
        return self._show(self.push(xml))

    def tap(self, label: str) -> str:
        """Tap the choice with this label, under the last reply or in the latest notice."""
        ids = self.choices()
        return self.say(label, menu_id=ids[label])

    def choices(self) -> dict[str, str]:
        """Choices in view: label → id."""
        shown = dict(_LINK.findall(self.last))
        for delivery in self.received():
            shown |= {choice.label: choice.id for choice in delivery.choices}
        return shown

    def received(self) -> list[Delivery]:
        """Notices that arrived, oldest first."""
        return [d for d in self.town.channel.deliveries if d.openid == self.openid]

    def notices(self) -> list[str]:
        """Their texts."""
        return [d.text for d in self.received()]

    @property
    def code(self) -> str:
        """The item code in the latest notice or list."""
        found = self.codes()
        assert found, "no notice carries a code"
        return found[0]

    def codes(self) -> list[str]:
        """Item codes, the latest first. A notice may carry none: nobody opened the station."""
        told = reversed([*self.notices(), self.last])
        found = [re.search(r"(?:接|答|编号 |收到|挂|准|回|看)(\d{2,3})(?!\d)", w) for w in told]
        return [each[1] for each in found if each]

    @property
    def number(self) -> str:
        """The case number in the last reply."""
        found = _NUMBER.search(self.last)
        assert found, self.last
        return found[1]

    def push(self, xml: str) -> TestResponse:
        """Deliver these bytes, signed now."""
        app, now = self.town.app, self.town.clock.now()
        return replace(app, platform=replace(app.platform, now=now)).push(xml)

    def text_xml(self, words: str, msg_id: str = "") -> str:
        """The bytes of a text of this phone."""
        number = msg_id or str(next(_serial))
        content = f"<Content><![CDATA[{words}]]></Content><MsgId>{number}</MsgId>"
        return body(content, person=self.openid, created=self._created())

    def _message(self, kind: str, elements: str, msg_id: str) -> TestResponse:
        number = f"<MsgId>{msg_id or next(_serial)}</MsgId>"
        created = self._created()
        return self.push(body(elements, number, person=self.openid, created=created, kind=kind))

    def _created(self) -> int:
        return int(self.town.clock.now().timestamp())

    def _show(self, response: TestResponse) -> str:
        self.last = self.town.app.shown(response)
        return self.last


MEDIA: Mapping[str, str] = {
    "image": "<PicUrl>http://mmbiz.qpic.cn/x/0</PicUrl><MediaId>photo1</MediaId>",
    "voice": "<MediaId>voice1</MediaId><Format>amr</Format>",
    "video": "<MediaId>video1</MediaId><ThumbMediaId>thumb1</ThumbMediaId>",
    "location": "<Location_X>40.8</Location_X><Location_Y>111.7</Location_Y><Scale>15</Scale>"
    "<Label>内蒙古呼和浩特市赛罕区昭乌达路街道</Label>",
    "link": "<Title>路口的照片</Title><Description></Description><Url>https://example.org/1</Url>",
}
"""What the platform sends besides the head."""


def answered(town: Town, words: str = "13 盏路灯昨晚亮了") -> tuple[Phone, Phone]:
    """A resident's phone and a convener's, after the convener answered."""
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(seconds=5)
    convener.say(f"答{convener.code} {words}")
    town.tick()
    return phone, convener
