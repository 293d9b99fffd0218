"""What the account sends through the API: customer-service messages, template messages and
subscription notices."""

import re
from typing import Any

from simulator import allowances, consents
from simulator.clock import DeskClock
from simulator.errors import Refused
from simulator.faults import Faults
from simulator.frames import inner
from simulator.incoming import Incoming, event
from simulator.people import Person
from simulator.push import Pusher, Timing
from simulator.store import Row, Store

LONGEST_TEXT = 2048
TEMPLATES, OLD = "DEMO_TEMPLATE", "DEMO_TEMPLATE_OLD"
"""Template ids that start so are known to this account; the second kind, from before 2023, takes
anything and cuts it silently."""
OLD_LENGTH = 20
ONCE = 600
"""Seconds in which the same client_msg_id sends nothing again."""
HOURLY = 200
"""Notices to one person in an hour. The platform publishes no number (43117)."""
RULES = {
    "thing": r"[^\n]{1,20}",
    "character_string": r"[!-~ ]{1,32}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "number": r"[0-9.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "phone_number": r"[0-9+\-]{1,17}",
    "time": r"[0-9年月日:：~\- /]{4,40}",
    "date": r"[0-9年月日:：~\- /]{4,40}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .]{1,20}",
    "const": r"[^\n]{1,20}",
}
"""Rules of a template's values by key prefix; other keys take anything not empty on one line."""


class Sending:
    """Puts what the account sends on the person's phone, by the platform's rules."""

    def __init__(
        self, store: Store, clock: DeskClock, faults: Faults, pusher: Pusher, timing: Timing
    ) -> None:
        self._store, self._clock, self._faults = store, clock, faults
        self._pusher, self._timing = pusher, timing

    def custom(self, body: dict[str, Any]) -> tuple[Row, str]:
        """message/custom/send: text and msgmenu. Returns the answer and the rule that let it."""
        person = self._person(body)
        row = self._custom_row(body)
        rule = allowances.spend(self._store, person, self._clock.now())
        self._store.add_message(person.openid, self._clock.now(), row)
        return {}, rule

    def _custom_row(self, body: dict[str, Any]) -> Row:
        kind = body.get("msgtype")
        if kind == "text":
            return _out("custom", _fits(_part(body, "text").get("content")))
        if kind != "msgmenu":
            raise Refused(40008, "msgtype must be text or msgmenu on this desk")
        menu = _part(body, "msgmenu")
        items = menu.get("list")
        if not isinstance(items, list) or not items:
            raise Refused(40035, "msgmenu needs a list of items")
        choices = [_choice(item) for item in items]
        words = (menu.get("head_content", ""), menu.get("tail_content", ""))
        text = _fits("\n".join(str(part) for part in words if part))
        return _out("custom", text) | {"choices": choices}

    def template(self, body: dict[str, Any]) -> tuple[Row, str]:
        """message/template/send; TEMPLATESENDJOBFINISH follows."""
        person = self._person(body)
        if not str(body.get("template_id", "")).startswith(TEMPLATES):
            raise Refused(40037, "template_id is none of this account's")
        old = str(body["template_id"]).startswith(OLD)
        data = _part(body, "data")
        lines = _cut(data) if old else _values(data)
        if not person.follows:
            raise Refused(43004, "the person does not follow the account")
        msgid, known = self._msgid(body.get("client_msg_id"))
        if known:
            return {"msgid": msgid}, "same client_msg_id within ten minutes: not sent again"
        self._room(person)
        blocked = person.blocks or self._faults.take(("user_block",), "template") is not None
        if not blocked:
            row = _out("template", "\n".join(lines)) | {"url": str(body.get("url") or "")}
            self._store.add_message(person.openid, self._clock.now(), row)
        self._finish(person, msgid, "failed:user block" if blocked else "success")
        return {"msgid": msgid}, "person blocks the account" if blocked else "follower"

    def subscribe(self, body: dict[str, Any]) -> tuple[Row, str]:
        """message/subscribe/bizsend; the answer names no message, subscribe_msg_sent_event does.
        It reaches people who don't follow, too."""
        person, template_id = self._person(body), str(body.get("template_id", ""))
        if not consents.known(template_id):
            raise Refused(40037, "template_id is none of this account's subscription templates")
        lines = _values(_part(body, "data"))
        self._room(person)
        rule = consents.spend(self._store, person, template_id)
        blocked = self._faults.take(("user_block",), "subscribe") is not None
        if not blocked:
            row = _out("subscribe", "\n".join(lines)) | {"url": str(body.get("page") or "")}
            self._store.add_message(person.openid, self._clock.now(), row)
        told = (
            ("TemplateId", template_id),
            ("MsgID", str(self._msgid(None)[0])),
            ("ErrorCode", "43101" if blocked else "0"),
            ("ErrorStatus", "failed:user block" if blocked else "success"),
        )
        sent = inner(("List", inner(*told)))
        self._end(
            person, event("subscribe_msg_sent_event", "", ("SubscribeMsgSentEvent", sent)),
            "subscribe",
        )  # fmt: skip
        return {}, rule

    def _room(self, person: Person) -> None:
        """43117 for a person who got too many notices within the hour."""
        found = self._store.rows(
            "SELECT COUNT(*) AS n FROM messages WHERE openid = ? AND at > ?"
            " AND kind IN ('template', 'subscribe')",
            (person.openid, self._clock.now() - 3600),
        )
        if found[0]["n"] >= HOURLY:
            raise Refused(43117, f"{HOURLY} notices to this person within an hour")

    def _finish(self, person: Person, msgid: int, status: str) -> None:
        fields = (("MsgID", str(msgid)), ("Status", status))
        self._end(person, event("TEMPLATESENDJOBFINISH", "", *fields), "template")

    def _end(self, person: Person, what: Incoming, place: str) -> None:
        """Push the end of the job: shortly after, early, late, twice or never."""

        def work() -> None:
            self._pusher.deliver(person.openid, what)

        if self._faults.take(("finish_never",), place):
            return
        if self._faults.take(("finish_early",), place):
            work()
            return
        late = self._faults.take(("finish_late",), place)
        wait = self._timing.finish if late is None else max(late.value, self._timing.finish)
        times = 2 if self._faults.take(("finish_twice",), place) else 1
        for _ in range(times):
            self._timing.later(wait, work)

    def _msgid(self, key: object) -> tuple[int, bool]:
        """A new msgid, or the one given to the same client_msg_id not long ago."""
        now = self._clock.now()
        if key:
            found = self._store.rows(
                "SELECT msgid FROM sent WHERE client_msg_id = ? AND at > ?", (str(key), now - ONCE)
            )
            if found:
                return int(found[0]["msgid"]), True
        msgid = self._store.next_number("msgid", 200_163_835)
        if key:
            self._store.run("INSERT OR REPLACE INTO sent VALUES (?, ?, ?)", (str(key), msgid, now))
        return msgid, False

    def _person(self, body: dict[str, Any]) -> Person:
        found = self._store.person(str(body.get("touser", "")))
        if found is None:
            raise Refused(40003, "touser never followed this account")
        return found


def _out(kind: str, text: str) -> Row:
    return {"direction": "out", "kind": kind, "text": text}


def _part(body: dict[str, Any], key: str) -> dict[str, Any]:
    part = body.get(key)
    if not isinstance(part, dict):
        raise Refused(47001, f"{key} must be an object")
    return part


def _fits(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise Refused(44004, "text is empty")
    if len(text.encode()) > LONGEST_TEXT:
        raise Refused(45002, f"text is over {LONGEST_TEXT} bytes")
    return text


def _choice(item: object) -> dict[str, str]:
    if not isinstance(item, dict) or not item.get("id") or not item.get("content"):
        raise Refused(40035, "every item of a msgmenu needs id and content")
    return {"id": str(item["id"]), "content": str(item["content"])}


def _cut(data: dict[str, Any]) -> list[str]:
    """What an old template shows: each value on one line, cut without a word."""
    found = [field.get("value") if isinstance(field, dict) else "" for field in data.values()]
    return [" ".join(str(value).split())[:OLD_LENGTH] for value in found]


def _values(data: dict[str, Any]) -> list[str]:
    if not data:
        raise Refused(47003, "data is empty")
    lines = []
    for key, field in data.items():
        value = field.get("value") if isinstance(field, dict) else None
        prefix = re.sub(r"\d+$", "", key)
        rule = RULES.get(prefix, r"[^\n]+")
        if not isinstance(value, str) or not re.fullmatch(rule, value):
            words = f"argument invalid! data.{key}.value invalid"
            raise Refused(47003, f"{key} breaks the rule of {prefix}", words)
        lines.append(value)
    return lines
