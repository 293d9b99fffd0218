"""The platform's push: URL check, signature, 5 seconds × 3 tries, and the faults of the wire."""

import http.client
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from simulator import crypto, frames
from simulator.clock import DeskClock
from simulator.config import Config
from simulator.faults import Faults
from simulator.incoming import STICKER, Incoming, event
from simulator.store import Store

NOTICE = "该公众号提供的服务出现故障，请稍后再试"
MSGID_START = 24_800_000_000_000_000
LONGEST_ANSWER = 1024 * 1024


def on_timer(seconds: float, work: Callable[[], None]) -> None:
    """Run `work` after that many seconds, on a thread of its own."""
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()


@dataclass(frozen=True, slots=True)
class Timing:
    """The platform's waits in seconds; tests give shorter ones."""

    limit: float = 5.0
    """How long one try waits for the whole answer."""
    spacing: float = 5.0
    """From the start of one try to the start of the next."""
    tries: int = 3
    hang: float = 30.0
    """How long a lost answer keeps the caller waiting."""
    finish: float = 0.5
    """From a template send to its TEMPLATESENDJOBFINISH."""
    pause: Callable[[float], object] = time.sleep
    later: Callable[[float, Callable[[], None]], None] = on_timer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one push. `reply`: text shown to the person, empty for none."""

    reply: str
    tries: int
    ms: int
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the account answered to one try; status 0: nothing usable, `body` says why."""

    status: int
    body: bytes


