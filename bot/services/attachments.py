"""Files of a case for whoever may see the case; pages and the console serve them from here."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.media import MediaState
from bot.domain.permissions import Action, Actor, may
from bot.models.cases import Attachment, Case
from bot.services import media_files
from bot.services.acting import actor_of, case_subject
from bot.services.errors import NotFound
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import organisation


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to be sent out. `mime` is what the content is; send it with nosniff and inline only
    for pictures and sound."""

    path: Path
    mime: str
    kind: str
    number: str
    """Of its case."""


def opened_on_page(
    deps: Deps, contact_id: int, person_id: int | None, attachment_id: int, *, small: bool
) -> Opened:
    """The file for a signed-in phone: its own, or one of a case that its person works on. `small`:
    a picture as lists show it. Raises NotFound."""
    actor = Actor(None)
    if person_id is not None:
        with deps.database.read() as session:
            today = Turn(deps, session, deps.clock.now()).today
            actor = actor_of(person_id, organisation.posts_of_person(session, person_id, today))
    return opened_for(deps, actor, attachment_id, contact_id=contact_id, small=small)


def opened_for(
    deps: Deps, actor: Actor, attachment_id: int, *, small: bool, contact_id: int | None = None
) -> Opened:
    """The file for an actor, or for a phone of its own. Raises NotFound."""
    found = opened(deps, actor, attachment_id, contact_id=contact_id)
    if small and found.kind == "image":
        try:
            return replace(found, path=media_files.small(found.path), mime="image/jpeg")
        except OSError:
            raise NotFound("refusal.no_file") from None
    return found


def opened(
    deps: Deps, actor: Actor, attachment_id: int, *, contact_id: int | None = None
) -> Opened:
    """The file of an attachment, for who may see its case: an actor with posts, or the sender
    (`contact_id`). A voice comes as a browser plays it, where that could be made.

    Raises NotFound, the same for what doesn't exist, is not fetched, or is not theirs to see.
    """
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        row = session.get(Attachment, attachment_id)
        if row is None or row.state != MediaState.KEPT or row.sha256 is None:
            raise NotFound("refusal.no_file")
        case = session.get_one(Case, row.case_id)
        own = contact_id is not None and case.contact_id == contact_id
        if not own and not may(actor, Action.SEE, case_subject(turn, case)):
            raise NotFound("refusal.no_file")
        path = media_files.place(deps.settings.var_path, row.sha256)
        found = Opened(path, row.mime, row.kind, case.number)
    heard = media_files.playable(path)
    if heard.exists():
        return replace(found, path=heard, mime="audio/mpeg")
    if not path.exists():
        raise NotFound("refusal.no_file")
    return found
