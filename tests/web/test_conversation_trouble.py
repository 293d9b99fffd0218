"""Messages that meet in time, and failures of our own: once each, and nothing lost."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

from bot.domain.understanding import (
    CategoryInfo,
    EmergencyInfo,
    Reading,
    Understander,
    Weighed,
    Where,
)
from bot.texts import Texts
from tests.conversation_rig import FIRE, LAMP, Town


class Meeting:
    """An understander whose first readers wait for each other before anything is written."""

    def __init__(self, real: Understander, parties: int) -> None:
        self._real, self._parties = real, parties
        self._barrier, self._calls = threading.Barrier(parties), count()
        self.version = real.version
        self.categories: dict[str, CategoryInfo] = real.categories
        self.emergencies: dict[str, EmergencyInfo] = real.emergencies
        self.words: Mapping[str, Weighed] = real.words

    def with_words(self, office: Mapping[str, Weighed]) -> Understander:
        """The one that reads, with these."""
        return self._real.with_words(office)

    def with_places(self, office: Mapping[str, Where]) -> Understander:
        """The one that reads, with these."""
        return self._real.with_places(office)

    def unlisted(self, masked: str) -> tuple[str, ...]:
        """As the one that reads."""
        return self._real.unlisted(masked)

    def read(self, text: str) -> Reading:
        """Read, when all others are here too."""
        if next(self._calls) < self._parties:
            self._barrier.wait(timeout=20)
        return self._real.read(text)


class Broken(Meeting):
    """An understander that fails at every text."""

    def read(self, text: str) -> Reading:
        """Fail."""
        raise RuntimeError("no reading today")


def use(town: Town, understander: Understander) -> None:
    """Let the running app understand with this."""
    town.app.use(replace(town.deps, understander=lambda: understander))


def at_once(town: Town, *bodies: str) -> list[str]:
    """Deliver these pushes in threads that meet after reading; returns what each one showed."""
    use(town, Meeting(town.deps.understander(), len(bodies)))

    def deliver(xml: str) -> str:
        client = replace(town.app, client=town.app.app.test_client())
        return client.shown(client.push(xml))

    with ThreadPoolExecutor(len(bodies)) as threads:
        return list(threads.map(deliver, bodies))


def test_two_messages_at_once_are_one_case(town: Town) -> None:
    """Words in two messages 200 ms apart: one registers, the other adds, in either order."""
    phone = town.phone()
    replies = at_once(town, phone.text_xml(LAMP), phone.text_xml("昭乌达路街道3号楼下的井盖也丢了"))
    assert len(town.cases()) == 1
    assert sorted("补充到" in reply for reply in replies) == [False, True]
    assert "路灯" in town.case().text
    assert "井盖" in town.case().text


def test_two_people_at_once_are_two_cases(town: Town) -> None:
    """Numbers are given once, and nobody waits in vain."""
    at_once(town, town.phone("a").text_xml(LAMP), town.phone("b").text_xml(LAMP))
    assert [case.number for case in town.cases()] == ["261123-0001", "261123-0002"]


def test_three_tries_at_once_are_one_case_and_one_reply(town: Town) -> None:
    """The platform's tries overlap when we are slow: each gets the same words."""
    xml = town.phone().text_xml(LAMP)
    replies = at_once(town, xml, xml, xml)
    assert len(set(replies)) == 1
    assert "需261123-0001" in replies[0]
    assert len(town.cases()) == 1
    assert town.app.count("messages") == 1


def test_repeat_after_the_reply_gets_the_same_reply(town: Town) -> None:
    """Also when the state has moved on since."""
    phone = town.phone()
    first = phone.say(LAMP, msg_id="7001")
    phone.say("还有一件事，大学西路街道的井盖丢了")
    assert phone.say(LAMP, msg_id="7001") == first
    assert len(town.cases()) == 2


def test_repeat_keeps_its_choices(town: Town) -> None:
    """The tappable answers come again with the repeated reply."""
    phone = town.phone()
    phone.say(LAMP)
    first = phone.say("撤回", msg_id="7002")
    assert "weixin://bizmsgmenu" in first
    assert phone.say("撤回", msg_id="7002") == first


def test_failing_understanding_leaves_the_case_to_staff(town: Town) -> None:
    """Nobody understood it, so a person reads it; a second piece still joins."""
    use(town, Broken(town.deps.understander(), 0))
    phone = town.phone()
    assert "需261123-0001" in phone.say(LAMP)
    phone.say("在小学门口")
    case = town.case()
    assert (case.state, case.queue) == ("new", "staff")
    assert town.rows("SELECT text FROM cases") == [(f"{LAMP}，在小学门口",)]
    assert case.next_step_at is not None


def without(town: Town, *keys: str) -> Callable[[], None]:
    """Poison the texts: these sentences are missing. Returns how to mend it."""
    whole = town.deps
    left = {k: v for k, v in whole.texts.sentences.items() if k not in keys}
    town.app.use(replace(whole, texts=Texts(left)))
    return lambda: town.app.use(whole)


def test_failure_while_handling_is_rescued(town: Town) -> None:
    """The message is kept, a person gets it, and the resident hears a number and a time."""
    without(town, "reply.received")
    reply = town.phone().say(LAMP)
    assert "您的话收到了，编号 需261123-0001，工作人员 今天 16:30 前会看" in reply
    case = town.case()
    assert (case.queue, case.text) == ("staff", LAMP)
    assert case.events[-1]["kind"] == "understanding_failed"
    assert town.rows("SELECT text FROM messages") == [(LAMP,)]


def test_failure_with_an_emergency_still_wakes_the_desk(town: Town) -> None:
    """What is broken is the reply, not the alarm."""
    mend = without(town, "reply.received_emergency", "reply.received_emergency_ask_place")
    duty = town.member("duty")
    town.phone().say(FIRE)
    mend()
    town.tick()
    assert town.case().queue == "emergency"
    assert "紧急" in duty.notices()[0]


def test_failure_with_a_photo_keeps_the_photo(town: Town) -> None:
    """The reference is all that leads to the picture."""
    without(town, "reply.received_media")
    town.phone().send("image")
    assert town.case().attachments == ["image"]


def test_failure_with_an_event_makes_no_case(town: Town) -> None:
    """An event that nobody typed is acknowledged and kept."""
    without(town, "reply.help")
    assert town.phone().do("CLICK", "K_NONE") == ""
    assert town.cases() == []
    assert town.app.count("messages") == 1
