"""Photos that come by a form of our pages: checked and drawn anew before the lock, kept by hash
like those of chat, and rows of the same table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.domain.media import MIB, RULES, MediaState, first_state, type_of
from bot.models.cases import Attachment, Case
from bot.services import media_files
from bot.services.errors import Refused
from bot.services.media_files import Unreadable
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import media

MOST = 3
"""Photos of one form."""
MOST_OF_CASE = 30
"""Photos of one case by the pages, and by stations: nobody needs more, and a disk is no bottomless
thing."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo whose file is kept. `bytes`: its size."""

    sha256: str
    bytes: int


@contextmanager
def kept(deps: Deps, sent: Sequence[bytes]) -> Iterator[tuple[Photo, ...]]:
    """Keep the files while a write unit attaches them; when it fails, no file stays that no case
    has. Raises Refused: too many, too large, no picture. To be entered before the write unit."""
    root = deps.settings.var_path
    made = [_drawn(content) for content in _few(sent)]
    photos = tuple(Photo(media_files.keep(root, each), len(each)) for each in made)
    try:
        yield photos
    finally:
        _tidy(deps, photos, made)


def _tidy(deps: Deps, photos: Sequence[Photo], made: Sequence[bytes]) -> None:
    """What no case has goes; what somebody's erasure took away meanwhile is written once more."""
    if not photos:
        return
    root = deps.settings.var_path
    with deps.database.read() as session:
        used = [media.is_used(session, photo.sha256) for photo in photos]
    for photo, content, wanted in zip(photos, made, used, strict=True):
        if not wanted:
            media_files.remove(root, photo.sha256)
        elif not media_files.place(root, photo.sha256).exists():
            media_files.keep(root, content)


def _few(sent: Sequence[bytes]) -> list[bytes]:
    given = [content for content in sent if content]  # a browser sends an empty one for none
    if len(given) > MOST:
        raise Refused("page.photos_many", most=MOST)
    return given


def _drawn(content: bytes) -> bytes:
    rule = RULES["image"]
    if len(content) > rule.limit:
        raise Refused("page.photo_large", most=rule.limit // MIB)
    if type_of(content) not in rule.types:
        raise Refused("page.photo_type")
    try:
        return media_files.harmless_picture(content)
    except Unreadable:
        raise Refused("page.photo_type") from None


def attach(
    turn: Turn, case: Case, photos: Sequence[Photo], message_id: int | None = None, by: str = ""
) -> None:
    """Rows of the kept photos. `by`: the station whose people took them, empty for the resident.
    Raises Refused when the case has MOST_OF_CASE."""
    _make_room(turn, case, len(photos))
    for photo in photos:
        turn.session.add(
            Attachment(
                case_id=case.id, message_id=message_id, kind="image", title=by,
                created_at=turn.now, state=MediaState.KEPT, sha256=photo.sha256,
                mime="image/jpeg", bytes=photo.bytes, fetched_at=turn.now,
            )
        )  # fmt: skip


def attach_sent(turn: Turn, case: Case, message_id: int, media_id: str, by: str = "") -> None:
    """The row of a photo that was sent in chat; the media job fetches it. Raises Refused when a
    station's people (`by`) have put MOST_OF_CASE there."""
    if by:
        _make_room(turn, case, 1)
    turn.session.add(
        Attachment(
            case_id=case.id, message_id=message_id, kind="image", title=by, media_id=media_id,
            created_at=turn.now, next_try_at=turn.now, state=first_state("image", media_id),
        )
    )  # fmt: skip
    turn.session.flush()


def _make_room(turn: Turn, case: Case, more: int) -> None:
    if more and media.uploads(turn.session, case.id) + more > MOST_OF_CASE:
        raise Refused("page.photos_enough", most=MOST_OF_CASE)
