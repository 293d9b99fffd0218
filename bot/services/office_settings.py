"""What of the settings the office may change while everything runs: what residents are told.

Whatever else is set names servers, keys and files, or is read once at the start.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.services import master_history
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Change
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import events, office_settings

NAMES = "show_member_name"
WORDS = {"yes": "master.names_yes", "no": "master.names_no"}
"""Values of NAMES, and the key of what they say."""


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """`names`: yes or no; `since`: of the office's own word, None as the installation has it;
    `fixed`: what only who runs the installation changes, and its value."""

    names: str
    since: datetime | None
    choices: tuple[tuple[str, str], ...]
    fixed: tuple[tuple[str, str], ...]
    history: tuple[Change, ...]


def names_member(turn: Turn) -> bool:
    """Whether a resident is told who took a case on."""
    return _names(turn)[0] == "yes"


def _names(turn: Turn) -> tuple[str, datetime | None]:
    own = office_settings.of(turn.session, NAMES)
    return own or ("yes" if turn.deps.settings.show_member_name else "no", None)


def look(deps: Deps) -> SettingsPage:
    """The settings as they are, and their past."""
    settings, say = deps.settings, deps.texts.say
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        value, since = _names(turn)
        return SettingsPage(
            value, since, tuple((each, say(key)) for each, key in WORDS.items()),
            (
                (say("master.setting_hours"), settings.office_hours.replace(",", "、")),
                (say("master.setting_phone"), settings.office_phone),
                (say("master.setting_account"), settings.account_name),
            ),
            master_history.of_rows(turn, {f"settings:{NAMES}"}),
        )  # fmt: skip


def keep(deps: Deps, visit: ConsoleVisit, value: str, *, reason: str, before: str) -> str:
    """Say whether residents are told who took a case on; `before`: as the page showed it. The
    sentence for who did it. Raises Refused."""
    author = author_of(visit, reason)
    if value not in WORDS:
        raise Refused("console.no_choice")
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        was, _ = _names(turn)
        if was != before:
            raise Refused("master.setting_changed")
        if value == was:
            raise Refused("console.nothing_changed")
        shipped = "yes" if deps.settings.show_member_name else "no"
        office_settings.replace(session, NAMES, None if value == shipped else value, turn.now)
        pair = [turn.say(WORDS[each]) for each in (was, value)]
        events.record(
            session, turn.now, "master_changed", by=author.by, reason=author.reason,
            about=f"settings:{NAMES}", fields={NAMES: pair},
        )  # fmt: skip
        return turn.say("master.done_setting", words=pair[1])
