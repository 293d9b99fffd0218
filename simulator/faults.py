"""What can be made to go wrong on the wire, and how many more times it will."""

from dataclasses import dataclass

from simulator.store import Row, Store

PUSH_KINDS = {
    "duplicate": "the same push comes again (same MsgId) although the first was answered",
    "overlap": "the second try comes while the first still runs",
    "disorder": "the push waits until the next one has gone out",
    "same_second": "CreateTime is that of the person's push before",
    "unknown_event": "an event nobody knows comes first",
    "sticker_text": "the text arrives as the words the platform puts for a sticker",
    "empty_recognition": "a voice message carries an empty Recognition",
    "old_key": "the push is encrypted with XMZ_WECHAT_AES_KEY_OLD: a key change that lags behind",
}
API_KINDS = {
    "errcode": "the call is refused with errcode `value` (-1 when not given)",
    "http_500": "HTTP 500, nothing done",
    "html": "an HTML page with status 200, nothing done",
    "reset": "the connection breaks before anything is done",
    "cut_json": "done, but the answer is cut in the middle",
    "answer_lost": "done, but no answer comes until the caller gives up",
    "slow": "the answer takes `value` seconds",
    "quota": "45009 until clear_quota is called",
    "ip_refused": "40164: the caller's address is not in the whitelist",
    "secret_frozen": "40243: the AppSecret is frozen",
    "snapshot": "signing in: the person sees a snapshot page and gets a virtual openid",
    "user_block": "template, subscribe: accepted, then failed:user block",
    "finish_never": "template, subscribe: no event tells the end",
    "finish_twice": "template, subscribe: the event that tells the end comes twice",
    "finish_early": "template, subscribe: it comes before the call is answered",
    "finish_late": "template, subscribe: it comes `value` seconds later",
}
AT_ONCE = {"revoke_tokens": "every token given out so far is dead (40001)"}
KINDS = PUSH_KINDS | API_KINDS | AT_ONCE
PLACES = (
    "any", "token", "custom", "template", "subscribe", "clear_quota", "qrcode", "menu", "media",
    "oauth", "ticket",
)  # fmt: skip


class BadFault(ValueError):
    """A fault that cannot be switched on; the text says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong now. `value` is an errcode or seconds, by kind."""

    kind: str
    value: float


class Faults:
    """The list of faults still to come, kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, kind: str, *, times: int = 1, place: str = "any", value: float = -1) -> None:
        """Switch one on for the next `times` calls of that place (or pushes)."""
        if kind not in KINDS:
            raise BadFault(f"kind must be one of: {', '.join(KINDS)}")
        if place not in PLACES:
            raise BadFault(f"on must be one of: {', '.join(PLACES)}")
        if not 1 <= times <= 1_000_000:
            raise BadFault("times must be a whole number from 1 to 1000000")
        if kind in AT_ONCE:
            self._store.run("UPDATE tokens SET killed_at = 0 WHERE killed_at IS NULL")
            return
        self._store.run(
            "INSERT INTO faults (kind, place, times, value) VALUES (?, ?, ?, ?)",
            (kind, place, times, value),
        )

    def take(self, kinds: dict[str, str] | tuple[str, ...], place: str = "any") -> Fault | None:
        """The oldest waiting fault of these kinds for this place, used up once."""
        marks = ", ".join("?" * len(kinds))
        with self._store.db() as db:
            found = db.execute(
                f"SELECT * FROM faults WHERE times > 0 AND kind IN ({marks})"  # noqa: S608
                " AND (place = 'any' OR place = ?) ORDER BY id LIMIT 1",
                (*kinds, place),
            ).fetchone()
            if found is None:
                return None
            if found["kind"] != "quota":
                db.execute("UPDATE faults SET times = times - 1 WHERE id = ?", (found["id"],))
            return Fault(found["kind"], found["value"])

    def waiting(self) -> list[Row]:
        """What is switched on, oldest first."""
        return self._store.rows(
            'SELECT kind, place AS "on", times, value FROM faults WHERE times > 0 ORDER BY id'
        )

    def clear(self, kind: str = "") -> None:
        """Switch off all, or all of one kind."""
        self._store.run("DELETE FROM faults WHERE kind = ? OR ? = ''", (kind, kind))
