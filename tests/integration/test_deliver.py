"""Notices: sent at least once, at most twice, marked when in doubt, never inside a transaction."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.inbound import Choice
from bot.domain.messages import Action, SendError, Sent
from bot.services import calls, staff
from bot.services.deliver import deliver
from bot.services.ports import Deps
from bot.services.sweep import sweep
from bot.store.unit_of_work import Database
from scheduler.tick import tick_until
from tests.conversation_rig import LAMP, Town


class Killed(BaseException):
    """The process dies here: nothing of ours may catch it."""


@dataclass
class Line:
    """A channel of which each send does what the test wrote down; with nothing left it works.

    An entry is None (works), an error raised before anything is sent, or `After(error)`.
    """

    custom: list[Any] = field(default_factory=list)
    template: list[Any] = field(default_factory=list)
    carried: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """A customer-service message."""
        return self._send("custom", self.custom)

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """A template notice."""
        return self._send("template", self.template)

    def _send(self, hop: str, script: list[Any]) -> Sent:
        self.meanwhile()
        then = script.pop(0) if script else None
        if isinstance(then, After):
            self.carried.append(hop)
            raise then.error
        if then is not None:
            raise then
        self.carried.append(hop)
        return Sent(hop, "id")


@dataclass
class After:
    """The message goes out, then this happens."""

    error: BaseException


def refused(action: str, code: int | None = 1, **more: Any) -> SendError:
    return SendError(action, code, f"refused {code}", **more)


def pushed(town: Town) -> None:
    """A case at station T001 whose push to the first convener's phone waits in the outbox."""
    town.member("first")
    town.phone().say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    assert sweep(town.deps)


def on(town: Town, line: Line) -> Deps:
    """The services, with this channel."""
    return replace(town.deps, channel=line)


def row(town: Town) -> dict[str, Any]:
    """The outbox's only row."""
    names = "state, attempts, in_doubt, hop, code, reason"
    (found,) = town.rows(f"SELECT {names} FROM outbox")
    return dict(zip(names.split(", "), found, strict=True))


def alarms(town: Town) -> list[object]:
    """Kinds of open alarms; that next year's holidays aren't known yet is no matter here."""
    kinds = [alarm["kind"] for alarm in staff.alarm_lines(town.deps)]
    return [kind for kind in kinds if kind != "calendar"]


def run(town: Town, line: Line, *, hours: float = 3) -> None:
    """Let time pass in which everything due is sent on this line."""
    until = town.clock.now() + timedelta(hours=hours)
    for _ in tick_until(on(town, line), until, lambda s: town.clock.advance(timedelta(seconds=s))):
        pass


