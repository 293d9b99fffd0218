"""The numbers on the tabs of our pages: by the queries of the lists behind them."""

from dataclasses import dataclass

from bot.services import todo
from bot.services.hands import DONE
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.services.visits import Visit
from bot.store import organisation, visits


@dataclass(frozen=True, slots=True)
class TabCounts:
    """`waiting`: 待办. `done`: cases of 办过的. `own`: of 我的诉求, those that are not over."""

    waiting: int = 0
    done: int = 0
    own: int = 0


def counts(deps: Deps, visit: Visit) -> TabCounts:
    """What stands behind each tab now."""
    with deps.database.read() as session:
        own = visits.count_open(session, visit.contact_id)
        if visit.person_id is None:
            return TabCounts(own=own)
        turn = Turn(deps, session, deps.clock.now())
        posts = organisation.posts_of_person(session, visit.person_id, turn.today)
        done = visits.count_done_by(session, [post.id for post in posts], DONE)
        return TabCounts(len(todo.in_hand(turn, visit.person_id)), done, own)
