"""Examples of common questions for the demo network, marked as such where residents read them."""

import json
from datetime import timedelta

from bot.domain.common_questions import Entry
from bot.nlp.data import DATA_DIR
from bot.services import common_questions as desk
from bot.services.master_history import Author
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import common_questions

FILE = DATA_DIR / "demo_questions.json"
HOLDS = timedelta(days=365)


def write(deps: Deps) -> int:
    """Add those that are not there yet; how many. What the office changed stays as it is."""
    given = json.loads(FILE.read_text(encoding="utf-8"))["questions"]
    with deps.database.write() as session:
        common_questions.lock(session)
        turn = Turn(deps, session, deps.clock.now())
        known = {each.code for each in common_questions.entries(session)}
        count = 0
        for number, each in enumerate(given, 1):
            entry = Entry(
                f"DEMO-{number:02d}", each["question"], tuple(each["wordings"]), each["answer"],
                each["source"], None, None, None, turn.today + HOLDS,
            )  # fmt: skip
            if entry.code not in known:
                count += desk.record(turn, None, entry, Author(reason="示例"))
        return count
