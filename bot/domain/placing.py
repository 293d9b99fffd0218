"""Which place a case is at: what was typed, the poster scanned, the location sent.

What is surely typed wins; the rule says when something else was scanned or sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.rule import Rule
from bot.domain.stations import Directory, Station
from bot.domain.understanding import PlaceHit, Reading

MOST = 4
"""So many places may be offered to choose from."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of the place: the station that serves it and whether it can receive."""

    rule: Rule
    """The rule when this station owns the case and no topic is known."""
    station: Station | None = None
    district: Station | None = None
    """The district's own station, if it can receive."""
    word: str | None = None
    sure: bool = True
    """False: only the district is known, or two places contradict each other."""


def place_of(reading: Reading, directory: Directory, scene: Station | None) -> Place | None:
    """The place by what was typed, scanned and sent. A weak hit alone is nothing, but where it
    speaks of another district than the poster's a person decides."""
    sure = [hit for hit in reading.places if hit.sure and (hit.unit or hit.district)]
    exact = [hit for hit in sure if hit.unit]
    if exact:
        return _typed_place(exact, reading, directory, scene)
    if scene is not None and all(fits(hit, scene) for hit in sure):
        return _scanned_place(reading, directory, scene)
    if sure:
        station = _district_station(directory, sure[0].district)
        rule = _overruled(reading, scene) or Rule.DISTRICT_ONLY
        return Place(rule, None, station, sure[0].name, sure=False)
    return None


def named_place(
    reading: Reading, scene: Station | None
) -> tuple[str | None, str | None, str | None]:
    """Street, district and the word for them, as far as they are sure."""
    sure = [hit for hit in reading.places if hit.sure and (hit.unit or hit.district)]
    exact = [hit for hit in sure if hit.unit]
    if not exact and scene is not None and all(fits(hit, scene) for hit in sure):
        return scene.unit, scene.district, sure[0].name if sure else None
    agreeing = [h for h in exact if scene and scene.unit == h.unit and fits(h, scene)]
    hits = agreeing or exact or sure
    if not hits:
        return None, None, None
    districts = {hit.district for hit in hits if hit.district}
    district = districts.pop() if len(districts) == 1 else None
    street = None if contradict(hits) else hits[0].unit
    return street, district, hits[0].name


def _overruled(reading: Reading, scene: Station | None) -> Rule | None:
    """What surely typed words won over."""
    if scene is not None:
        return Rule.TEXT_OVER_SCENE
    return Rule.TEXT_OVER_LOCATION if reading.elsewhere else None


def options_of(reading: Reading, scene: Station | None) -> tuple[PlaceHit, ...]:
    """The two to MOST places of which one is meant, where what was typed and scanned leaves it
    open; none when it is clear or too many might be. Each is sure for whoever picks it."""
    exact = [hit for hit in reading.places if hit.sure and hit.unit]
    if exact:
        found = [] if scene and any(_is_at(hit, scene) for hit in exact) else exact
    elif scene is not None and scene.unit is not None:
        found = [hit for hit in reading.places if hit.unit and not hit.sure]
        here = PlaceHit(scene.unit, scene.unit, scene.district, True)
        found = [here, *found] if not any(_is_at(hit, scene) for hit in found) else []
    else:
        found = _meanings(reading.places)
    distinct = {(hit.unit or hit.name, hit.district): replace(hit, sure=True) for hit in found}
    return tuple(distinct.values()) if 2 <= len(distinct) <= MOST else ()


def _is_at(hit: PlaceHit, scene: Station) -> bool:
    return hit.unit == scene.unit and fits(hit, scene)


def _meanings(places: Sequence[PlaceHit]) -> list[PlaceHit]:
    """Of the first name that has several."""
    several = next((hit for hit in places if hit.options), None)
    if several is None:
        return []
    return [PlaceHit(several.name, unit, where, True) for unit, where in several.options]


def chosen(places: Sequence[PlaceHit], pick: PlaceHit) -> tuple[PlaceHit, ...]:
    """The places of a text, when its writer has said which one is meant."""
    return (pick, *(replace(hit, sure=False) for hit in places if hit.unit != pick.unit))


def _typed_place(
    hits: list[PlaceHit], reading: Reading, directory: Directory, scene: Station | None
) -> Place:
    """A surely named street. Two different ones are for a person, unless the scan picks one."""
    agreeing = [h for h in hits if scene and scene.unit == h.unit and fits(h, scene)]
    hit = (agreeing or hits)[0]
    district = _district_station(directory, hit.district)
    serving = [s for s in directory.by_street.get(hit.unit, ()) if fits(hit, s)]
    station = first(s for s in serving if s.receives) or first(serving)
    if not agreeing and contradict(hits):
        proposed = station if station and station.receives else None
        return Place(Rule.PLACE_CONFLICT, proposed, district, hit.name, sure=False)
    if station is None:
        return Place(Rule.AREA_TO_DISTRICT, district, None, hit.name)
    passed = None if scene is None or agreeing or scene.id == station.id else scene
    return Place(_overruled(reading, passed) or Rule.PLACE_ONLY, station, district, hit.name)


def _scanned_place(reading: Reading, directory: Directory, scene: Station) -> Place:
    agreeing = [hit for hit in reading.places if hit.unit and hit.unit == scene.unit]
    district = _district_station(directory, scene.district)
    if agreeing or scene.unit is None:
        return Place(Rule.SCENE_ONLY, scene, district, agreeing[0].name if agreeing else None)
    far = [hit.name for hit in reading.places if not fits(hit, scene)]
    if far:
        proposed = scene if scene.receives else None
        return Place(Rule.PLACE_CONFLICT, proposed, district, far[0], sure=False)
    near = [hit.name for hit in reading.places if hit.unit]
    rule = Rule.SCENE_WEAK_ELSEWHERE if near else Rule.SCENE_ONLY
    return Place(rule, scene, district, near[0] if near else None)


def _district_station(directory: Directory, district: str | None) -> Station | None:
    if district is None:
        return None
    return first(s for s in directory.by_district.get(district, ()) if s.receives)


def fits(hit: PlaceHit, station: Station) -> bool:
    """Street names repeat between districts; an unknown district contradicts nothing."""
    return None in (hit.district, station.district) or hit.district == station.district


def contradict(hits: Sequence[PlaceHit]) -> bool:
    """Whether they lie in different streets or districts."""
    return len({h.unit for h in hits}) > 1 or len({h.district for h in hits if h.district}) > 1


def first(stations: Iterable[Station]) -> Station | None:
    """The one with the first code, so that ties are broken the same way every time."""
    return min(stations, key=by_code, default=None)


def by_code(station: Station) -> tuple[str, int]:
    """Key of that order."""
    return station.code, station.id
