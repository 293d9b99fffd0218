"""The way of a notice: allowances, hops, digests, what the platform tells later, and calls."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.messages import Sent
from bot.services import calls, reach, staff
from bot.services.deliver import deliver
from bot.services.ports import Deps
from bot.services.receipts import confirm
from bot.services.sweep import sweep
from tests.conversation_rig import LAMP, Phone, Town
from tests.fakes import RecordingSms
from tests.integration.test_deliver import Line, on, pushed, refused
from tests.wechat_push import event

BLOCK = "failed:user block"


class Quiet(Line):
    """A line whose notices get a message id of their own, or none at all."""

    def __init__(self, *, numbered: bool = True, **script: Any) -> None:
        super().__init__(**script)
        self.numbered = numbered
        self.words: list[str] = []

    def send_text(self, openid: str, text: str, choices: Any) -> Sent:
        """Remember the words."""
        self.words.append(text)
        return super().send_text(openid, text, choices)

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """Remember the fields."""
        self.words.append(" ".join(fields.values()))
        sent = super().send_notice(openid, fields, url, shape)
        return replace(sent, message_id=f"9{len(self.carried)}") if self.numbered else Sent(
            "subscribe"
        )  # fmt: skip


def with_(deps: Deps, **changes: Any) -> Deps:
    """The services with other settings."""
    return replace(deps, settings=deps.settings.model_copy(update=changes))


def change(town: Town, statement: str) -> None:
    """Write to the database directly."""
    with town.deps.database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def give_phone(town: Town, person: str) -> None:
    """The roster knows this person's number."""
    change(town, f"UPDATE people SET phone = '13800000000' WHERE code = '{person}'")


def silent(town: Town) -> None:
    """Two days pass without a word."""
    town.clock.advance(timedelta(hours=49))


def finished(phone: Phone, message_id: str, status: str = "success") -> None:
    """TEMPLATESENDJOBFINISH for this phone."""
    fields = f"<MsgID>{message_id}</MsgID><Status><![CDATA[{status}]]></Status>"
    created = int(phone.town.clock.now().timestamp())
    phone.push(event("TEMPLATESENDJOBFINISH", fields, person=phone.openid, created=created))


def outcomes(town: Town) -> list[tuple[Any, ...]]:
    """Hop and outcome of every attempt, oldest first."""
    return town.rows("SELECT hop, outcome FROM delivery_attempts ORDER BY id")


def messages(town: Town) -> list[dict[str, str]]:
    """What was handed over as short messages."""
    path = town.deps.settings.var_path / "sms.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_five_messages_then_the_template(town: Town) -> None:
    """Seven pushes to one member: five use up the reply window, two go by template; a word of
    theirs opens it again."""
    pushed(town)
    for n in range(6):
        town.phone(f"resident{n}").say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    assert sweep(town.deps)
    line = Line()
    deliver(on(town, line))
    assert line.carried == ["custom"] * 5 + ["template"] * 2
    assert _left(town, "first") == 0
    town.member("first").say("待办")
    assert _left(town, "first") == 5


def _left(town: Town, person: str) -> int:
    (found,) = town.rows(f"SELECT allowance_left FROM contacts WHERE address = 'oTEST_{person}'")
    return int(found[0])


def test_the_platform_corrects_our_count(town: Town) -> None:
    """45047: nothing is left, whatever we thought; the next one takes the template at once."""
    pushed(town)
    line = Line([refused("N", 45047)])
    deliver(on(town, line))
    assert (line.carried, _left(town, "first")) == (["template"], 0)


def test_the_last_message_is_the_answers(town: Town) -> None:
    """With one message left, news of progress goes by template and the answer as a text, with
    its choices."""
    first, resident = town.member("first"), town.phone()
    resident.say(LAMP)
    town.wait(seconds=5)
    change(town, "UPDATE contacts SET allowance_left = 1 WHERE address = 'oTEST_resident'")
    first.say(f"接{first.code}")
    town.tick()
    first.say(f"答{first.code} 路灯昨晚修好了")
    town.tick()
    progress, answer = resident.received()
    assert (progress.text, progress.fields["thing4"]) == ("", "请看进度")
    assert "路灯昨晚修好了" in answer.text
    assert len(answer.choices) == 3


