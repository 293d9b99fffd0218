"""Where a case goes: urgency first, then place, then topic; a person may always override.

Pure and deterministic: the same reading and the same directory give the same route, ties are
broken by station code. Only stations that are active and staffed receive.
"""

from collections.abc import Iterable, Mapping

from bot.domain.office_rules import fitting
from bot.domain.placing import Place, by_code, first, named_place, place_of
from bot.domain.rule import Rule
from bot.domain.stations import Directory, Queue, Route, Station
from bot.domain.understanding import DANGER, CategoryInfo, Handling, Reading

WORDS_OF_TOPIC = 2


def route(
    reading: Reading,
    directory: Directory,
    *,
    categories: Mapping[str, CategoryInfo],
    scene: Station | None = None,
) -> Route:
    """Choose owner, helpers or queue for what was read. `scene` is the station whose QR code the
    person scanned: it is the place unless the text surely names another. Never raises."""
    topic = categories.get(reading.category) if reading.category else None
    handling = _strictest(reading.handling, topic.handling if topic else "normal")
    if reading.urgency == "emergency":
        words = _evidence(reading, reading.emergency) or _evidence(reading, DANGER)
        return _queued("emergency", Rule.EMERGENCY, words)
    if handling == "named_staff":
        return _queued("restricted", Rule.NAMED_STAFF, _evidence(reading, reading.category))
    studio = _studio(directory, topic)
    if handling == "named_members":
        return _to_named_members(studio, _evidence(reading, reading.category))
    laid_down = _by_office_rule(reading, directory, topic, studio, scene)
    chosen = laid_down or _by_place_and_topic(reading, directory, topic, studio, scene)
    if unclear := _unclear(reading):
        return _queued("staff", unclear, chosen.words, chosen.owner or chosen.proposed)
    return chosen.with_paired(directory)


def _unclear(reading: Reading) -> Rule | None:
    """Why a person looks before any station does."""
    if reading.script is not None:
        return Rule(f"script_{reading.script}")
    if not reading.confident:
        return Rule.LOW_CONFIDENCE
    two = len({part.code for part in reading.parts}) > 1
    return Rule.TWO_MATTERS if two else None


def _by_office_rule(
    reading: Reading,
    directory: Directory,
    topic: CategoryInfo | None,
    studio: Station | None,
    scene: Station | None,
) -> Route | None:
    """The most exact rule of the office whose station can receive. Of places that contradict each
    other none is meant."""
    if not directory.rules:
        return None
    street, district, named = named_place(reading, scene)
    for rule in fitting(directory.rules, topic.code if topic else None, district, street):
        station = directory.by_id.get(rule.station_id)
        if station is not None and station.receives:
            of_place = [named] if named and (rule.street or rule.district) else []
            of_topic = _evidence(reading, topic.code) if topic and rule.category else ()
            words = _distinct([*of_place, *of_topic])
            partners = _partners(directory, topic)
            return _owned(station, studio, partners, Rule.OFFICE_RULE, words)
    return None


def may_have(station: Station, directory: Directory, topic: CategoryInfo | None) -> bool:
    """Whether cases of a category for named members may lie at this station: at its studios."""
    sectors = topic.sector_units if topic else ()
    return any(station in directory.studios.get(sector, ()) for sector in sectors)


def _by_place_and_topic(
    reading: Reading,
    directory: Directory,
    topic: CategoryInfo | None,
    studio: Station | None,
    scene: Station | None,
) -> Route:
    place = place_of(reading, directory, scene)
    topic_words = _evidence(reading, topic.code if topic else None)
    words = _distinct(([place.word] if place and place.word else []) + list(topic_words))
    partners = _partners(directory, topic)
    if place is None:
        if studio is None:
            return _queued("staff", Rule.NOTHING_KNOWN, words)
        return _owned(studio, None, partners, Rule.TOPIC_ONLY, words)
    if not place.sure:
        return _unsure_place(place, studio, partners, words)
    if place.station is not None and place.station.receives:
        rule = _with_topic(place.rule) if studio else place.rule
        return _owned(place.station, studio, partners, rule, words)
    if studio is not None:
        return _owned(studio, None, partners, Rule.PLACE_CLOSED_TOPIC, topic_words)
    return _queued("staff", Rule.PLACE_CLOSED, words, place.district)


def _unsure_place(
    place: Place, studio: Station | None, partners: tuple[Station, ...], words: tuple[str, ...]
) -> Route:
    """Staff confirm when a station can be proposed; without one the topic decides alone."""
    proposed = place.station or place.district
    if proposed is None and studio is not None:
        return _owned(studio, None, partners, Rule.TOPIC_ONLY, words)
    return _queued("staff", place.rule, words, proposed)


def _to_named_members(studio: Station | None, words: tuple[str, ...]) -> Route:
    """The studio's named members alone see it; the place's station learns nothing."""
    if studio is None:
        return _queued("restricted", Rule.NAMED_MEMBERS_NO_STUDIO, words)
    return Route(
        owner=studio, assist=(), partners=(), queue=None, rule=Rule.NAMED_MEMBERS.value,
        words=words, shared_with_place=False,
    )  # fmt: skip


def _with_topic(rule: Rule) -> Rule:
    return {
        Rule.PLACE_ONLY: Rule.PLACE_AND_TOPIC,
        Rule.SCENE_ONLY: Rule.SCENE_AND_TOPIC,
    }.get(rule, rule)


def _studio(directory: Directory, topic: CategoryInfo | None) -> Station | None:
    """The first receiving studio in the category's own order of sectors."""
    for sector in topic.sector_units if topic else ():
        if found := first(s for s in directory.studios.get(sector, ()) if s.receives):
            return found
    return None


def _partners(directory: Directory, topic: CategoryInfo | None) -> tuple[Station, ...]:
    if topic is None:
        return ()
    offered = (s for s in directory.partners.get(topic.code, ()) if s.receives)
    return tuple(sorted(offered, key=by_code))


def _strictest(one: Handling, other: Handling) -> Handling:
    """The reading and the category may disagree; the careful one wins."""
    order: tuple[Handling, ...] = ("normal", "named_members", "named_staff")
    return max(one, other, key=order.index)


def _evidence(reading: Reading, code: str | None) -> tuple[str, ...]:
    """The words that counted most for a code."""
    counted = [e for e in reading.evidence if e.code == code and e.weight > 0 and e.whole]
    counted.sort(key=lambda e: (-e.weight, -len(e.word), e.word))
    return _distinct(e.word for e in counted)[:WORDS_OF_TOPIC]


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """In order, without words that another one already says (路灯 says 灯)."""
    kept: list[str] = []
    for word in words:
        if not any(word in other for other in kept):
            kept.append(word)
    return tuple(kept)


def _owned(
    owner: Station,
    studio: Station | None,
    partners: tuple[Station, ...],
    rule: Rule,
    words: tuple[str, ...],
) -> Route:
    assist = (studio,) if studio is not None and studio.id != owner.id else ()
    return Route(owner, assist, partners, None, rule.value, words)


def _queued(
    queue: Queue, rule: Rule, words: tuple[str, ...], proposed: Station | None = None
) -> Route:
    return Route(None, (), (), queue, rule.value, words, proposed)
