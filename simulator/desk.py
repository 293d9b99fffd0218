"""The parts of the desk, put together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator import allowances, media, menu, qr
from simulator.clock import DeskClock
from simulator.config import Config
from simulator.faults import Faults
from simulator.incoming import Incoming, incoming
from simulator.people import Person
from simulator.push import Outcome, Pusher, Timing
from simulator.sending import Sending
from simulator.store import Store
from simulator.tokens import Tokens


class NotFollowing(ValueError):
    """Somebody who left the account tried to use its chat."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a route needs."""

    config: Config
    timing: Timing
    clock: DeskClock
    store: Store
    faults: Faults
    tokens: Tokens
    pusher: Pusher
    sending: Sending

    def act(self, person: Person, what: Incoming) -> Outcome:
        """A person does something on the phone: remember it, push it, show the reply.

        Raises NotFollowing when only a follower can do it.
        """
        what = _as_far_as_following(person, qr.resolved(self.store, what, self.clock.now()))
        what = menu.named(self.store, what)
        what = media.sent(self.store, person.openid, what, self.clock.now())
        now = self.clock.now()
        row = {"direction": "in", "kind": what.kind, "text": what.shown}
        self.store.add_message(person.openid, now, row)
        allowances.open_for(self.store, self._follow(person, what), what.allows, now)
        outcome = self.pusher.deliver(person.openid, what)
        if what.silent:
            return Outcome("", outcome.tries, outcome.ms, outcome.failed)
        self.pusher.show(person.openid, outcome)
        return outcome

    def _follow(self, person: Person, what: Incoming) -> Person:
        """Following and leaving close the reply window; the openid stays the same."""
        name = dict(what.fields).get("Event", "")
        if name not in ("subscribe", "unsubscribe"):
            return person
        follows = name == "subscribe"
        self.store.run(
            "UPDATE people SET follows = ?, window_end = 0 WHERE openid = ?",
            (follows, person.openid),
        )
        return replace(person, follows=follows, window_end=0)


def _as_far_as_following(person: Person, what: Incoming) -> Incoming:
    """Who left the account can only follow again; scanning a code does that, with its scene."""
    fields = dict(what.fields)
    if person.follows or fields.get("Event") == "subscribe":
        return what
    if fields.get("Event") == "SCAN":
        return incoming({"type": "subscribe", "scene": fields["EventKey"]})
    raise NotFollowing("this person left the account: post {type: subscribe} first")


def build(
    config: Config,
    timing: Timing | None = None,
    *,
    real: Callable[[], float] = time.time,
    overlap: int = 300,
) -> Desk:
    """A desk on config.var_dir; tests give shorter waits, a clock, and a token overlap."""
    timing = timing or Timing()
    clock = DeskClock(config.var_dir, real)
    store = Store(config.var_dir)
    faults = Faults(store)
    pusher = Pusher(config, store, faults, clock, timing)
    tokens = Tokens(config, store, clock, overlap)
    sending = Sending(store, clock, faults, pusher, timing)
    return Desk(config, timing, clock, store, faults, tokens, pusher, sending)
