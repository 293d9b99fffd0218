"""A sign of life to an outside address, for the day on which all of this stands still."""

import logging

from bot.domain.messages import SendError
from bot.services.ports import Deps
from bot.services.watch import standing_still
from bot.store import alarms

log = logging.getLogger(__name__)

ALARM = "heartbeat"


def beat(deps: Deps) -> list[str]:
    """Tell the outside that all is running, unless the watch knows that something has stopped: then
    silence is the message. Returns what changed."""
    if not deps.settings.heartbeat_url or standing_still(deps):
        return []
    try:
        deps.heartbeat.beat()
    except SendError as error:
        return _failed(deps, error)
    return _well(deps)


def _failed(deps: Deps, error: SendError) -> list[str]:
    """The address does not answer: told once, however long it lasts."""
    now = deps.clock.now()
    with deps.database.read() as session:
        known = {alarm.kind: alarm.detail for alarm in alarms.open_alarms(session)}
    if known.get(ALARM) == error.reason:
        return []
    with deps.database.write() as session:
        alarms.raise_alarm(session, ALARM, error.reason, now)
    if ALARM in known:
        return []
    log.warning("heartbeat_failed code=%s", error.code)
    return [f"no answer: {error.reason}"]


def _well(deps: Deps) -> list[str]:
    with deps.database.read() as session:
        if all(alarm.kind != ALARM for alarm in alarms.open_alarms(session)):
            return []
    with deps.database.write() as session:
        alarms.clear(session, ALARM, deps.clock.now())
    log.info("heartbeat_answered")
    return ["answered again"]
