"""Access tokens and call quotas, as the platform keeps them.

Source: the platform's pages on getAccessToken, getStableAccessToken and clear_quota.
"""

import secrets
from collections import Counter
from datetime import datetime
from typing import Any

from simulator.clock import BEIJING, DeskClock
from simulator.config import Config
from simulator.errors import Refused
from simulator.store import Row, Store

LIFE = 7200
OVERLAP = 300
"""Seconds that a replaced token of /token lives on, and the stable one's last stretch."""
FORCED_GAP = 30
DAILY = {
    "token": 2_000,
    "stable_token": 500_000,
    "forced": 20,
    "custom": 500_000,
    "template": 100_000,
    "subscribe": 100_000,
}
MINUTELY = 30_000
"""Calls of one API in a minute. The platform publishes no number: this one only stops a caller
that has run wild."""
CLEARS = 10
"""clear_quota calls in a month."""


class Tokens:
    """Gives tokens, checks tokens, counts calls."""

    def __init__(
        self, config: Config, store: Store, clock: DeskClock, overlap: int = OVERLAP
    ) -> None:
        self._config, self._store, self._clock = config, store, clock
        self._overlap = overlap
        self._minute, self._calls = 0, Counter[str]()

    def plain(self, asked: dict[str, Any]) -> Row:
        """GET /cgi-bin/token: a new token each time; the one before dies after the overlap."""
        self._credentials(asked)
        self.count("token")
        now = self._clock.now()
        with self._store.db() as db:
            db.execute(
                "UPDATE tokens SET killed_at = ? WHERE kind = 'plain' AND killed_at IS NULL",
                (now + self._overlap,),
            )
            return self._new("plain", now)

    def stable(self, asked: dict[str, Any]) -> Row:
        """POST /cgi-bin/stable_token: the same token until its last five minutes."""
        self._credentials(asked)
        self.count("stable_token")
        now = self._clock.now()
        with self._store.db() as db:
            found = db.execute(
                "SELECT * FROM tokens WHERE kind = 'stable' AND expires_at > ?"
                " AND (killed_at IS NULL OR killed_at > ?) ORDER BY expires_at DESC, rowid DESC",
                (now, now),
            ).fetchone()
            if asked.get("force_refresh") is True and self._may_force(found, now):
                db.execute(
                    "UPDATE tokens SET killed_at = ? WHERE kind = 'stable' AND killed_at IS NULL",
                    (now,),
                )
                return self._new("stable", now)
            if found and found["expires_at"] - now > OVERLAP:
                left = int(found["expires_at"] - now)
                return {"access_token": found["token"], "expires_in": left}
            return self._new("stable", now)

    def _may_force(self, found: Any, now: float) -> bool:
        if found is not None and now - found["made_at"] < FORCED_GAP:
            return False
        self.count("forced")
        return True

    def _new(self, kind: str, now: float) -> Row:
        token = f"desk_{secrets.token_urlsafe(100)}"
        self._store.run(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, NULL)", (token, kind, now, now + LIFE)
        )
        return {"access_token": token, "expires_in": LIFE}

    def _credentials(self, asked: dict[str, Any]) -> None:
        if asked.get("grant_type") != "client_credential":
            raise Refused(40002, "grant_type must be client_credential")
        if asked.get("appid") != self._config.app_id:
            raise Refused(40013, "appid is not this account's")
        if asked.get("secret") != self._config.app_secret:
            raise Refused(40125, "secret is wrong")

    def check(self, token: str) -> None:
        """Refuse a token that is missing (41001), unknown or replaced (40001), expired (42001)."""
        if not token:
            raise Refused(41001, "no access_token")
        found = self._store.rows("SELECT * FROM tokens WHERE token = ?", (token,))
        now = self._clock.now()
        if not found or (found[0]["killed_at"] is not None and found[0]["killed_at"] <= now):
            raise Refused(40001, "access_token unknown, replaced or revoked")
        if found[0]["expires_at"] <= now:
            raise Refused(42001, "access_token expired")

    def count(self, api: str) -> None:
        """Count one call against this minute's quota (45011 beyond it) and today's (45009; days
        are Beijing's)."""
        self._pace(api)
        used = self._store.next_number(f"quota {api} {self._beijing('%Y-%m-%d')}")
        if used > DAILY.get(api, 1_000_000):
            raise Refused(45009, f"daily quota of {api} used up")

    def _pace(self, api: str) -> None:
        """Kept in memory: no minute is worth a write, nor outlives a restart."""
        minute = int(self._clock.now() // 60)
        if minute != self._minute:
            self._minute, self._calls = minute, Counter()
        self._calls[api] += 1
        if self._calls[api] > MINUTELY:
            raise Refused(45011, f"{api} was called more than {MINUTELY} times this minute")

    def clear(self) -> None:
        """clear_quota: today's counts start again; ten times a month (48006)."""
        used = self._store.next_number(f"clear {self._beijing('%Y-%m')}")
        if used > CLEARS:
            raise Refused(48006, f"{CLEARS} clear_quota calls in this month already")
        self._store.run("DELETE FROM numbers WHERE name LIKE 'quota %'")

    def _beijing(self, shape: str) -> str:
        return datetime.fromtimestamp(self._clock.now(), BEIJING).strftime(shape)
