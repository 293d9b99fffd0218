"""Nobody can be found in the logs: a whole day, with everything that can go wrong in it."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.inbound import Choice
from bot.domain.messages import Action, SendError, Sent
from bot.logs import OURS, SafeFormatter
from bot.services.doctor import examine
from scheduler.embedded import Engine
from scheduler.jobs import JOBS
from tests.conversation_rig import LAMP, Town
from tests.factories import NAMES
from tests.fakes import PaperPlatform
from tests.web.h5_rig import pages_of

OPENID = "oABCD1234efgh5678IJKL9012mno"
SECRETS = {
    "name": "王小明", "phone": "13812345678", "id": "150102199003071234", "openid": OPENID,
    "words": "昭乌达路", "typed": "绿色的门", "test_openid": "oTEST",
}  # fmt: skip
WORDS = (
    f"我叫{SECRETS['name']}，电话{SECRETS['phone']}，身份证{SECRETS['id']}。{LAMP}，"
    f"我家在{SECRETS['typed']}后面"
)


class Babbling:
    """A channel whose errors quote all that they were given, in every way that a send can fail."""

    def __init__(self) -> None:
        self.sent = 0

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """Fail, differently each time; then carry."""
        self.sent += 1
        if self.sent == 1:
            raise RuntimeError(f"{openid} {text}")
        if self.sent == 2:
            raise SendError(Action.RETRY, -1, f"busy {openid} {text}")
        return Sent("custom", f"c{self.sent}")

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """Fail."""
        raise SendError(Action.DEAD, 40003, f"invalid openid {openid} {fields}", alarm=True)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a process in production would write, and more: every level of every library."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(SafeFormatter("json"))
    root = logging.getLogger()
    before = root.level, {name: logging.getLogger(name).level for name in OURS}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])
    for name, level in before[1].items():
        logging.getLogger(name).setLevel(level)


def break_things(town: Town) -> None:
    """What a bad day brings: each of these ends in a log line, and quotes people where it can."""
    resident = town.phones["resident"]
    engine = town.deps.database.engine
    pages = pages_of(resident)
    pages.open("/h5/mine")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE cases SET state = '{SECRETS['typed']}' WHERE id = 1")
    pages.open(f"/h5/c/{town.cases()[0].number}")
    resident.say(f"还是{SECRETS['typed']}那里")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cases SET state = 'dispatched' WHERE id = 1")
        one = "(SELECT max(id) FROM clocks WHERE ended_at IS NULL AND kind <> 'accept')"
        connection.exec_driver_sql(f"UPDATE clocks SET kind = '{SECRETS['name']}' WHERE id = {one}")
    town.wait(days=2)
    resident.push(resident.text_xml(WORDS).replace("<Content>", "<Broken>"))
    resident.push(f"{{{WORDS}")
    pages.client.get(f"/h5/in?code={OPENID}&state={SECRETS['phone']}")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE messages RENAME TO gone")
    resident.push(resident.text_xml(WORDS))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO messages")


@pytest.mark.slow
def test_a_bad_day_leaves_no_trace_of_anybody(town: Town, log: io.StringIO) -> None:
    """Names, phone and identity numbers, openids, words and keys go in by push, page and file, and
    through tick, deliver, engine and doctor; no line has any of it. What happened is all there."""
    platform = PaperPlatform()
    platform.files["photo1"] = RuntimeError(f"{OPENID} {WORDS}")
    town.app.use(replace(town.deps, channel=Babbling(), platform=platform))
    town.phones["resident"] = replace(town.phone(), openid=OPENID)
    resident = town.phones["resident"]
    town.member("first")
    resident.say(WORDS)
    resident.send("image")
    town.wait(seconds=5)
    town.phones["first"].say(f"接{town.rows('SELECT code FROM item_codes')[0][0]}")
    town.wait(hours=2)
    break_things(town)
    engine = Engine(town.deps)
    for job in JOBS:
        engine.run_once(job)
    list(examine(town.deps, lambda: None))
    said = log.getvalue()
    settings = town.deps.settings
    keys = [settings.wechat_app_secret, settings.wechat_token, settings.secret_key]
    hidden = [*SECRETS.values(), *NAMES.values(), *(key.get_secret_value() for key in keys)]
    assert [each for each in hidden if each in said] == []
    events = {json.loads(line).get("event") for line in said.splitlines()}
    assert events >= {
        "sending_failed", "notice_settled", "clock_failed", "fetching_failed", "alarm_watch",
        "page_failed", "sign_in_failed", "alarm_wechat_push_is_json",
    }, events  # fmt: skip
    numbered = [line for line in said.splitlines() if '"clock_failed"' in line]
    assert json.loads(numbered[0])["case"] in {
        number for (number,) in town.rows("SELECT number FROM cases")
    }
