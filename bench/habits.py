"""What the people of the city do: members look at their list, residents answer, staff route.

Everybody acts on what they read on their phone or in the queue, and on nothing else.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from bench import world
from bench.city import City
from bench.machine import Message
from bench.world import Demand, Habit, Person
from bot.domain.deadlines import BEIJING, WorkCalendar

ITEM = re.compile(r"^(\d{2,3})　(\S+) .*｜(.*)$", re.MULTILINE)
NUMBER = re.compile(r"需\d{6}-\d{4}")
EMERGENCY = re.compile(r"收到(\d{2,3})")
TO_ACCEPT = re.compile(r"接(\d{2,3})")
STATION = re.compile(r"｜(\S+委员工作\S|\S+工作室|\S+工作站) ")
DESK_HOURS = (time(9, 10), time(11, 0), time(15, 0), time(16, 30))

READS = {
    Habit.QUICK: (0.05, 2.0), Habit.ORDINARY: (0.5, 8.0),
    Habit.LEAVING: (0.5, 8.0), Habit.SLOW: (12.0, 60.0),
}  # fmt: skip
"""Hours until somebody looks at a notice."""
WORKS = {
    Habit.QUICK: (2.0, 40.0), Habit.ORDINARY: (8.0, 96.0),
    Habit.LEAVING: (8.0, 96.0), Habit.SLOW: (48.0, 260.0),
}  # fmt: skip
"""Hours from accepting to answering."""
ANSWERS = (
    "已解决 昨天下午处理好了，您再看看", "已解决 实事 施工队今天修好了",
    "部分解决 先清理了一半，下周接着做",
    "这件事按规定要业主大会定，我们把办法写给社区了", "归市政养护中心，电话已经留给您",
)  # fmt: skip


class People:
    """The members, residents and staff of one simulated world."""

    def __init__(self, city: City, people: dict[str, Person], seed: int, cal: WorkCalendar) -> None:
        self._city, self._cal = city, cal
        self._dice = random.Random(f"{seed} habits")
        self._persons = {person.openid: person for person in people.values()}
        self._handlers = world.names(list(people.values()))
        self._stations = sorted(self._handlers)
        self._coming: dict[str, datetime] = {}
        """Person → when they look next."""
        self._read: dict[str, set[str]] = {}
        """Person → codes that notices named and that nobody has typed yet."""
        self._planned: dict[tuple[str, str], datetime] = {}
        """(person, case) → when they mean to answer."""
        self._told: dict[str, str] = {}
        """Resident → what they say next."""
        self._news: Counter[str] = Counter()
        """Resident → how many messages they have had from us."""
        self.promised: dict[str, str] = {}
        """Resident → the number that they were given."""
        self.unheard = 0
        """Demands that got no reply at all."""

    def demand(self, demand: Demand, tries: int = 3) -> None:
        """A resident writes; whoever sees a fault notice tries again in half an hour."""
        reply = self._city.say(demand.openid, demand.words)
        if found := NUMBER.search(reply):
            self.promised[demand.openid] = found[0].removeprefix("需")
            if self._dice.random() < 0.06:
                words = self._dice.choice(("查进度", "还在等，怎么样了", "撤回", "就在三号楼下面"))
                self._adds(demand.openid, (20, 120), words)
        elif reply or tries <= 1:
            self.unheard += 1
        else:
            self._soon((0.5, 0.6), lambda: self.demand(demand, tries - 1))

    def heard(self, message: Message) -> None:
        """Somebody's phone rang."""
        person = self._persons.get(message.openid)
        if person is None:
            self._resident(message)
        elif person.habit is not Habit.NEVER:
            if found := EMERGENCY.search(message.words):
                self._alarmed(person, found[1])
            elif person.roles & world.HANDLERS:
                self._read.setdefault(person.openid, set()).update(TO_ACCEPT.findall(message.words))
                self._look_soon(person, READS[person.habit])
            else:
                self._ask_the_station(message.words)

    def by_habit(self, accepted: dict[str, int]) -> dict[str, list[float]]:
        """Habit → how many cases each of its people took on; `accepted`: name → number."""
        found: dict[str, list[float]] = {habit.value: [] for habit in Habit}
        for person in self._persons.values():
            if person.roles & world.HANDLERS:
                found[person.habit].append(accepted.get(person.name, 0))
        return found

    def desk(self, day: date) -> None:
        """The office's day at the queue. In the first week of August nobody is there."""
        if self._cal.is_workday(day) and not (day.month == 8 and day.day < 8):
            for hour in DESK_HOURS:
                self._city.at(datetime.combine(day, hour, BEIJING), self._queue)

    def _queue(self) -> None:
        for line in self._city.command("cases", "queue").splitlines():
            case = json.loads(line)
            if self._dice.random() < 0.85:
                self._route(case["number"], case["queue"], case["proposed"])

    def _route(self, number: str, queue: str, proposed: str | None) -> None:
        dice, run = self._dice, self._city.command
        if queue != "staff":
            run("cases", "answer", number, "已解决 值班人员已经到现场处理")
        elif dice.random() < 0.06:
            run("cases", "reject", number, "--reason", "不是诉求，是闲谈")
        else:
            station = proposed or dice.choice(self._stations)
            run("cases", "dispatch", number, station, "--reason", "按地点")

    def _alarmed(self, person: Person, code: str) -> None:
        """By day three in five hear it, at night one in four; the others let the ladder climb."""
        night = not 7 <= self._city.now.astimezone(BEIJING).hour < 22
        if self._dice.random() < (0.25 if night else 0.6):
            minutes = self._dice.uniform(1, 9)
            self._soon(
                (minutes / 60, minutes / 60), lambda: self._says(person.openid, f"收到{code}")
            )

    def _ask_the_station(self, words: str) -> None:
        """Whoever oversees calls somebody there who reads at all."""
        found = STATION.search(words)
        there = (
            [p for p in self._handlers.get(found[1], ()) if p.habit is not Habit.NEVER]
            if found
            else []
        )
        if there:
            self._look_soon(self._dice.choice(there), (1, 20))

    def _look_soon(self, person: Person, hours: tuple[float, float]) -> None:
        at = self._awake(person, self._city.now + timedelta(hours=self._dice.uniform(*hours)))
        known = self._coming.get(person.openid)
        if known is None or at < known:
            self._coming[person.openid] = at
            self._city.at(at, lambda: self._looks(person, at))

    def _awake(self, person: Person, at: datetime) -> datetime:
        """Not at night, and not while they are away."""
        local = at.astimezone(BEIJING)
        for begin, end in person.away:
            if begin <= local.date() <= end:
                local = datetime.combine(end + timedelta(days=1), time(9), BEIJING)
        if not 7 <= local.hour < 22:
            day = local.date() + timedelta(days=local.hour >= 22)
            local = datetime.combine(day, time(8), BEIJING) + timedelta(minutes=local.minute)
        return local

    def _looks(self, person: Person, planned: datetime) -> None:
        """Type what a notice named, or else open the list, and do what can be done now."""
        if self._coming.get(person.openid) != planned:
            return  # looked earlier
        del self._coming[person.openid]
        codes = sorted(self._read.pop(person.openid, ()))
        for code in codes:
            self._accept(person, code)
        if codes:
            return
        for code, number, waits in ITEM.findall(self._city.say(person.openid, "待办")):
            self._act(person, code, number, waits)

    def _act(self, person: Person, code: str, number: str, waits: str) -> None:
        for begin, act in self._acts.items():
            if begin in waits:
                act(self, person, code, number)
                return

    def _accept(self, person: Person, code: str, number: str = "") -> None:
        chance = self._dice.random()
        if chance < 0.03:
            self._types(person, f"退{code} 不归我们管，归区里")
        elif chance < 0.93:
            reply = self._types(person, f"接{code}")
            if reply.startswith("接下了") and (found := NUMBER.search(reply)):
                self._plan(person, code, found[0])

    def _plan(self, person: Person, code: str, number: str) -> None:
        """They come back to it by the code that they know, without opening the list."""
        hours = self._dice.uniform(*WORKS[person.habit])
        at = self._awake(person, self._city.now + timedelta(hours=hours))
        self._planned[person.openid, number] = at
        self._city.at(at, lambda: self._work(person, code, number))

    def _work(self, person: Person, code: str, number: str) -> None:
        planned = self._planned.get((person.openid, number))
        if planned is None:
            self._plan(person, code, number)
        elif planned <= self._city.now:
            del self._planned[person.openid, number]
            self._next_step(person, code, number)

    def _next_step(self, person: Person, code: str, number: str) -> None:
        day = self._city.now.astimezone(BEIJING).date() + timedelta(days=self._dice.randint(20, 60))
        chance, words = self._dice.random(), self._dice.choice(ANSWERS)
        others = (
            (0.04, f"问{code} 您住几号楼？"), (0.07, f"挂{code} {day} 要等管网改造"),
            (0.10, f"延{code} 5 要等检测结果"), (0.12, f"协{code}"),
            (0.14, f"请{code} {self._dice.choice(self._stations)} 帮着看看"),
            (0.15, f"转12345 {code} 编号 {self._dice.randint(10**10, 10**11)}"),
        )  # fmt: skip
        typed = next((act for share, act in others if chance < share), f"答{code} {words}")
        reply = self._types(person, typed)
        if typed[0] != "答" and number in reply:
            self._plan(person, code, number)

    def _concludes(self, person: Person, code: str, number: str) -> None:
        self._types(person, f"协毕{code}")
        self._plan(person, code, number)

    def _decides(self, person: Person, code: str, number: str) -> None:
        self._types(person, f"准{code}" if self._dice.random() < 0.8 else f"不准{code} 请尽快办")

    def _helps(self, person: Person, code: str, number: str) -> None:
        self._types(person, f"答{code} 这段路归市政，可以找养护中心")

    def _types(self, person: Person, words: str) -> str:
        return self._city.say(person.openid, words)

    _acts: ClassVar[dict[str, Callable[["People", Person, str, str], None]]] = {
        "批延时": _decides, "决定挂账": _decides, "待接单": _accept, "等他接": _accept,
        "等您的协办意见": _helps, "办理中": _work, "协商中": _concludes,
    }  # fmt: skip

    def _resident(self, message: Message) -> None:
        """Two in three say whether it is solved, the others never."""
        openid, words, dice = message.openid, message.words, self._dice
        self._news[openid] += 1
        if "解决了吗" in words and dice.random() < 0.55:
            self._soon((0.2, 30), lambda: self._solved(openid))
        elif "想问您一句" in words and dice.random() < 0.7:
            self._adds(openid, (0.1, 20), "三号楼，靠马路那一面")
        elif "现在还好吗" in words and dice.random() < 0.4:
            held = dice.choices(("还好", "又坏了"), (9, 1))[0]
            self._soon((0.5, 40), lambda: self._says(openid, held))

    def _adds(self, openid: str, hours: tuple[float, float], words: str) -> None:
        """More of their matter, unless they hear of it first: then it is past."""
        heard = self._news[openid]
        self._soon(hours, lambda: self._news[openid] == heard and self._says(openid, words))

    def _solved(self, openid: str) -> None:
        word = self._dice.choices(("是", "部分", "没有"), (75, 13, 12))[0]
        reply = self._says(openid, word)
        if "满意吗" in reply and self._dice.random() < 0.8:
            rated = self._dice.choices(("满意", "基本满意", "不满意"), (70, 22, 8))[0]
            self._soon((0.01, 0.2), lambda: self._says(openid, rated))

    def _says(self, openid: str, words: str) -> str:
        reply = self._city.say(openid, words)
        if words == "撤回" and "要撤回" in reply:
            self._soon((0.01, 0.02), lambda: self._says(openid, "是的"))
        return reply

    def _soon(self, hours: tuple[float, float], do: Callable[[], object]) -> None:
        moment = self._city.now + timedelta(hours=self._dice.uniform(*hours))
        self._city.at(moment, do)
