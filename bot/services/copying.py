"""The copy of a person's own data (个人信息保护法, article 45), made for a case in which they asked
for it: one readable page and the files that they sent. Nothing of anybody else is in it: no words
that others added to their cases, no photos of a station, nothing that was typed at work."""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.cases import CHINESE, OVER, State, parse_number, show_number
from bot.domain.deadlines import BEIJING
from bot.domain.dialog import binds
from bot.domain.media import MediaState
from bot.domain.moves import ItemAct, Slip
from bot.domain.verbs import read_act
from bot.models.cases import Attachment, Case
from bot.models.conversation import Contact, Message
from bot.models.organisation import Person
from bot.services import media_files, own_data, wording
from bot.services.errors import NotFound, Refused
from bot.services.ports import Deps
from bot.services.story import Line, story
from bot.services.turn import Turn
from bot.store import cases, events, organisation, visits
from bot.store.events import SHELL

PAGE = "我的数据.html"
FILES = "照片和语音"
_ENDINGS = {
    "image/jpeg": ".jpg", "audio/mpeg": ".mp3", "audio/amr": ".amr", "audio/amr-wb": ".amr",
    "audio/ogg": ".ogg", "video/mp4": ".mp4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """Something that came with a case. `name`: its file in the copy, empty where none is kept;
    `source`: where that file lies now."""

    kind: str
    when: str
    title: str
    name: str
    source: Path | None


@dataclass(frozen=True, slots=True)
class CopiedCase:
    """One case as its resident may know it. `words`: their own; `story`: each line with its time
    written out, the oldest first."""

    shown: str
    what: str
    when: str
    state: str
    station: str
    words: tuple[str, ...]
    answer: str
    ending: str | None
    solved: str | None
    satisfied: str | None
    story: tuple[tuple[str, Line], ...]
    files: tuple[CopiedFile, ...]


@dataclass(frozen=True, slots=True)
class CopiedMessage:
    """One message that came from the phone."""

    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Copy:
    """All that is kept of one phone. `person`: what the roster has of who bound it."""

    number: str
    made: str
    address: str
    since: str
    informed: str
    person: tuple[str, ...]
    cases: tuple[CopiedCase, ...]
    messages: tuple[CopiedMessage, ...]

    @property
    def files(self) -> list[CopiedFile]:
        """Those with a file."""
        return [file for case in self.cases for file in case.files if file.source is not None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, for whoever asked for it on the shell."""

    number: str
    folder: str
    cases: int
    messages: int
    files: int


def copy(deps: Deps, number: str, folder: Path, render: Callable[[Copy], str]) -> Made:
    """Write the copy that the case of this number asks for to `folder`, readable by its owner
    alone, and keep that it was made. `render` makes the page.

    Raises NotFound, Refused (the case asks for no copy or is over, something lies at `folder`), and
    OSError when it can't be written; then nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("operator.copy_in_the_way", path=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".copy"))
    try:
        with deps.database.write() as session:
            turn = Turn(deps, session, deps.clock.now())
            case = _asking(turn, number)
            gathered = _gather(turn, case)
            _write(made, gathered, render(gathered))
            count = len(gathered.cases), len(gathered.messages), len(gathered.files)
            events.record(
                session, turn.now, "copied", case_id=case.id, by=SHELL,
                cases=count[0], messages=count[1], files=count[2],
            )  # fmt: skip
            made.replace(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return Made(gathered.number, str(folder), *count)


def _asking(turn: Turn, number: str) -> Case:
    typed = parse_number(number)
    case = cases.by_number(turn.session, typed.full) if typed and typed.full else None
    if case is None:
        raise NotFound("operator.no_case", number=number)
    if case.source != own_data.COPY:
        raise Refused("operator.copy_not_asked", number=show_number(case.number))
    if State(case.state) in OVER or case.erased_at is not None:
        state = CHINESE[State(case.state)]
        raise Refused("operator.not_now", number=show_number(case.number), state=state)
    return case


def _gather(turn: Turn, case: Case) -> Copy:
    found = visits.contact_with_person(turn.session, case.contact_id)
    contact = found[0] if found else turn.session.get_one(Contact, case.contact_id)
    own = [c for c in cases.of_contact(turn.session, contact.id) if c.erased_at is None]
    ids = {each.id for each in own}
    kept = visits.messages_of(turn.session, contact.id, None)
    at_work = _at_work(turn, contact, kept)
    said = [message for message in reversed(kept) if _is_own(message, ids, at_work)]
    return Copy(
        number=show_number(case.number), made=_at(turn.now), address=contact.address,
        since=_at(contact.created_at), informed=_at(contact.informed_at),
        person=_person(found[1] if found else None),
        cases=tuple(_case(turn, each, said) for each in reversed(own)),
        messages=tuple(_message(each) for each in said),
    )  # fmt: skip


def _at(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _person(person: Person | None) -> tuple[str, ...]:
    if person is None:
        return ()
    return tuple(filter(None, (person.name, person.phone, person.sector or "")))


def _message(message: Message) -> CopiedMessage:
    return CopiedMessage(_at(message.received_at), message.text)


def _is_own(
    message: Message, case_ids: Collection[int], at_work: Callable[[datetime], bool]
) -> bool:
    """What a member typed at work (答37 …, 开单 …) is about somebody else; the same words of a
    resident are the resident's."""
    if message.case_id is not None:
        return message.case_id in case_ids
    acts = isinstance(read_act(message.text, None, ()), ItemAct | Slip)
    return not (acts and at_work(message.received_at))


def _at_work(turn: Turn, contact: Contact, kept: Sequence[Message]) -> Callable[[datetime], bool]:
    """Whether the phone's owner may have spoken under a post at a moment: since a code bound it, on
    days on which they held one. Whose it was before it was unbound is not known any more."""
    person_id = contact.person_id
    bound = [m.received_at for m in kept if binds(m.text, str(m.data.get("event_key", "")))]
    if person_id is None and not bound:
        return lambda _at: False
    since = min(bound, default=contact.created_at)

    def says(at: datetime) -> bool:
        day = at.astimezone(BEIJING).date()
        # Whoever left at once held the post until the day before, as the roster has it.
        days = (day, day - timedelta(days=1))
        held = person_id is None or any(
            organisation.posts_of_person(turn.session, person_id, each) for each in days
        )
        return at >= since and held

    return says


def _case(turn: Turn, case: Case, said: list[Message]) -> CopiedCase:
    words = tuple(m.text for m in said if m.case_id == case.id and m.text)
    ours = any(event.kind == "slip_added" for event in events.of_case(turn.session, case.id))
    if not words and not ours:  # of a letter or a form no message was kept
        words = (case.text,) if case.text else ()
    return CopiedCase(
        shown=show_number(case.number), what=wording.what(turn, case), when=_at(case.created_at),
        state=case.state, station=wording.station_name(turn, case), words=words,
        answer=case.answer, ending=case.ending, solved=case.solved, satisfied=case.satisfied,
        story=tuple((_at(line.at), line) for line in reversed(story(turn, case))),
        files=tuple(_files(turn, case)),
    )  # fmt: skip


def _files(turn: Turn, case: Case) -> list[CopiedFile]:
    # A photo with a title is a station's: bot.services.photos.
    own = [a for a in cases.attachments(turn.session, case.id) if a.kind != "image" or not a.title]
    return [_file(turn.deps, case, number, row) for number, row in enumerate(own, 1)]


def _file(deps: Deps, case: Case, number: int, row: Attachment) -> CopiedFile:
    source, mime = None, row.mime
    if row.state == MediaState.KEPT and row.sha256 is not None:
        path = media_files.place(deps.settings.var_path, row.sha256)
        heard = media_files.playable(path)
        source, mime = (heard, "audio/mpeg") if heard.exists() else (path, mime)
        source = source if source.exists() else None
    name = f"{FILES}/{case.number}-{number}{_ENDINGS.get(mime, '')}" if source else ""
    title = " ".join(filter(None, (row.title, row.url)))
    return CopiedFile(row.kind, _at(row.created_at), title, name, source)


def _write(folder: Path, gathered: Copy, page: str) -> None:
    """The folder is its owner's alone already (mkdtemp); so is what lies in it."""
    _private(folder / PAGE, page.encode())
    for file in gathered.files:
        if file.source is not None:
            target = folder / file.name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _private(target, file.source.read_bytes())


def _private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
