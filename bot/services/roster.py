"""The network as the other services see it."""

from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary

from bot.domain.deadlines import BEIJING
from bot.domain.stations import Directory
from bot.services.demo_roster import load_demo_data, write_demo
from bot.services.ports import Deps
from bot.store import organisation
from bot.store.roster import Saved
from bot.store.unit_of_work import Database

_cached: WeakKeyDictionary[Database, tuple[date, Directory]] = WeakKeyDictionary()
_lock = Lock()


class DemoRefusedError(Exception):
    """演示名册只能写进演示或试运行的系统；正式运行时请用 roster import 导入真实名册。"""


def today(deps: Deps) -> date:
    """The day in Beijing."""
    return deps.clock.now().astimezone(BEIJING).date()


def directory(deps: Deps) -> Directory:
    """All stations, as routing wants them. One tiny query while roster and day are the same."""
    day = today(deps)
    with deps.database.read() as session:
        version = organisation.roster_version(session)
        with _lock:
            kept = _cached.get(deps.database)
        if kept and kept[0] == day and kept[1].version == version:
            return kept[1]
        fresh = organisation.directory(session, day)
    with _lock:
        _cached[deps.database] = (day, fresh)
    return fresh


def write_demo_network(deps: Deps) -> Saved:
    """Write the demo network. Raises DemoRefusedError in production mode."""
    if deps.settings.mode == "production":
        raise DemoRefusedError
    places, studios = load_demo_data()
    with deps.database.write() as session:
        return write_demo(session, places, studios)
