"""The lifecycle under random hands: legal and illegal moves by anybody, and the promises hold."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.cases import OPEN
from bot.domain.dialog import ItemAct
from bot.domain.understanding import Understander
from bot.models.organisation import Person
from bot.services import act, merging, splitting, staff, writing
from bot.services.errors import ServiceError
from bot.services.turn import Turn
from bot.services.watch import THOROUGH, look
from bot.store import cases, item_codes
from bot.store.events import By
from tests.conversation_rig import LAMP, Town
from tests.web import test_conversation_random as promises
from tests.web.conftest import build_town

DESK = By("shell")
PEOPLE = st.sampled_from(
    [*["first", "head"] * 4, "second", "neighbour", "economist", "district", "staff", "duty"]
)
WORDS = {
    "accept": [""],
    "return": ["不归我们管", ""],
    "answer": ["已解决 灯亮了", "已解决 实事 灯亮了", "归市政养护中心", ""],
    "hotline": ["编号 20261126001 已转", "没有编号"],
    "ask": ["您住几号楼？", ""],
    "hold": ["2027-03-02 等管网", "12月15日 等材料", "等明年"],
    "extend": ["5 等检测", "10 等检测", "11 等检测", "等检测"],
    "grant": [""],
    "deny": ["材料齐了", ""],
    "pass": ["T002 路灯在那边", "T001 路灯在这边", "T005 归区里", "T002", "火星站 归那边"],
    "assign": ["牛茶壶", "羊小桌", "张三", ""],
    "invite": ["T003 帮着看看", "T002", "", "火星站"],
    "consult": ["牛茶壶 归谁管？", "马板凳 归谁管？", "牛茶壶"],
    "reply": ["归市政", ""],
    "outcome": ["提案线索", "社情民意 报市政协", "转12345", ""],
    "acknowledge": [""],
    "show": [""],
}
ACTS = st.one_of(
    *(st.tuples(PEOPLE, st.just(verb), st.sampled_from(words)) for verb, words in WORDS.items())
)
BEGINNINGS: tuple[tuple[tuple[Any, ...], ...], ...] = (
    (),
    (("first", "accept", ""), ("first", "ask", "您住几号楼？")),
    (("head", "accept", ""), ("head", "hold", "2027-03-02 等管网")),
    (
        ("first", "accept", ""),
        ("first", "invite", "T003 帮着看看"),
        ("first", "extend", "5 等检测"),
    ),
    (("office", "take_in"),),
    (("first", "accept", ""), ("office", "take_in"), ("office", "unmerge")),
    (("office", "merge"),),
    (("office", "ask"),),
    (("first", "return", "不归我们管"), ("office", "ask")),
)
"""Lives that begin in the middle: left to chance few would come so far."""
RESIDENT = st.sampled_from(["是", "没有，还是黑的", "满意", "不满意", "三号楼下面", "撤回", "是的"])
OFFICE = st.sampled_from(
    ["dispatch", "answer", "reject", "merge", "take_in", "unmerge", "ask", "ask", "split"]
)
STEPS = st.lists(
    st.one_of(
        *[ACTS] * 7,
        st.tuples(st.just("resident"), RESIDENT),
        st.tuples(st.just("office"), OFFICE),
        st.tuples(st.just("wait"), st.sampled_from([1, 30])),
    ),
    min_size=3, max_size=14,
)  # fmt: skip

ONE_OWNER = """
    SELECT number, state, owner_unit_id, queue, holder_post_id FROM cases
    WHERE state NOT IN ('withdrawn', 'rejected') AND (
      (state = 'new' AND owner_unit_id IS NOT NULL)
      OR (state IN ('dispatched', 'accepted', 'on_hold') AND owner_unit_id IS NULL)
      OR (state <> 'new' AND queue IS NOT NULL)
      OR (state IN ('accepted', 'on_hold') AND holder_post_id IS NULL))"""
HOLDER_FROM_ELSEWHERE = """
    SELECT number FROM cases JOIN posts ON posts.id = holder_post_id
    WHERE state IN ('dispatched', 'accepted', 'on_hold') AND posts.unit_id <> owner_unit_id"""
RUNNING = "EXISTS (SELECT 1 FROM clocks k WHERE k.subject_id = cases.id AND k.ended_at IS NULL"
PAUSED_FOR_NOTHING = f"""
    SELECT number, state, kind FROM cases JOIN clocks ON clocks.subject_id = cases.id
    WHERE kind IN ('answer', 'triage') AND ended_at IS NULL AND (paused_at IS NOT NULL)
      <> {RUNNING} AND k.kind IN ('question', 'hold'))"""
HELD_WITHOUT_A_DAY = f"""
    SELECT number FROM cases
    WHERE (state = 'on_hold') <> (review_date IS NOT NULL)
      OR (state = 'on_hold') <> ({RUNNING} AND k.kind = 'hold'))"""
ASKED_WITHOUT_A_CLOCK = f"""
    SELECT number FROM cases JOIN questions q ON q.case_id = cases.id
    WHERE q.kind = 'asked' AND q.ended_at IS NULL AND NOT {RUNNING} AND k.kind = 'question')"""
PROMISES = (
    promises.NO_TWO_QUESTIONS,
    promises.OPEN_WITHOUT_NEXT_STEP,
    promises.NEW_IN_NO_QUEUE,
    promises.OVER_WITH_A_CLOCK,
    promises.OVER_WITH_A_QUESTION,
    promises.FAILED,
    ONE_OWNER,
    HOLDER_FROM_ELSEWHERE,
    PAUSED_FOR_NOTHING,
    HELD_WITHOUT_A_DAY,
    ASKED_WITHOUT_A_CLOCK,
)
TOUCHED = {
    "cases": "number = '{0}'",
    "clocks": "subject_id = (SELECT id FROM cases WHERE number = '{0}')",
} | dict.fromkeys(
    ("events", "outbox", "questions", "case_stations", "case_outcomes"),
    "case_id = (SELECT id FROM cases WHERE number = '{0}')",
)
"""Table → the rows of one case."""


class Case:
    """One new case of a resident of its own, in a town that has seen others."""

    def __init__(self, town: Town, index: int) -> None:
        self.town = town
        self.phone = town.phone(f"resident{index}")
        self.phone.say(LAMP)
        self.number = self.phone.number
        town.wait(seconds=5)

    def act(self, person: str, verb: str, words: str) -> None:
        """A refused move changes nothing; one that is carried out leaves an event."""
        before = self.state_of_all()
        refused = self._refusal(lambda: self._act(person, verb, words))
        after = self.state_of_all()
        assert after == before if refused else verb == "show" or after["events"] > before["events"]

    def _refusal(self, do: Callable[[], object]) -> str:
        """The sentence with which it was refused; "" when it was done."""
        try:
            do()
        except ServiceError as refusal:
            return self.town.deps.texts.say(refusal.key, **refusal.values)
        return ""

    def _act(self, person: str, verb: str, words: str) -> None:
        deps = self.town.deps
        with deps.database.write() as session:
            who = session.scalars(select(Person.id).where(Person.code == person)).one()
            case = cases.by_number(session, self.number)
            assert case is not None
            turn = Turn(deps, session, deps.clock.now())
            code = item_codes.give(session, who, case.id, turn.now)
            assert act.act(turn, who, ItemAct(verb, code, words))

    def office(self, what: str) -> None:
        """What the shell may try at any time."""
        deps, number = self.town.deps, self.number
        tries: dict[str, Callable[[], object]] = {
            "dispatch": lambda: staff.dispatch(deps, number, "T001", reason="属地"),
            "answer": lambda: staff.answer(deps, number, "已解决 灯亮了"),
            "reject": lambda: staff.reject(deps, number, "不是诉求"),
            "merge": lambda: self._merge(self.number, self._other()),
            "take_in": lambda: self._merge(self._other(), self.number),
            "unmerge": self._unmerge,
            "ask": lambda: self._with(
                lambda turn, case: writing.write(turn, case, "ask", "?", DESK)
            ),
            "split": lambda: self._with(lambda turn, case: splitting.split(turn, case, "0", DESK)),
        }
        self._refusal(tries[what])

    def _other(self) -> str:
        """The newest other case."""
        others = [c.number for c in self.town.cases() if c.number != self.number]
        return others[-1] if others else self.number

    def _with(self, do: Callable[[Turn, Any], object]) -> None:
        """What the console does only with a case that is no part of another."""
        deps = self.town.deps
        with deps.database.write() as session:
            case = cases.by_number(session, self.number)
            if case is not None and case.merged_into is None and case.state in OPEN:
                do(Turn(deps, session, deps.clock.now()), case)

    def _merge(self, number: str, into: str) -> None:
        deps = self.town.deps
        with deps.database.write() as session:
            case = cases.by_number(session, number)
            assert case is not None
            merging.merge(Turn(deps, session, deps.clock.now()), case, into, DESK)

    def _unmerge(self) -> None:
        """This one, or what was merged into it."""
        deps = self.town.deps
        with deps.database.write() as session:
            case = cases.by_number(session, self.number)
            assert case is not None
            found = [case] if case.merged_into else cases.merged_in(session, case.id)
            for each in found:
                merging.unmerge(Turn(deps, session, deps.clock.now()), each)

    def state_of_all(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that a move could touch, but for the codes that name the case."""
        return {
            name: self.town.rows(f"SELECT * FROM {name} WHERE {own.format(self.number)} ORDER BY 1")
            for name, own in TOUCHED.items()
        }

    def step(self, step: tuple[Any, ...]) -> None:
        """One move by somebody, or time."""
        if step[0] == "resident":
            assert self.phone.say(step[1])
        elif step[0] == "office":
            self.office(step[1])
        elif step[0] == "wait":
            self.town.wait(hours=step[1])
        else:
            self.act(*step)
        for promise in PROMISES:
            assert self.town.rows(promise) == [], promise
        assert [w for w in look(self.town.deps) if w.kind in THOROUGH] == []


def life_in(town: Town) -> Callable[[], None]:
    """The property, in this town."""
    count = iter(range(1_000_000))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(BEGINNINGS), STEPS)
    def live(beginning: tuple[tuple[Any, ...], ...], steps: list[tuple[Any, ...]]) -> None:
        case = Case(town, next(count))
        for step in (*beginning, *steps):
            case.step(step)

    return live


@pytest.mark.slow
def test_random_lives(sqlite_url: str, tmp_path: Path, understander: Understander) -> None:
    """Some dozen cases, each with up to fourteen moves by random people."""
    town = build_town(sqlite_url, tmp_path, understander)
    try:
        life_in(town)()
    finally:
        town.deps.database.dispose()
