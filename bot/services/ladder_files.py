"""The office's ladders as a file: written out, edited, checked, and kept whole or not at all."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.domain.deadlines import BEIJING
from bot.domain.ladder_checks import Fault, clock_kind, notices_of, read_ladders
from bot.domain.ladders import LADDERS
from bot.domain.notices import NOTICES
from bot.domain.rungs import Rung
from bot.services import ladder_words
from bot.services.errors import Refused
from bot.services.master_history import Author
from bot.services.ports import Deps
from bot.services.trouble import why_not_toml
from bot.services.turn import Turn
from bot.store import events, office_ladders

_GUIDE = """\
# 催办阶梯：每个时限走到哪一步通知谁。改好以后先 flask ladders check 这个文件，再 load。
# 只写要改的阶梯就行。已经在走的时限不变，新开始的时限照新的走。
# after     50% 走完一半；due-1d 到期前一天；100% 到期；+1d 到期后一天；5m 开始后五分钟（s 秒 m 分 h 小时 d 天）
# audience  职务，或者 holder 手上有这件事的人、owner 主办的人、staff 受理台、duty 值班员、resident 居民、system 没有人
# notice    通知；effect 走到这一级发生的事，它结束这个时限，只能写在最后一级
"""  # noqa: E501 - the office's own words, one thing a line


@dataclass(frozen=True, slots=True)
class LadderFault:
    """What is wrong, where, in a sentence (Chinese). `number`: the rung, 0 the ladder itself."""

    ladder: str
    number: int
    why: str
    words: str


def as_file(deps: Deps, names: Iterable[str] = (), *, default: bool = False) -> str:
    """The ladders that are in force (or the defaults) as a TOML file with a guide. Raises Refused
    for a name that no ladder has."""
    with deps.database.read() as session:
        found = LADDERS if default else office_ladders.in_force(session, deps.clock.now())
    wanted = list(names) or list(LADDERS)
    if unknown := [name for name in wanted if name not in LADDERS]:
        words = deps.texts.say("ladder.unknown_ladder", known="、".join(LADDERS))
        raise Refused("ladder.fault_whole", ladder=unknown[0], words=words)
    return _GUIDE + "".join(_section(name, found[name]) for name in wanted)


def _section(name: str, rungs: Iterable[Rung]) -> str:
    notices = "、".join(sorted(notices_of(clock_kind(name)))) or "没有"
    lines = [f"\n# 可以用的通知：{notices}", f"{name} = ["]
    for each in rungs:
        given = {k: v for k, v in each.to_json().items() if v or k == "notice"}
        pairs = ", ".join(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in given.items())
        lines.append(f"  {{ {pairs} }},")
    return "\n".join([*lines, "]", ""])


def read(deps: Deps, file: Path) -> tuple[dict[str, tuple[Rung, ...]], list[LadderFault]]:
    """The ladders of a file and every fault in them. Raises Refused when it is no TOML file."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused("operator.ladder_file", reason=why_not_toml(deps.texts, error)) from error
    return check(deps, data)


def check(
    deps: Deps, data: Mapping[str, Any], *, codes: bool = True
) -> tuple[dict[str, tuple[Rung, ...]], list[LadderFault]]:
    """The same for {name: [{after, audience, notice, effect}]}. `codes`: whether who wrote it knows
    the codes, as in a file; at the console everything is told in words."""
    found, faults = read_ladders(data)
    faults += [
        Fault(name, number, "no_words", {"notice": each.notice})
        for name, rungs in found.items()
        for number, each in enumerate(rungs, start=1)
        if each.notice in NOTICES and not deps.texts.has(f"notice.{each.notice}")
    ]
    return found, [_in_words(deps, fault, codes) for fault in faults]


def _in_words(deps: Deps, fault: Fault, codes: bool) -> LadderFault:
    plain = fault.values if codes else ladder_words.plain(deps.texts, fault.values)
    words = deps.texts.say(f"ladder.{fault.why}", **plain)
    if fault.ladder:
        key = "ladder.fault" if fault.number else "ladder.fault_whole"
        ladder = fault.ladder if codes else deps.texts.say(f"ladder.name_{fault.ladder}")
        words = deps.texts.say(key, ladder=ladder, number=fault.number, words=words)
    return LadderFault(fault.ladder, fault.number, fault.why, words)


def load(deps: Deps, file: Path, first: date | None = None) -> tuple[list[str], list[LadderFault]]:
    """Keep the ladders of a file from a day on (now when None), all or none: (names of those that
    changed, faults). Ladders that it does not hold stay. Raises Refused when it is no TOML file,
    or the day is past."""
    found, faults = read(deps, file)
    if faults:
        return [], faults
    with deps.database.write() as session:
        return keep(Turn(deps, session, deps.clock.now()), found, Author(), first), []


def keep(
    turn: Turn, found: Mapping[str, tuple[Rung, ...]], author: Author, first: date | None = None
) -> list[str]:
    """Keep ladders that were checked, for clocks that start from a day on (now when None); names of
    those that changed. Needs a write unit. Raises Refused for a past day."""
    begins_at = _moment(turn, first)
    before = {
        **office_ladders.in_force(turn.session, turn.now),
        **{name: rungs for name in found for at, rungs in _planned(turn, name) if at <= begins_at},
    }
    changed = [name for name, rungs in found.items() if before[name] != rungs]
    for name in changed:
        office_ladders.replace(turn.session, name, found[name], turn.now, begins_at)
        pair = [ladder_words.whole(turn.deps.texts, each[name]) for each in (before, found)]
        events.record(
            turn.session, turn.now, "master_changed", by=author.by, reason=author.reason,
            about=f"ladders:{name}", fields=_begins(turn, begins_at) | {"rungs": pair},
        )  # fmt: skip
    if changed:
        events.record(turn.session, turn.now, "ladders_loaded", by=author.by, names=changed)
    return changed


def _planned(turn: Turn, name: str) -> list[office_ladders.Own]:
    return office_ladders.planned(turn.session, name, turn.now)


def _moment(turn: Turn, first: date | None) -> datetime:
    if first is None or first == turn.today:
        return turn.now
    if first < turn.today:
        raise Refused("master.past_first", day=first.isoformat())
    return datetime.combine(first, time.min, BEIJING)


def _begins(turn: Turn, begins_at: datetime) -> dict[str, list[str]]:
    day = begins_at.astimezone(BEIJING).date().isoformat()
    return {"first": ["", day]} if begins_at > turn.now else {}


def drop(turn: Turn, name: str, begins_at: datetime, author: Author) -> bool:
    """What waits for that moment will not begin; whether there was any. Needs a write unit."""
    found = dict(_planned(turn, name)).get(begins_at)
    if found is None:
        return False
    office_ladders.drop(turn.session, name, begins_at)
    day = begins_at.astimezone(BEIJING).date()
    events.record(
        turn.session, turn.now, "master_changed", by=author.by, reason=author.reason,
        about=f"ladders:{name}",
        fields={"first": [day.isoformat(), ""],
                "rungs": [ladder_words.whole(turn.deps.texts, found), ""]},
    )  # fmt: skip
    return True


def with_others(
    deps: Deps, wanted: Mapping[str, tuple[Rung, ...]]
) -> Mapping[str, tuple[Rung, ...]]:
    """These ladders, and those in force for all other names."""
    with deps.database.read() as session:
        return {**office_ladders.in_force(session, deps.clock.now()), **wanted}
