"""Finding open cases that may be of the same matter: a job, some seconds after a case's words are
new. Guarded cases are never looked at; who may see what is asked again where it is shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.domain.same_matter import Likeness
from bot.nlp import same_matter
from bot.nlp.matters import Matter, matter, terms
from bot.services.nightly import once_a_night
from bot.services.ports import Deps
from bot.store import same_matters
from bot.store.same_matters import Words

BATCH = 10
"""Cases in one write unit: residents wait behind it."""
CANDIDATES = 20
"""With so many a case is compared: those that share most of what is rare."""
TIDIED = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """How many cases were compared, and how many are no longer looked among."""

    cases: int
    over: int = 0


def compare_new(deps: Deps) -> Sequence[Compared]:
    """Compare a batch of cases whose words are new with the open ones, oldest first; and once a
    night stop looking among those that are over. The job `same`."""
    found = _batch(deps)
    done = [Compared(found)] if found else []
    return [*done, *once_a_night(deps, "same", lambda: _tidy(deps))]


def _batch(deps: Deps) -> int:
    with deps.database.read() as session:
        ids = same_matters.waiting(session, BATCH)
        if not ids:
            return 0
        was = same_matters.versions(session, ids)
        taken = {case.id: matter_of(case) for case in same_matters.to_compare(session, ids)}
    with deps.database.write() as session:
        for case_id in ids:
            same_matters.put_terms(
                session, case_id, terms(taken[case_id]) if case_id in taken else ()
            )
    with deps.database.read() as session:
        alike = {case_id: likenesses(session, case_id, one) for case_id, one in taken.items()}
    with deps.database.write() as session:
        for case_id, found in alike.items():
            same_matters.put_likenesses(session, case_id, found, deps.clock.now())
        for case_id in ids:
            same_matters.done(session, case_id, was[case_id])
    return len(ids)


def matter_of(case: Words) -> Matter:
    """What a case is compared by. What a person said of its category and place holds."""
    read = {each["code"]: each["p"] for each in case.reading.get("categories", ())}
    known = {case.category: 1.0} if "corrected" in case.reading and case.category else read
    return matter(
        case.masked, case.reported_at or case.created_at, same_matter.load().rarity,
        places=[case.place] if case.place else [],
        districts=[case.district] if case.district else [],
        categories=known,
    )  # fmt: skip


def likenesses(session: Session, case_id: int, one: Matter) -> list[tuple[int, Likeness]]:
    """The open cases that may be of the same matter, by id, the likeliest first. Where nobody knows
    what it is about (反正就是不满意), nothing is the same."""
    if one.category is None:
        return []
    scorer = same_matter.load()
    others = same_matters.to_compare(session, _candidates(session, case_id, one))
    known = ((other.id, matter_of(other)) for other in others)
    scored = ((id_, scorer.score(one, other)) for id_, other in known if other.category)
    return sorted((pair for pair in scored if pair[1].same), key=lambda pair: -pair[1].score)


def _candidates(session: Session, case_id: int, one: Matter) -> list[int]:
    """Those that share most: what is rare counts by how rare it is, and less the more open cases
    have it."""
    counts: Counter[int] = Counter()
    for term, weight in terms(one).items():
        found = same_matters.with_term(session, term, case_id)
        share = weight if len(found) < same_matters.NEWEST else weight / 2
        for other in found:
            counts[other] += round(share)
    return [other for other, _ in counts.most_common(CANDIDATES)]


def _tidy(deps: Deps) -> list[Compared]:
    over = 0
    while True:
        with deps.database.read() as session:
            ids = same_matters.over_with_terms(session, TIDIED)
        if not ids:
            return [Compared(0, over)] if over else []
        with deps.database.write() as session:
            same_matters.drop_terms(session, ids)
        over += len(ids)
