"""Random conversations through the front door: whatever people type, the promises hold."""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.domain.understanding import Understander
from tests.conversation_rig import FIRE, LAMP, LAMP_NOWHERE, MEDIA, Town
from tests.web.conftest import build_town

DEMANDS = [
    LAMP,
    LAMP_NOWHERE,
    FIRE,
    "大学西路街道的暖气不热",
    "昭乌达路街道清真食堂的伙食不合民族习惯",
    "我要举报村支书贪污受贿，吃回扣",
    "还有一件事，大学西路街道的井盖丢了",
]
WORDS = [
    *["谢谢", "asdf", "", "1", "3", "是", "没有", "不满意", "满意", "三号楼下面", "昭乌达路街道"],
    *["不方便说", "查进度", "找工作站", "人工", "提诉求", "还有一件事", "撤回", "不撤回", "催一下"],
    *["还好", "又坏了", "太感谢了，路灯修好了", "帮助", "同意", "需261123-0001", "接11", "待办"],
]
ACTS = [
    *["接{}", "退{} 不归我们管", "答{} 修好了", "收到{}", "接{}", "答{} 已解决 实事 亮了"],
    *["问{} 您住几号楼？", "请{} T002", "转{} T003 归那边", "挂{} 2027-03-02 等管网", "1", "待办"],
    *["转12345 {} 编号 20261126001", "延{} 3 等检测", "派{} 牛茶壶", "开单 昭乌达路街道的井盖丢了"],
]
EVENTS = [("CLICK", "K_NEW"), ("CLICK", "K_HUMAN"), ("CLICK", "K_FIND"), ("SCAN", "st_T002"),
          ("unsubscribe", ""), ("subscribe", "")]  # fmt: skip
RESIDENTS = st.sampled_from(["a", "b"])
MEMBERS = st.sampled_from(["first", "economist", "duty"])

NO_TWO_SETTLING = "SELECT contact_id FROM cases WHERE settling GROUP BY 1 HAVING count(*) > 1"
NO_TWO_QUESTIONS = (
    "SELECT contact_id FROM questions WHERE ended_at IS NULL GROUP BY 1 HAVING count(*) > 1"
)
OPEN_WITHOUT_NEXT_STEP = """
    SELECT number, state, queue FROM cases
    WHERE state NOT IN ('closed', 'withdrawn', 'rejected') AND merged_into IS NULL AND NOT EXISTS (
        SELECT 1 FROM clocks WHERE subject_id = cases.id AND next_step_at IS NOT NULL)"""
NEW_IN_NO_QUEUE = """
    SELECT number FROM cases
    WHERE state = 'new' AND queue IS NULL AND NOT settling AND merged_into IS NULL"""
OVER_WITH_A_CLOCK = """
    SELECT number FROM cases JOIN clocks ON subject_id = cases.id
    WHERE (state IN ('closed', 'withdrawn', 'rejected') OR merged_into IS NOT NULL)
      AND clocks.ended_at IS NULL"""
OVER_WITH_A_QUESTION = """
    SELECT number FROM cases JOIN questions ON case_id = cases.id
    WHERE (state IN ('closed', 'withdrawn', 'rejected') OR merged_into IS NOT NULL)
      AND questions.ended_at IS NULL
      AND NOT (state = 'closed' AND lasting = 'asked' AND questions.kind = 'lasting')"""
FAILED = "SELECT data FROM events WHERE kind = 'understanding_failed'"


class Conversations(RuleBasedStateMachine):
    """Two residents and three members, typing anything at any time."""

    make: Callable[[], Town]

    def __init__(self) -> None:
        super().__init__()
        self.town = self.make()
        for member in ("first", "economist", "duty"):
            self.town.member(member)
        self.told: dict[str, set[str]] = {"a": set(), "b": set()}

    def teardown(self) -> None:
        """Let go of the database."""
        self.town.deps.database.dispose()

    @rule(who=RESIDENTS, words=st.sampled_from(DEMANDS))
    def demand(self, who: str, words: str) -> None:
        """Somebody tells a matter, and hears something."""
        assert self.town.phone(who).say(words)
        self.told[who].add(words.removeprefix("还有一件事，"))

    @rule(who=RESIDENTS, words=st.sampled_from(WORDS))
    def chat(self, who: str, words: str) -> None:
        """Somebody types one of the small words."""
        assert self.town.phone(who).say(words)

    @rule(who=RESIDENTS, kind=st.sampled_from(sorted(MEDIA)))
    def media(self, who: str, kind: str) -> None:
        """Somebody sends a photo, a voice, a place …"""
        assert self.town.phone(who).send(kind)

    @rule(who=RESIDENTS, event=st.sampled_from(EVENTS))
    def event(self, who: str, event: tuple[str, str]) -> None:
        """Somebody clicks, scans, leaves or comes back."""
        self.town.phone(who).do(*event)

    @rule(who=RESIDENTS)
    def refuse(self, who: str) -> None:
        """Somebody refuses: what they told may go."""
        assert self.town.phone(who).say("不同意")
        self.told[who].clear()

    @rule(who=RESIDENTS, index=st.integers(0, 2))
    def tap(self, who: str, index: int) -> None:
        """Somebody taps a choice that is or was in view."""
        phone = self.town.phone(who)
        choices = sorted(phone.choices().items())
        if choices:
            label, menu_id = choices[index % len(choices)]
            assert phone.say(label, menu_id=menu_id)

    @rule(who=MEMBERS, verb=st.sampled_from(ACTS))
    def act(self, who: str, verb: str) -> None:
        """A member acts on the item that was pushed last."""
        member = self.town.phone(who)
        if codes := member.codes():
            assert member.say(verb.format(codes[0]))

    @rule(hours=st.sampled_from([0.002, 0.002, 1, 30, 80, 700]))
    def wait(self, hours: float) -> None:
        """Time passes, with everything that falls due."""
        self.town.wait(hours=hours)

    @invariant()
    def promises_hold(self) -> None:
        """Nothing doubled, nothing without a next step, nothing over that still runs."""
        for question in (
            *(NO_TWO_SETTLING, NO_TWO_QUESTIONS, OPEN_WITHOUT_NEXT_STEP, NEW_IN_NO_QUEUE),
            *(OVER_WITH_A_CLOCK, OVER_WITH_A_QUESTION, FAILED),
        ):
            assert self.town.rows(question) == [], question

    @invariant()
    def no_demand_is_lost(self) -> None:
        """Every demand told and not refused lies in a case or a message of its sender."""
        kept = self.town.rows("SELECT text FROM cases UNION ALL SELECT text FROM messages")
        everything = "\n".join(text for (text,) in kept)
        for words in self.told["a"] | self.told["b"]:
            assert words in everything


@pytest.mark.slow
def test_random_conversations(
    migrated_sqlite: Path, tmp_path: Path, understander: Understander
) -> None:
    """Some dozen conversations of up to thirty turns."""

    class OnSqlite(Conversations):
        """Each conversation in a town of its own."""

        @staticmethod
        def make() -> Town:
            """A fresh copy of the migrated file."""
            folder = Path(mkdtemp(dir=tmp_path))
            path = folder / "town.sqlite3"
            path.write_bytes(migrated_sqlite.read_bytes())
            return build_town(f"sqlite:///{path}", folder, understander)

    run_state_machine_as_test(
        OnSqlite, settings=settings(max_examples=25, stateful_step_count=30, deadline=None)
    )
