"""Who changes master data at the console, and why: one way for every form."""

from datetime import date

from bot.domain.clean import clean
from bot.domain.console import RIGHTS, Right
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_history import Author
from bot.store.events import By

LONGEST = 300


def author_of(
    visit: ConsoleVisit, reason: str, *, needed: str = "master.needs_reason",
    right: Right = Right.MASTER,
) -> Author:  # fmt: skip
    """Who has the `right`, in a session with a code of the authenticator. Raises Refused: not
    theirs, or no reason (`needed`: the sentence for that)."""
    post = next((each for each in visit.posts if each.role in RIGHTS[right]), None)
    if post is None or not visit.strong:
        raise Refused("master.not_yours")
    why = clean(reason).strip()
    if not why:
        raise Refused(needed)
    if len(why) > LONGEST:
        raise Refused("console.too_long", most=LONGEST, now=len(why))
    return Author(By("post", post.id), why)


def day_of(words: str, otherwise: date) -> date:
    """A day as a form sends it; `otherwise` for none. Raises Refused."""
    try:
        return date.fromisoformat(words) if words else otherwise
    except ValueError as error:
        raise Refused("master.no_day", day=words) from error
