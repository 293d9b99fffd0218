"""Writes the generated parts of docs/*.md from the tables in the code (`make docs`).

A part stands between `<!-- made: NAME -->` and `<!-- end: NAME -->`. With --check nothing is
written; exit 1 names every part that no longer says what the code says.
"""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from bot.cli.commands import COMMANDS
from bot.domain.cases import CHINESE, OVER, TRANSITIONS, State
from bot.domain.clocks import DEFAULT_SPANS, ClockKind
from bot.domain.events import EVENTS
from bot.domain.ladders import LADDERS
from bot.domain.notices import NOTICES, QUIET_FROM_TO
from bot.domain.retention import RULES as RETENTION
from bot.domain.rule import Rule
from bot.texts import load_texts
from scheduler.jobs import JOBS
from tools import house_plan

DOCS = house_plan.ROOT / "docs"
PART = re.compile(r"(<!-- made: (\S+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)

RULE_WORDS: dict[Rule, str] = {
    Rule.EMERGENCY: "somebody is in danger: emergency queue and duty desk, never a station",
    Rule.NAMED_STAFF: "for named staff only: restricted queue",
    Rule.NAMED_MEMBERS: "the sector studio owns it, only its named members see it",
    Rule.NAMED_MEMBERS_NO_STUDIO: "the same, but no studio can receive: restricted queue",
    Rule.TWO_MATTERS: "two matters were heard: staff queue, to be split, or not",
    Rule.LOW_CONFIDENCE: "the words were not clear enough: staff queue, with a proposal if any",
    Rule.SCRIPT_MONGOLIAN: "written in Mongolian script: staff queue, for who reads it",
    Rule.SCRIPT_CYRILLIC: "written in Cyrillic: staff queue, for who reads it",
    Rule.SCRIPT_LATIN: "written in Latin letters: staff queue, for who reads it",
    Rule.PLACE_CONFLICT: "two places contradict each other: staff queue",
    Rule.PLACE_AND_TOPIC: "the place's station owns it, the sector studio assists",
    Rule.PLACE_ONLY: "the place's station owns it",
    Rule.SCENE_AND_TOPIC: "the station of the scanned poster owns it, the sector studio assists",
    Rule.SCENE_ONLY: "the station of the scanned poster owns it",
    Rule.TEXT_OVER_SCENE: "the text surely names another place than the poster: the text wins",
    Rule.TEXT_OVER_LOCATION: "the text surely names another place than the location sent",
    Rule.SCENE_WEAK_ELSEWHERE: "the poster's station owns it; weak words name a street near by",
    Rule.AREA_TO_DISTRICT: "an area without a station of its own falls to its district's",
    Rule.PLACE_CLOSED_TOPIC: "the place's station can't receive: the sector studio owns it",
    Rule.PLACE_CLOSED: "the place's station can't receive and no studio fits: staff queue",
    Rule.DISTRICT_ONLY: "only the district is known: staff confirm its own station",
    Rule.TOPIC_ONLY: "only the topic is known: the sector studio owns it",
    Rule.NOTHING_KNOWN: "neither place nor topic: staff queue",
    Rule.OFFICE_RULE: "the office laid down which station has such a matter, or such a place",
    Rule.KEPT_BY_OPENER: "who wrote the slip down kept it at a station of their own",
}


def table(head: str, rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; `head` has its columns separated by bars."""
    columns = head.split("|")
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ⏎ ")


def lifecycle_picture() -> str:
    """The states and moves as a mermaid state diagram."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for move in TRANSITIONS:
        names = arrows.setdefault((move.start, move.end), [])
        if move.event not in names:
            names.append(move.event)
    lines = ["```mermaid", "stateDiagram-v2", "  [*] --> new"]
    lines += [f'  state "{state} {CHINESE[state]}" as {state}' for state in State]
    lines += [f"  {a} --> {b}: {', '.join(names)}" for (a, b), names in arrows.items()]
    return "\n".join([*lines, *(f"  {state} --> [*]" for state in sorted(OVER)), "```"])


def lifecycle() -> str:
    """Every allowed move."""
    rows: dict[tuple[State, State, str, tuple[str, ...]], list[str]] = {}
    for m in TRANSITIONS:
        rows.setdefault((m.start, m.end, m.event, m.given), []).append(m.who.value)
    return table(
        "from|to|who may|what must be given|event",
        ((a, b, ", ".join(who), ", ".join(given) or "–", event)
         for (a, b, event, given), who in rows.items()),
    )  # fmt: skip


def clocks() -> str:
    """Default lengths."""
    return table(
        "clock|length|counts",
        ((f"`{kind}`", DEFAULT_SPANS.get(kind, "until its date"),
          "wall time" if kind.wall else "working time")
         for kind in ClockKind),
    )  # fmt: skip


def ladders() -> str:
    """Every default ladder; the rungs of one moment share a row."""
    rows: dict[tuple[str, str, str, str | None], list[str]] = {}
    for name, rungs in LADDERS.items():
        for each in rungs:
            rows.setdefault((name, str(each.after), each.notice, each.effect), []).append(
                each.audience
            )
    return table(
        "ladder|when|who|notice|then",
        ((f"`{name}`", f"`{after}`", ", ".join(who), notice or "–", effect or "–")
         for (name, after, notice, effect), who in rows.items()),
    )  # fmt: skip


def notices() -> str:
    """Every notice with its sentence."""
    texts = load_texts().sentences
    said = table(
        "notice|to|first|quiet|digest|budget|shape|words",
        ((f"`{kind}`", n.audience, n.priority, _yes(n.quiet), _yes(n.digestible), n.budget,
          n.shape, texts[f"notice.{kind}"])
         for kind, n in NOTICES.items()),
    )  # fmt: skip
    return f"{said}\n\nQuiet notices wait from {QUIET_FROM_TO[0]} to {QUIET_FROM_TO[1]}."


def _yes(value: bool) -> str:
    return "yes" if value else "–"


def events() -> str:
    """Every kind of event, its payload and the moves that record it."""
    moves: dict[str, list[str]] = {}
    for move in TRANSITIONS:
        arrow = f"{move.start} → {move.end}"
        if arrow not in moves.setdefault(move.event, []):
            moves[move.event].append(arrow)
    return table(
        "event|payload|recorded by these moves",
        ((f"`{kind}`", ", ".join(fields) or "–", ", ".join(moves.get(kind, ["–"])))
         for kind, fields in EVENTS.items()),
    )  # fmt: skip


def jobs() -> str:
    """The jobs table."""
    return table(
        "job|every|what",
        ((f"`{job.name}`", f"{job.every:g} s", _first_line(job.run)) for job in JOBS),
    )


def _first_line(function: Callable[..., object]) -> str:
    words = " ".join((function.__doc__ or "").split("\n\n")[0].split())
    return f"`{function.__module__}.{function.__name__}`: {words}"


def rules() -> str:
    """Every routing rule; one without its words here is a KeyError."""
    return table("rule|what it does", ((f"`{rule}`", RULE_WORDS[rule]) for rule in Rule))


def commands() -> str:
    """Every command with its line of help."""
    return table("command|does", _commands(COMMANDS, "flask"))


def _commands(found: Iterable[click.Command], before: str) -> Iterable[tuple[str, str]]:
    for command in sorted(found, key=lambda each: each.name or ""):
        name = f"{before} {command.name}"
        if isinstance(command, click.Group):
            yield from _commands(command.commands.values(), name)
        else:
            yield f"`{name}`", command.get_short_help_str(200)


def retention() -> str:
    """How long each kind of data is kept."""
    rows = ((f"`{k}`", r.since, r.days, r.least, r.done) for k, r in RETENTION.items())
    return table("kind|days since it was …|days|at least|then", rows)


PARTS: dict[str, Callable[[], str]] = {
    "rooms-picture": house_plan.picture,
    "rooms": house_plan.table,
    "lifecycle-picture": lifecycle_picture,
    "lifecycle": lifecycle,
    "clocks": clocks,
    "ladders": ladders,
    "notices": notices,
    "events": events,
    "jobs": jobs,
    "rules": rules,
    "commands": commands,
    "retention": retention,
}
COUNTED = ("rooms-picture", "rooms")
"""Their numbers change with every import: --check holds their arrows, `make docs` the numbers."""


def renewed(text: str) -> tuple[str, list[str]]:
    """The text with its parts as the code has them now, and the names of those that differed."""
    stale: list[str] = []

    def renew(match: re.Match[str]) -> str:
        name = match[2]
        new = f"{match[1]}{PARTS[name]()}\n{match[3]}"
        if _held(name, new) != _held(name, match[0]):
            stale.append(name)
        return new

    return PART.sub(renew, text), stale


def _held(name: str, text: str) -> str:
    return re.sub(r"(?<= )\d+(?= |$)", "n", text, flags=re.M) if name in COUNTED else text


def main(check: bool) -> int:
    """Renew or check every document; the exit code."""
    stale: list[str] = []
    for path in sorted(DOCS.rglob("*.md")):
        stale += [f"{path.name}: {name}" for name in _treat(path, check)]
    for line in stale:
        print(f"{line} {'is out of date: run make docs' if check else 'renewed'}")
    return 1 if check and stale else 0


def _treat(path: Path, check: bool) -> list[str]:
    old = path.read_text(encoding="utf-8")
    new, stale = renewed(old)
    if not check and new != old:
        path.write_text(new, encoding="utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