def test_news_of_two_cases_is_one_message(town: Town) -> None:
    """What is due together for one person costs one of the five; each row is settled."""
    first, resident = town.member("first"), town.phone()
    resident.say(LAMP)
    town.wait(minutes=2)
    resident.say("还有一件事")
    resident.say("昭乌达路街道的垃圾三天没人收了")
    town.wait(seconds=5)
    before = len(resident.received())
    for code in _codes(first):
        first.say(f"接{code}")
    town.tick()
    (news,) = resident.received()[before:]
    numbers = [f"需{case.number}" for case in town.cases()]
    assert all(number in news.text for number in numbers)
    states = town.rows("SELECT state FROM outbox WHERE kind = 'accepted' ORDER BY id")
    assert states == [("sent",), ("merged",)]
    shown = staff.show(town.deps, town.cases()[1].number).notices or []
    (merged,) = [each for each in shown if each["kind"] == "accepted"]
    assert [each["outcome"] for each in merged["attempts"]] == ["merged"]


def _codes(phone: Phone) -> list[str]:
    return [words.rsplit("接", 1)[1] for words in phone.notices()]


def by_template(town: Town, line: Line | None = None) -> Quiet | Line:
    """The push of a case went to the first convener by template, numbered 91."""
    pushed(town)
    give_phone(town, "first")
    silent(town)
    sender = line or Quiet()
    deliver(on(town, sender))
    return sender


def test_a_receipt_settles_what_was_delivered(town: Town) -> None:
    """The platform's word on a template is kept once, also when it comes twice."""
    by_template(town)
    finished(town.member("first"), "91")
    town.clock.advance(timedelta(seconds=1))
    finished(town.member("first"), "91")
    assert outcomes(town) == [("template", "sent"), ("template", "delivered")]
    silent(town)
    assert confirm(town.deps) == []
    assert staff.calls(town.deps) == []


def test_who_blocks_us_gets_a_short_message(town: Town) -> None:
    """`failed:user block` after the platform had accepted: the person counts as unreachable there
    and the route goes on."""
    by_template(town)
    finished(town.member("first"), "91", BLOCK)
    gateway = RecordingSms()
    deliver(replace(town.deps, sms=gateway))
    assert [(to, "接" in words) for to, words in gateway.messages] == [("13800000000", True)]
    assert outcomes(town)[1:] == [("template", "failed"), ("sms", "sent")]
    assert town.rows("SELECT subscribed FROM contacts WHERE address = 'oTEST_first'") in (
        [(False,)], [(0,)],
    )  # fmt: skip


def test_a_receipt_may_come_before_we_settled(town: Town) -> None:
    """The event arrives while our call is not answered yet: nothing is lost, the route goes on."""
    pushed(town)
    silent(town)
    line = Quiet()
    line.meanwhile = lambda: finished(town.member("first"), "91", BLOCK)
    deliver(on(town, line))
    assert outcomes(town) == [("template", "sent"), ("template", "failed")]
    line.meanwhile = lambda: None
    deliver(on(town, line))
    (call,) = staff.calls(town.deps)
    assert [each["outcome"] for each in call.tried] == ["sent", "failed"]


def test_no_receipt_counts_as_sent_and_is_marked(town: Town) -> None:
    """After an hour without a word the notice stays sent, in doubt."""
    by_template(town)
    assert confirm(town.deps) == []
    town.clock.advance(timedelta(minutes=61))
    assert len(confirm(town.deps)) == 1
    assert outcomes(town)[-1] == ("template", "unconfirmed")
    assert [(s, bool(d)) for s, d in town.rows("SELECT state, in_doubt FROM outbox")] == [
        ("sent", True)
    ]


def consented(phone: Phone, template: str, answer: str) -> None:
    """The person answers the question for subscription notices on a page."""
    one = f"<TemplateId>{template}</TemplateId><SubscribeStatusString>{answer}"
    fields = f"<SubscribeMsgPopupEvent><List>{one}</SubscribeStatusString></List>"
    created = int(phone.town.clock.now().timestamp())
    xml = event("subscribe_msg_popup_event", f"{fields}</SubscribeMsgPopupEvent>",
                person=phone.openid, created=created)  # fmt: skip
    phone.push(xml)


