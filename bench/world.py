"""The one generator of demo and test worlds: the demo network with people in it, and their load.

It adds people and load through HTTP and commands only, by whatever `Way` it is given, and from a
fixed seed: the same seed and size make the same people, habits and demands. What they write comes
from bench.messages.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from bench import messages
from bot.domain.deadlines import BEIJING, WorkCalendar

ROLES = (
    "first_convener", "second_convener", "station_head", "district_convener", "member",
    "intake_staff", "restricted_staff", "duty", "leader",
)  # fmt: skip
"""Who gets notices, and so has a phone that is bound."""
HANDLERS = frozenset({"first_convener", "second_convener", "station_head", "member"})

EMERGENCIES = (
    "楼道里着火了，烟很大", "家里煤气漏了，味道很重", "有人掉进河里了，快来人",
    "电线掉在地上冒火花，孩子在旁边", "老人突然晕倒叫不醒",
)  # fmt: skip
OTHERS = (
    "社区主任收了施工队的钱，我要举报他贪污受贿", "我想找工作人员说话",
    "建议在公园里多放几个凳子，老人走累了能歇歇",
)  # fmt: skip
HOURS = (0, 0, 0, 0, 0, 1, 2, 5, 9, 12, 12, 10, 7, 7, 9, 10, 9, 8, 8, 7, 5, 3, 2, 1)
"""How many of a day's demands come in each hour, roughly."""


class Way(Protocol):
    """How the world reaches the product."""

    def command(self, *arguments: str) -> str:
        """Run `flask ARGUMENTS`; its stdout. Raises RuntimeError when it fails."""
        ...

    def say(self, openid: str, words: str) -> str:
        """A person writes; the passive reply that they see."""
        ...


class Habit(StrEnum):
    """How a person deals with notices."""

    QUICK = "quick"
    ORDINARY = "ordinary"
    SLOW = "slow"
    LEAVING = "on leave"
    """Ordinary, and away for weeks at a time."""
    NEVER = "never"
    """Reads nothing, whatever happens."""


SHARES = {
    Habit.QUICK: 40, Habit.ORDINARY: 32, Habit.SLOW: 12, Habit.LEAVING: 10, Habit.NEVER: 6
}  # fmt: skip


@dataclass
class Person:
    """Somebody of the network. `away`: first and last day of absences."""

    code: str
    name: str
    openid: str
    habit: Habit
    roles: set[str] = field(default_factory=set)
    stations: set[str] = field(default_factory=set)
    away: list[tuple[date, date]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a resident writes first, and when."""

    at: datetime
    openid: str
    words: str


def settle(way: Way, seed: int, first: date, days: int) -> dict[str, Person]:
    """Make the database and the demo network, and bind everybody's phone; code → person."""
    way.command("init")
    way.command("roster", "demo")
    dice = random.Random(f"{seed} people")
    people: dict[str, Person] = {}
    refs: dict[str, str] = {}
    for line in way.command("roster", "list", "--posts").splitlines():
        post = json.loads(line)
        if post["role"] in ROLES:
            person = people.get(post["person_code"]) or _person(post, dice, first, days)
            people[person.code] = person
            person.roles.add(post["role"])
            person.stations.add(post["station"])
            refs.setdefault(person.code, post["ref"])
    for person in people.values():
        if not person.roles & HANDLERS:
            person.habit = Habit.QUICK  # the office's own people are at their desks
    invited = way.command("account", "invite", "--json", *refs.values()).splitlines()
    for code, line in zip(refs, invited, strict=True):
        way.say(people[code].openid, f"绑定 {json.loads(line)['code']}")
    return people


def _person(post: dict[str, str], dice: random.Random, first: date, days: int) -> Person:
    habit = dice.choices(list(SHARES), list(SHARES.values()))[0]
    away = []
    for _ in range(max(1, days // 120) if habit is Habit.LEAVING else 0):
        gone = first + timedelta(days=dice.randrange(days))
        away.append((gone, gone + timedelta(days=dice.randint(7, 21))))
    code = post["person_code"]
    return Person(code, post["person"], f"oSIM_{code}".ljust(28, "m"), habit, away=away)


def demands(seed: int, cases: int, first: date, days: int, cal: WorkCalendar) -> list[Demand]:
    """So many first messages over so many days, in order. Working days bring twice as many as
    others, and on one cold day of the first weeks a tenth of all comes within three hours."""
    dice, source = random.Random(f"{seed} demands"), messages.texts(seed)
    calendar = [first + timedelta(days=n) for n in range(days)]
    weights = [2 if cal.is_workday(day) else 1 for day in calendar]
    cold = datetime.combine(calendar[min(19, days // 2)], time(6, 30), BEIJING)
    burst = cases // 10
    when = [cold + timedelta(seconds=dice.randrange(3 * 3600)) for _ in range(burst)]
    when += [_moment(dice, day) for day in dice.choices(calendar, weights, k=cases - burst)]
    found = [
        Demand(at, f"oSIM_r{number}_".ljust(28, "r"), _words(dice, source))
        for number, at in enumerate(sorted(when))
    ]
    return found


def _moment(dice: random.Random, day: date) -> datetime:
    hour = dice.choices(range(24), HOURS)[0]
    return datetime.combine(day, time(hour), BEIJING) + timedelta(seconds=dice.randrange(3600))


def _words(dice: random.Random, source: Iterator[str]) -> str:
    chance = dice.random()
    if chance < 0.01:
        return f"{dice.choice(messages.places())}{dice.choice(EMERGENCIES)}"
    return dice.choice(OTHERS) if chance < 0.03 else next(source)


def names(people: Sequence[Person]) -> dict[str, list[Person]]:
    """Station → those who may take a case of it on."""
    found: dict[str, list[Person]] = {}
    for person in people:
        for station in sorted(person.stations) if person.roles & HANDLERS else ():
            found.setdefault(station, []).append(person)
    return found
