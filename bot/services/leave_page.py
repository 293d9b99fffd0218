"""请假 as a page: the form, who could stand in, and what stands."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.absences import Wish, role_name
from bot.domain.roles import ROLE_NAMES, Role
from bot.services import absence, standing_in, wording
from bot.services.absence import Leave
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import absences


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """One post's leave in words: `post` as 站名 and 职务; `stand_in` empty where nobody does by
    rule; `others`: who could be named then."""

    post: str
    person: str
    stand_in: str
    days: str
    last: str
    running: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeavePage:
    """`own`: what stands. `carried`: whom this person stands in for now. `colleagues`: who may be
    named, none of whom is away today, as (what to send, 姓名（职务）). `today` as a form's date
    field has it."""

    own: tuple[LeaveLine, ...]
    carried: tuple[LeaveLine, ...]
    colleagues: tuple[tuple[str, str], ...]
    today: str


def look(deps: Deps, person_id: int) -> LeavePage:
    """What the page shows. Raises Refused when there is no post to be on leave from."""
    with deps.database.read() as session:
        turn = _turn(deps, session)
        units = [post.unit_id for post in absence.own_posts(turn, person_id)]
        seats = standing_in.able(turn, units, person_id, turn.today, turn.today)
        others = {s.person + role_name(s): f"{s.person}（{role_name(s)}）" for s in seats}
        return LeavePage(
            own=own(turn, person_id), carried=carried(turn, person_id),
            colleagues=tuple(others.items()), today=turn.today.isoformat(),
        )  # fmt: skip


def own(turn: Turn, person_id: int) -> tuple[LeaveLine, ...]:
    """This person's leave that runs or is to come."""
    return tuple(_line(turn, leave) for leave in absence.current(turn, person_id))


def carried(turn: Turn, person_id: int) -> tuple[LeaveLine, ...]:
    """Whose posts this person carries today, and until when."""
    posts = [p for p in standing_in.at_hand(turn, person_id) if p.stands_in is not None]
    rows = absences.running(turn.session, [post.id for post in posts], turn.today)
    return tuple(_line(turn, absence.shown(turn, rows[post.id])) for post in posts)


def _line(turn: Turn, leave: Leave) -> LeaveLine:
    post = leave.post
    return LeaveLine(
        post=f"{post.unit}{ROLE_NAMES[Role(post.role)]}", person=post.person,
        stand_in=leave.stand_in, days=wording.days(leave.first, leave.last, turn.today),
        others=leave.others, last=wording.day(leave.last, turn.today), running=leave.running,
    )  # fmt: skip


def take(deps: Deps, person_id: int, first: str, last: str, name: str) -> str:
    """Take leave by the form (days as YYYY-MM-DD); the sentence for who sent it. Raises Refused
    and NotFound."""
    with deps.database.write() as session:
        turn = _turn(deps, session)
        posts = absence.own_posts(turn, person_id)
        try:
            wish = Wish(date.fromisoformat(first), date.fromisoformat(last), name.strip())
        except ValueError:
            raise Refused("page.leave_days") from None
        absence.enter(turn, posts, wish)
        return absence.entered(turn, person_id)


def back(deps: Deps, person_id: int) -> str:
    """销假 by its button; the sentence for who pressed it. Raises Refused."""
    with deps.database.write() as session:
        return absence.come_back(_turn(deps, session), person_id)


def _turn(deps: Deps, session: Session) -> Turn:
    return Turn(deps, session, deps.clock.now())
