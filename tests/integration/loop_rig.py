"""App and desk as real servers on free ports with one demo clock; driven as an operator would:
the desk's JSON API and flask commands."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
from click.testing import Result
from flask import Flask
from werkzeug.serving import make_server

import simulator.app
from app import create_app
from bot.domain.roster import OFFICE_CODE, PersonEntry, PostEntry
from bot.domain.understanding import Understander
from bot.settings import Settings
from bot.store.roster import save
from bot.wiring import build
from simulator import config, desk
from simulator.push import Timing
from tests.factories import small_network
from tests.fakes import MONDAY_MORNING
from tests.integration.desk_account import running

_LINK = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^&]*)&msgmenuid=([^"]*)">')

ABOVE = (("district_head", "D1", "district_convener"), ("leader", OFFICE_CODE, "leader"))
"""Who stands above the small network's stations."""


@dataclass
class Loop:
    """Both sides, running."""

    app: Flask
    desk: str
    http: requests.Session
    put_off: list[Callable[[], None]]
    """What the desk does a little later, when the test says so: it tells how notices ended."""

    def flask(self, *arguments: str, exit_code: int = 0) -> Result:
        """Run a command of ours."""
        result = self.app.test_cli_runner().invoke(args=arguments)
        assert result.exit_code == exit_code, (result.output, result.exception)
        return result

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command printed on stdout, line by line."""
        return [json.loads(line) for line in self.flask(*arguments).stdout.splitlines()]

    def tick(self) -> list[dict[str, Any]]:
        """Run what is due now."""
        return self.lines("tick")

    def tick_until(self, moment: str) -> list[dict[str, Any]]:
        """Let demo time pass to this moment (Beijing)."""
        return self.lines("tick", "--until", moment)

    def phone(self, nickname: str) -> "DeskPhone":
        """A new phone on the desk."""
        made = self.http.post(f"{self.desk}/desk/users", json={"nickname": nickname}).json()
        return DeskPhone(self, f"{self.desk}/desk/users/{made['openid']}/messages")

    def member(self, post: str) -> "DeskPhone":
        """A phone bound to a post the way people do it: a code from the office, typed in chat."""
        phone = self.phone(post.replace(":", " "))
        code = self.flask("account", "invite", post).stdout.strip()
        assert "绑定好了" in phone.say(f"绑定 {code}")
        return phone

    def advance(self, seconds: int) -> None:
        """Push the demo clock of both sides."""
        self.http.post(f"{self.desk}/desk/clock", json={"advance_seconds": seconds})


@dataclass
class DeskPhone:
    """One person's chat on the desk."""

    loop: Loop
    url: str

    def say(self, words: str) -> str:
        """Send a text; returns the passive reply."""
        return self._act(type="text", content=words)

    def do(self, **body: Any) -> str:
        """Anything else a phone does, in the words of the desk's API; returns the passive reply."""
        return self._act(**body)

    def tap(self, label: str) -> str:
        """Tap this choice of the latest message that offers it: a menu's, or a link's in a text."""
        offered: dict[str, str] = {}
        for message in self.received():
            offered |= {choice["content"]: choice["id"] for choice in message["choices"]}
            offered |= dict(_LINK.findall(message["text"]))
        return self._act(type="menu_tap", id=offered[label], content=label)

    def received(self) -> list[dict[str, Any]]:
        """Messages that came in, oldest first."""
        found: list[dict[str, Any]] = self.loop.http.get(self.url).json()
        return [message for message in found if message["direction"] == "out"]

    def notices(self) -> list[str]:
        """Texts of what was sent to this phone unasked."""
        return [m["text"] for m in self.received() if m["kind"] in ("custom", "template")]

    def _act(self, **body: Any) -> str:
        answer = self.loop.http.post(self.url, json=body).json()
        assert answer["tries"] == 1, answer
        return str(answer["reply"])


@contextmanager
def loop(folder: Path, database_url: str, understander: Understander) -> Iterator[Loop]:
    """Start both sides on Monday 10:00; stop them at the end."""
    offset = int(MONDAY_MORNING.timestamp() - time.time())
    (folder / "clock.json").write_text(json.dumps({"offset_seconds": offset}))
    desk_server = make_server("127.0.0.1", 0, Flask("nothing yet"), threaded=True)
    base = f"http://127.0.0.1:{desk_server.server_port}"
    settings = Settings(
        mode="demo", database_url=database_url, var_dir=folder, wechat_api_base=base, _env_file=None
    )
    deps = replace(build(settings), understander=lambda: understander)
    with deps.database.write() as session:
        roster = small_network()
        people = tuple(PersonEntry(code, f"演示{code}") for code, _, _ in ABOVE)
        posts = tuple(PostEntry(*post) for post in ABOVE)
        save(session, replace(roster, people=roster.people + people, posts=roster.posts + posts))
    app = create_app(deps=deps)
    app_server = make_server("127.0.0.1", 0, app, threaded=True)
    known = config.load({"XMZ_VAR_DIR": str(folder)}, Path("no.env"))
    known = replace(known, app_url=f"http://127.0.0.1:{app_server.server_port}")
    put_off: list[Callable[[], None]] = []
    built = desk.build(known, Timing(later=lambda _seconds, work: put_off.append(work)))
    desk_server.app = simulator.app.create_app(built)
    for server in (desk_server, app_server):
        server.log = lambda *_ignored: None  # type: ignore[method-assign]
    with running(desk_server), running(app_server), requests.Session() as http:
        yield Loop(app, base, http, put_off)
    built.store.close()
    deps.channel.close()  # type: ignore[attr-defined]
    deps.platform.close()  # type: ignore[attr-defined]
    deps.database.dispose()
