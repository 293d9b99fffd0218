"""Whether residents who ask in an entry's own wordings would get its answer."""

from bot.domain import common_questions as rules
from bot.domain.common_questions import Entry
from bot.domain.understanding import PlaceHit
from bot.nlp.answering import AnswerFinder
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.roster import today
from bot.store import common_questions


def unheard(deps: Deps, entry: Entry) -> tuple[str, ...]:
    """Wordings of the entry that get another answer or none, as the list is now: they are no
    question for us, speak of danger or of several matters, or are too near to another entry."""
    day = today(deps)
    with deps.database.read() as session:
        listed = common_questions.entries(session)
    others = [e for e in listed if e.code != entry.code and rules.answers(e, day)]
    finder = AnswerFinder([*others, entry])
    there = PlaceHit(entry.place or "", entry.street, entry.district, True)
    found = ((words, finder.find(read_safely(deps, words), there).match)
             for words in (entry.question, *entry.wordings))  # fmt: skip
    return tuple(words for words, match in found if match is None or match.entry != entry)