REFUSALS: tuple[tuple[Any, ...], ...] = (
    # What the line does (custom hop, template hop) → state, hops carried, attempts.
    ("works", [], [], "sent", ["custom"], 1),
    ("busy once", [refused("R")], [], "sent", ["custom"], 2),
    ("busy for ever", [refused("R", tries=2)] * 9, [], "dead", [], 3),
    ("busy, then another way", [refused("R", tries=1, then=Action.NEXT_HOP)] * 9, [],
     "sent", ["template"], 2),
    ("window over (45015)", [refused("N", 45015)], [], "sent", ["template"], 1),
    ("no way left", [refused("N", 45047)], [refused("N", 43101)], "unreachable", [], 1),
    ("gone (43004)", [refused("U", 43004)], [refused("U", 43004)], "unreachable", [], 1),
    ("our mistake", [refused("X", 47003, alarm=True)], [], "dead", [], 1),
    ("hop closed", [refused("S", 48001, scope="hop", alarm=True)], [], "sent", ["template"], 1),
    ("channel closed", [refused("S", 40013, alarm=True)] * 5, [], "sent", ["custom"], 1),
    ("no answer once", [refused("R", None, unknown_outcome=True)], [], "sent", ["custom"], 2),
    ("no answer twice", [After(refused("R", None, unknown_outcome=True))] * 9, [],
     "dead", ["custom", "custom"], 2),
    ("a bug in the channel", [After(KeyError("x"))], [], "dead", ["custom"], 1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("custom", "template", "state", "carried", "attempts"),
    [case[1:] for case in REFUSALS],
    ids=[case[0] for case in REFUSALS],
)
def test_what_refusals_do(  # the table's columns
    town: Town, custom: list[Any], template: list[Any], state: str, *, carried: Any, attempts: int
) -> None:
    """Each of the platform's answers leads where the table of errors says."""
    pushed(town)
    line = Line(list(custom), list(template))
    run(town, line)
    assert (row(town)["state"], line.carried, row(town)["attempts"]) == (state, carried, attempts)


def test_nothing_is_sent_inside_a_transaction(town: Town) -> None:
    """While the channel works a write unit can be opened and another process can write."""
    pushed(town)
    wrote: list[int] = []

    def write() -> None:
        with town.deps.database.write() as session:
            session.connection().exec_driver_sql("UPDATE counters SET value = value")
            wrote.append(1)

    line = Line(meanwhile=write)
    deliver(on(town, line))
    assert line.carried == ["custom"]
    assert wrote == [1]


KILLS: tuple[tuple[Any, ...], ...] = (
    # Where the process dies, twice → what was carried, and what the row says in the end.
    ("between claim and send", [Killed(), Killed()], [], "dead"),
    ("between send and settle", [After(Killed()), After(Killed())], ["custom"] * 2, "dead"),
    ("once before the send", [Killed()], ["custom"], "sent"),
    ("once after the send", [After(Killed())], ["custom"] * 2, "sent"),
)


@pytest.mark.parametrize(
    ("script", "carried", "state"), [kill[1:] for kill in KILLS], ids=[kill[0] for kill in KILLS]
)
def test_killed_while_sending(
    town: Town, script: list[Any], carried: list[str], state: str
) -> None:
    """The lease runs out and the row is taken again, in doubt; never a third time, but shown."""
    pushed(town)
    line = Line(list(script))
    for _ in range(4):
        try:
            deliver(on(town, line))
        except Killed:
            assert deliver(on(town, line)) == []  # its lease still runs
        town.clock.advance(timedelta(seconds=61))
    found = row(town)
    assert (line.carried, found["state"], bool(found["in_doubt"])) == (carried, state, True)
    assert [call.in_doubt for call in staff.calls(town.deps)] == [True] * (state == "dead")


def test_many_lost_outcomes_are_one_alarm(town: Town) -> None:
    """A sender that dies over several notices rings once; the last of them on the list ends it."""
    town.member("first")
    for name in ("aunt", "uncle"):
        town.phone(name).say(LAMP)
        town.clock.advance(timedelta(seconds=5))
        assert sweep(town.deps)
        for _ in "12":
            with pytest.raises(Killed):
                deliver(on(town, Line([Killed()])))
            town.clock.advance(timedelta(seconds=61))
        assert [each.state for each in deliver(town.deps)] == ["dead"]
    rung = [each for each in staff.alarm_lines(town.deps) if each["kind"] == "in_doubt"]
    assert [each["count"] for each in rung] == [2]
    first, second = staff.calls(town.deps)
    calls.resend(town.deps, first.number)
    assert "in_doubt" in str(staff.alarm_lines(town.deps))
    calls.resend(town.deps, second.number)
    assert "in_doubt" not in str(staff.alarm_lines(town.deps))


@pytest.mark.slow
def test_two_senders_at_once(town: Town) -> None:
    """Two schedulers on one database: every notice goes out once."""
    for n in range(20):
        town.phone(f"resident{n}").say(LAMP)
    town.member("first")
    town.clock.advance(timedelta(seconds=5))
    assert sweep(town.deps)
    line, ready = Line(), threading.Barrier(2)
    other = Database(town.deps.database.engine.url.render_as_string(hide_password=False))

    def work(database: Database) -> None:
        ready.wait(timeout=10)
        while deliver(replace(on(town, line), database=database)):
            pass

    threads = [threading.Thread(target=work, args=(db,)) for db in (town.deps.database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    other.dispose()
    assert len(line.carried) == 20
    states = town.rows("SELECT state, attempts, count(*) FROM outbox GROUP BY 1, 2")
    assert states == [("sent", 1, 20)]


def test_untrue_notice_is_not_sent(town: Town) -> None:
    """The case is withdrawn while its push waits: nobody is asked to accept it."""
    pushed(town)
    town.phone().say("撤回")
    town.phone().say("撤回")
    line = Line()
    done = deliver(on(town, line))
    states = {each.kind: each.state for each in done}
    assert states.get("push", "skipped") == "skipped"
    assert town.case().state == "withdrawn"


def test_closed_channel_is_left_alone(town: Town) -> None:
    """After a STOP one alarm stands, and no other notice is tried until the wait is over."""
    town.member("first")
    for n in range(5):
        town.phone(f"resident{n}").say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    assert sweep(town.deps)
    tried: list[int] = []
    line = Line([refused("S", 89503, wait=600, alarm=True)], meanwhile=lambda: tried.append(1))
    deliver(on(town, line))
    assert deliver(on(town, line)) == []
    assert len(tried) == 1
    assert alarms(town) == ["way:channel"]
    run(town, line, hours=0.2)
    assert len(line.carried) == 5
    assert alarms(town) == []


def test_notice_that_cannot_be_put_into_words(town: Town) -> None:
    """One broken row is set aside with an alarm; the others go out."""
    pushed(town)
    town.phone("other").say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    sweep(town.deps)
    with town.deps.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cases SET state = 'nonsense' WHERE id = 1")
    line = Line()
    assert sorted(each.state for each in deliver(on(town, line))) == ["dead", "sent"]
    assert alarms(town) == ["notice_failed:push"]


def test_window_of_48_hours(town: Town) -> None:
    """Who wrote within two days gets a text; after that the template carries it."""
    pushed(town)
    line = Line()
    town.clock.advance(timedelta(hours=49))
    deliver(on(town, line))
    assert line.carried == ["template"]


def test_no_template_means_a_call(town: Town) -> None:
    """Outside the window, without a template: a person must call, and reads what to say."""
    pushed(town)
    town.clock.advance(timedelta(hours=49))
    settings = town.deps.settings.model_copy(update={"wechat_template_id": ""})
    deliver(replace(on(town, Line()), settings=settings))
    (call,) = staff.calls(town.deps)
    assert (call.number, call.person) == (f"需{town.case().number}", "马板凳")
    assert "接单" in call.words


def test_call_is_off_the_list_when_it_became_untrue(town: Town) -> None:
    """Somebody else accepted: nobody is called about a case that has its person."""
    second = town.member("second")
    pushed(town)
    deliver(on(town, Line([refused("U")], [refused("U")])))
    assert len(staff.calls(town.deps)) == 1
    town.wait(hours=24)
    second.say(f"接{second.code}")
    assert town.case().state == "accepted"
    assert staff.calls(town.deps) == []


def test_who_writes_again_is_reached_again(town: Town) -> None:
    """43004 marks a person unreachable until their next message."""
    pushed(town)
    deliver(on(town, Line([refused("U")], [refused("U")])))
    subscribed = "SELECT subscribed FROM contacts WHERE address = 'oTEST_first'"
    assert not town.rows(subscribed)[0][0]
    town.member("first").say("待办")
    assert town.rows(subscribed)[0][0]


def test_trial_reaches_the_team_only(town: Town) -> None:
    """In trial mode notices go to listed people; all others are recorded as not sent."""
    pushed(town)
    line = Line()
    trial = town.deps.settings.model_copy(update={"mode": "trial", "trial_people": "1,second"})
    assert [d.state for d in deliver(replace(on(town, line), settings=trial))] == ["skipped"]
    town.phone("other").say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    sweep(town.deps)
    listed = trial.model_copy(update={"trial_people": "second, first"})
    assert [d.state for d in deliver(replace(on(town, line), settings=listed))] == ["sent"]


def test_quiet_hours_hold_reminders(town: Town) -> None:
    """A reminder that falls due while the scheduler was off, at 23:00, waits for 08:00; one that
    has become untrue by then is not sent at all."""
    first = town.member("first")
    town.phone().say(LAMP)
    town.wait(seconds=5)
    town.clock.advance(timedelta(hours=13))
    town.tick()
    assert len(first.notices()) == 1  # the push; the reminder waits
    assert town.rows("SELECT state FROM outbox WHERE kind = 'accept_reminder'") == [("queued",)]
    town.wait(hours=8)
    assert len(first.notices()) == 1
    town.wait(hours=1, minutes=1)
    assert len(first.notices()) == 2


def test_a_reminder_that_was_held_up_never_rings_at_night(town: Town) -> None:
    """Held until 08:00 and then kept back by an outage until the next night: it waits again."""
    first = town.member("first")
    town.phone().say(LAMP)
    town.wait(seconds=5)
    town.clock.advance(timedelta(hours=13))  # 23:00: the reminder is made and held
    town.tick()
    town.clock.advance(timedelta(hours=24))  # the next 23:00: nothing ran since
    deliver(town.deps)
    assert len(first.notices()) == 1
    town.clock.advance(timedelta(hours=10))
    deliver(town.deps)
    assert len(first.notices()) == 2