class Pusher:
    """Pushes to the account's server."""

    def __init__(
        self, config: Config, store: Store, faults: Faults, clock: DeskClock, timing: Timing
    ) -> None:
        self.config, self.store, self.faults = config, store, faults
        self.clock, self.timing = clock, timing
        self._checked = False
        self._held: list[tuple[str, bytes, Incoming]] = []
        self._second: dict[str, int] = {}
        self._lock = threading.Lock()

    def deliver(self, openid: str, what: Incoming) -> Outcome:
        """Push one message or event of a person, with whatever faults are switched on."""
        if self.faults.take(("unknown_event",)):
            self._push(openid, self._plain(openid, event("desk_unheard_of_event", "")), "event")
        what = self._bent(what)
        plain = self._plain(openid, what)
        if self.faults.take(("disorder",)):
            with self._lock:
                self._held.append((openid, plain, what))
            return Outcome("", 0, 0)
        outcome = self._push(openid, plain, what.kind)
        if self.faults.take(("duplicate",)):
            again = self._push(openid, plain, what.kind)
            same = "same" if again.reply == outcome.reply else "different"
            self._note(openid, f"duplicate of {what.kind}", f"{same} reply", "5 same MsgId again")
        self._release()
        return outcome

    def _bent(self, what: Incoming) -> Incoming:
        if what.msg_type == "text" and self.faults.take(("sticker_text",)):
            return what.with_field("Content", STICKER)
        if what.msg_type == "voice" and self.faults.take(("empty_recognition",)):
            return what.with_field("Recognition", "")
        return what

    def _plain(self, openid: str, what: Incoming) -> bytes:
        created = int(self.clock.now())
        if self.faults.take(("same_second",)):
            created = self._second.get(openid, created)
        self._second[openid] = created
        fields = [("MsgType", what.msg_type), *what.fields]
        if what.msg_type != "event":
            fields.append(("MsgId", str(self.store.next_number("MsgId", MSGID_START))))
        return frames.document(self.config, openid, created, fields)

    def _release(self) -> None:
        """Send what was held back: it arrives after the later one."""
        with self._lock:
            held, self._held = self._held, []
        for openid, plain, what in held:
            outcome = self._push(openid, plain, what.kind)
            self.show(openid, outcome)

    def show(self, openid: str, outcome: Outcome) -> None:
        """Put the reply (or the fault notice) on the person's phone."""
        if outcome.reply:
            kind = "notice" if outcome.failed else "passive"
            row = {"direction": "out", "kind": kind, "text": outcome.reply}
            self.store.add_message(openid, self.clock.now(), row)

    def _push(self, openid: str, plain: bytes, kind: str) -> Outcome:
        started = time.monotonic()
        if self.faults.take(("overlap",)):
            answers = self._two_at_once(openid, plain)
            return self._judged(openid, kind, answers[1], tries=2, started=started)
        for number in range(1, self.timing.tries + 1):
            begun = time.monotonic()
            answer = self._attempt(openid, plain)
            if answer.status == 200 or number == self.timing.tries:
                break
            rule = f"try {number} of {self.timing.tries}: {_why(answer)}"
            self._note(openid, f"push {kind}", "again", rule)
            self.timing.pause(max(0.0, self.timing.spacing - (time.monotonic() - begun)))
        return self._judged(openid, kind, answer, tries=number, started=started)

    def _two_at_once(self, openid: str, plain: bytes) -> list[Answer]:
        self._check_url()
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(self._attempt, openid, plain) for _ in range(2)]
            return [one.result() for one in both]

    def _judged(
        self, openid: str, kind: str, answer: Answer, *, tries: int, started: float
    ) -> Outcome:
        ms = round((time.monotonic() - started) * 1000)
        if answer.status != 200:
            self._note(openid, f"push {kind}", "fault notice", f"try {tries}: {_why(answer)}", ms)
            return Outcome(NOTICE, tries, ms, failed=True)
        try:
            reply = frames.read_reply(self.config, openid, answer.body)
        except frames.BadReply as error:
            self._note(openid, f"push {kind}", "fault notice", str(error), ms)
            return Outcome(NOTICE, tries, ms, failed=True)
        verdict = "reply" if reply else "acknowledged"
        self._note(openid, f"push {kind}", verdict, f"answered at try {tries}", ms)
        return Outcome(reply, tries, ms)

    def _attempt(self, openid: str, plain: bytes) -> Answer:
        """One try; a URL that was never checked is checked first."""
        if not self._check_url():
            return Answer(0, b"the URL check was not answered with echostr")
        nonce = str(secrets.randbelow(2**31))
        config = self.config
        if config.old_key and self.faults.take(("old_key",)):
            config = replace(config, aes_key=config.old_key)
        sealed = frames.seal(config, openid, plain, int(self.clock.now()), nonce)
        return self.send("POST", sealed.query, sealed.body)

    def _check_url(self) -> bool:
        if self._checked:
            return True
        timestamp, nonce = str(int(self.clock.now())), str(secrets.randbelow(2**31))
        echo = str(secrets.randbelow(2**63))
        query = {
            "signature": crypto.sign(self.config.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "echostr": echo,
        }
        answer = self.send("GET", query, None)
        self._checked = answer.status == 200 and answer.body == echo.encode()
        verdict = "passed" if self._checked else "failed"
        self._note("", "URL check", verdict, "1 echostr before the first push")
        return self._checked

    def send(self, method: str, query: dict[str, str], body: bytes | None) -> Answer:
        """One HTTP call to the webhook within the limit."""
        parts = urlsplit(self.config.push_url)
        maker = http.client.HTTPSConnection if parts.scheme == "https" else None
        link = (maker or http.client.HTTPConnection)(
            parts.hostname or "", parts.port, timeout=self.timing.limit
        )
        headers = {"User-Agent": "Mozilla/4.0", "Content-Type": "text/xml", "Connection": "close"}
        deadline = time.monotonic() + self.timing.limit
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # refused early: read why
                link.request(method, f"{parts.path}?{urlencode(query)}", body, headers)
            _give(link, deadline)
            response = link.getresponse()
            _give(link, deadline)
            body = response.read(LONGEST_ANSWER)
            if response.length and len(body) < LONGEST_ANSWER:  # the other side died halfway
                return Answer(0, b"connection failed (cut off)")
            return Answer(response.status, body)
        except TimeoutError:
            return Answer(0, f"no answer within {self.timing.limit:g} s".encode())
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, f"connection failed ({type(error).__name__})".encode())
        finally:
            link.close()

    def _note(self, openid: str, call: str, verdict: str, rule: str, ms: int = 0) -> None:
        line = {"direction": "push", "call": call, "openid": openid, "verdict": verdict}
        self.store.note(self.clock.now(), line | {"rule": rule, "ms": ms})


def _give(link: http.client.HTTPConnection, deadline: float) -> None:
    """Leave the next step only what is left of the limit."""
    if link.sock is not None:
        link.sock.settimeout(max(0.001, deadline - time.monotonic()))


def _why(answer: Answer) -> str:
    if answer.status:
        return f"HTTP {answer.status}"
    return answer.body.decode()
