"""What residents ask and the list of common questions lacks: by category and by shared words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.cases import show_number
from bot.domain.showing import shorten
from bot.models.cases import Case
from bot.nlp.asking import gathered
from bot.services.console_visits import ConsoleVisit
from bot.services.ports import Deps
from bot.services.worklists import is_hidden
from bot.store import inquiries, worklists

LOOK_BACK = timedelta(days=90)
MOST = 1000
SHOWN = 5
"""Cases named of those that share a word."""


@dataclass(frozen=True, slots=True)
class AskedCase:
    """A question that a person had to answer, masked."""

    number: str
    shown: str
    words: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that share a word (empty: none), the newest first; `cases`: SHOWN of `count`."""

    word: str
    count: int
    cases: tuple[AskedCase, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A category's questions, the words that most share first."""

    code: str
    name: str
    count: int
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """All of them, of what somebody may see; `more`: the newest MOST only."""

    count: int
    more: bool
    topics: tuple[Topic, ...]


def look(deps: Deps, visit: ConsoleVisit) -> Unanswered:
    """The questions of the last ninety days for which the list had nothing."""
    names = {code: info.name for code, info in deps.understander().categories.items()}
    by_topic: defaultdict[str, list[Case]] = defaultdict(list)
    with deps.database.read() as session:
        seen = worklists.seen_by(visit.actor)
        since = deps.clock.now() - LOOK_BACK
        rows = inquiries.unanswered(session, since, seen, MOST + 1)
        for case in rows[:MOST]:
            if not is_hidden(case):
                by_topic[case.category or ""].append(case)
        topics = [
            Topic(code, names.get(code, ""), len(cases), _clusters(cases))
            for code, cases in by_topic.items()
        ]
    topics.sort(key=lambda topic: (-topic.count, topic.code))
    return Unanswered(sum(t.count for t in topics), len(rows) > MOST, tuple(topics))


def _clusters(cases: Sequence[Case]) -> tuple[Cluster, ...]:
    return tuple(
        Cluster(word, len(which), tuple(_asked(cases[at]) for at in which[:SHOWN]))
        for word, which in gathered([case.masked for case in cases])
    )


def _asked(case: Case) -> AskedCase:
    return AskedCase(case.number, show_number(case.number), shorten(case.masked, 60))
