"""A second person of the station has a case in hand as well, because its ladder said so."""

from collections.abc import Sequence

from bot.models.cases import Case
from bot.services.turn import Turn
from bot.store import events, item_codes, organisation
from bot.store.organisation import PostView


def share(turn: Turn, case: Case, posts: Sequence[PostView]) -> None:
    """The first of them that is of the owning station and has not got it becomes its co-owner."""
    others = (p for p in posts if p.unit_id == case.owner_unit_id and p.id != case.holder_post_id)
    post = next(others, None)
    if post is None or case.co_owner_post_id is not None:
        return
    case.co_owner_post_id = post.id
    item_codes.give(turn.session, post.person_id, case.id, turn.now)
    events.record(turn.session, turn.now, "co_owner", case_id=case.id, post=post.id)


def with_co_owner(turn: Turn, case: Case, holder_post_id: int | None) -> list[PostView]:
    """Whoever holds this post, if anybody does, and the co-owner."""
    wanted = dict.fromkeys(i for i in (holder_post_id, case.co_owner_post_id) if i is not None)
    found = (organisation.post_by_id(turn.session, post_id, turn.today) for post_id in wanted)
    return [post for post in found if post is not None]