def test_subscription_notices(
    monkeypatch: pytest.MonkeyPatch, make_town: Callable[[str], Town], database_url: str
) -> None:
    """A shape may travel as a subscription notice: without consent (43101) it is not tried again
    until the person agrees; its receipt is matched although the call named no message."""
    monkeypatch.setenv("XMZ_WECHAT_NOTICE_TASK", "subscribe:SUB")
    town = make_town(database_url)
    pushed(town)
    silent(town)
    line = Quiet(numbered=False, template=[refused("N", 43101, lost_consent=True)])
    assert [d.state for d in deliver(on(town, line))] == ["unreachable"]
    first, number = town.member("first"), town.case().number
    calls.resend(town.deps, number)
    assert [d.hop for d in deliver(on(town, line))] == [""]  # not even tried
    consented(first, "SUB", "accept")
    calls.resend(town.deps, number)
    assert [d.hop for d in deliver(on(town, line))] == ["subscribe"]
    told = "<TemplateId>SUB</TemplateId><MsgID>17</MsgID><ErrorCode>0</ErrorCode>"
    fields = f"<SubscribeMsgSentEvent><List>{told}</List></SubscribeMsgSentEvent>"
    created = int(town.clock.now().timestamp())
    first.push(event("subscribe_msg_sent_event", fields, person=first.openid, created=created))
    assert outcomes(town)[-1] == ("subscribe", "delivered")


def test_a_call_that_was_made_is_ticked_off(town: Town) -> None:
    """The list has words, hops and codes; ticked off with a reason it is empty, the case has the
    event, and the alarm about the dead letter ends."""
    pushed(town)
    deliver(on(town, Line([refused("X", 47003, alarm=True)])))
    (call,) = staff.calls(town.deps)
    assert [(t["hop"], t["code"]) for t in call.tried] == [("custom", 47003)]
    assert [a["kind"] for a in staff.alarm_lines(town.deps) if a["kind"] != "calendar"] == [
        "send:47003"
    ]
    runner = town.app.app.test_cli_runner()
    done = runner.invoke(args=["cases", "called", call.number, "--reason", "打通了"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"called": [call.id]})
    again = runner.invoke(args=["cases", "called", call.number, "--reason", "打通了"])
    assert again.exit_code == 1
    assert staff.calls(town.deps) == []
    assert [a for a in staff.alarm_lines(town.deps) if a["kind"] != "calendar"] == []
    assert [e["reason"] for e in town.case().events if e["kind"] == "called"] == ["打通了"]


def test_staff_hear_beforehand_what_will_not_arrive(town: Town) -> None:
    """Without a template, a resident who was silent for two days is on the list of calls before
    there is anything to send; a word of theirs takes them off."""
    town.phone().say(LAMP)
    silent(town)
    bare = with_(town.deps, wechat_template_id="")
    assert reach.out_of_reach(town.deps) == []  # the template reaches them
    (one,) = reach.out_of_reach(bare)
    assert (one.number, "请打电话" in one.why) == (f"需{town.case().number}", True)
    town.phone().say("查进度")
    assert reach.out_of_reach(bare) == []
    town.phone().do("unsubscribe")
    assert len(reach.out_of_reach(town.deps)) == 1


def test_trial_keeps_short_messages_to_the_team(town: Town) -> None:
    """In trial mode nobody off the list gets a short message either; who is on it is called as
    well, because a file reaches nobody."""
    town.member("first")
    change(town, "UPDATE contacts SET person_id = NULL")
    give_phone(town, "first")
    town.phone().say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    assert sweep(town.deps)
    trial = with_(town.deps, mode="trial", trial_people="nobody")
    assert {d.state for d in deliver(trial)} == {"skipped"}
    assert messages(town) == []
    town.phone("other").say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    assert sweep(town.deps)
    listed = with_(town.deps, mode="trial", trial_people="first")
    assert "unreachable" in {d.state for d in deliver(listed)}
    assert [m["phone"] for m in messages(town)] == ["13800000000"]
    assert [call.person for call in staff.calls(town.deps)] == ["马板凳"]
