"""Where cases go."""

import random
from dataclasses import replace

import pytest

from bot.domain.placing import options_of
from bot.domain.routing import route
from bot.domain.rule import Rule
from bot.domain.stations import Directory, Route, Station
from bot.domain.understanding import (
    CategoryInfo,
    CategoryScore,
    Evidence,
    Handling,
    Part,
    PlaceHit,
    Reading,
)

STREET = Station(1, "A01", "昭乌达路街道站", "street", "赛罕区", unit="昭乌达路街道")
OTHER_STREET = Station(2, "A02", "中山西路街道站", "street", "回民区", unit="中山西路街道")
SUSPENDED = Station(3, "A03", "巧报镇站", "street", "赛罕区", unit="巧报镇", active=False)
DISTRICT = Station(4, "D01", "赛罕区站", "district", "赛罕区")
BUILDERS = Station(5, "S01", "城乡建设界工作室", "sector", sector="城乡建设界", topics=("road",))
SCIENCE = Station(6, "P01", "九三学社工作室", "party", sector="九三学社", topics=("road",))
WOMEN = Station(7, "S02", "妇联界工作室", "sector", sector="妇联", topics=("minors",))
BUS = Station(8, "I01", "公交公司站", "institution", "新城区", topics=("transit", "road"))
DAIRY = Station(9, "K01", "乳业站", "keywork", topics=("agri",))
UNSTAFFED_PARTNER = Station(10, "I02", "路桥站", "institution", topics=("road",), staffed=False)

NETWORK = (
    STREET, OTHER_STREET, SUSPENDED, DISTRICT, BUILDERS, SCIENCE, WOMEN, BUS, DAIRY,
    UNSTAFFED_PARTNER,
)  # fmt: skip
DIRECTORY = Directory(NETWORK)

CATEGORIES = {
    "road": CategoryInfo("road", "道路", 5, "normal", ("经济界", "城乡建设界", "九三学社")),
    "minors": CategoryInfo("minors", "未成年人", 5, "named_members", ("妇联", "共青团")),
    "ethnic": CategoryInfo("ethnic", "民族宗教", 5, "named_members", ("民族界",)),
    "discipline": CategoryInfo("discipline", "违纪线索", 5, "named_staff", ()),
    "service": CategoryInfo("service", "政务服务", 3, "normal", ("中共界",)),
}

ROAD = PlaceHit("昭乌达路", "昭乌达路街道", "赛罕区", sure=True)
ROAD_WEAK = replace(ROAD, sure=False)
WEST = PlaceHit("中山西路", "中山西路街道", "回民区", sure=True)
NEXT_WEAK = PlaceHit("人民路", "人民路街道", "赛罕区", sure=False)
TOWNS = tuple((f"{each}镇", "武川县") for each in "一二三四五")
TWO_TOWNS = PlaceHit(
    "城关镇", None, None, False, (("城关镇", "和林格尔县"), ("城关镇", "清水河县"))
)  # fmt: skip
CLOSED = PlaceHit("巧报镇", "巧报镇", "赛罕区", sure=True)
AREA = PlaceHit("裕隆园区", "裕隆工业园区", "赛罕区", sure=True)
FAR_AREA = PlaceHit("金山开发区", "金山经济技术开发区", "土默特左旗", sure=True)
SAIHAN = PlaceHit("赛罕区", None, "赛罕区", sure=True)
FAR = PlaceHit("武川县", None, "武川县", sure=True)
NAMESAKE = PlaceHit("昭乌达路", "昭乌达路街道", "回民区", sure=True)
NOWHERE = PlaceHit("某小区", None, None, sure=True)


def reading(
    category: str | None = None,
    *places: PlaceHit,
    confident: bool = True,
    emergency: str | None = None,
    handling: Handling = "normal",
) -> Reading:
    """What was read, with two words of evidence for the category."""
    words = (Evidence("灯", category or "", 5.0), Evidence("路灯", category or "", 9.0))
    return Reading(
        text="", masked="", intent="demand", confident=confident, emergency=emergency,
        categories=(CategoryScore(category, 0.8),) if category else (),
        urgency="emergency" if emergency else "normal", places=places, pii=(), parts=(),
        evidence=(*words, Evidence("着火", "fire", 9.0), Evidence("修", "other", 99.0)),
        handling=handling,
    )  # fmt: skip


def of_two(read: Reading) -> Reading:
    """The same, and the second half speaks of something else."""
    return replace(read, parts=(Part(0, 4, "road"), Part(4, 8, "heating")))


def sent_from_afar(read: Reading) -> Reading:
    """The same with a location in 回民区 that is not what was typed."""
    return replace(read, elsewhere=(WEST,))


def go(read: Reading, scene: Station | None = None, directory: Directory = DIRECTORY) -> Route:
    """Route with the categories of this file."""
    return route(read, directory, categories=CATEGORIES, scene=scene)


@pytest.mark.parametrize(
    ("read", "scene", "owner", "assist", "rule"),
    [
        # Place and topic: the street owns, the first receiving studio in the sectors' order helps.
        (reading("road", ROAD), None, STREET, (BUILDERS,), "place_and_topic"),
        # Only the place: no topic, or a topic whose studios all receive nothing.
        (reading(None, ROAD), None, STREET, (), "place_only"),
        (reading("service", ROAD), None, STREET, (), "place_only"),
        # Only the topic: the studio owns.
        (reading("road"), None, BUILDERS, (), "topic_only"),
        # A weak place alone is no place.
        (reading("road", ROAD_WEAK), None, BUILDERS, (), "topic_only"),
        # A sure hit that says neither street nor district is no place.
        (reading("road", NOWHERE), None, BUILDERS, (), "topic_only"),
        # Only a district without a station of its own: nobody to propose, the topic decides.
        (reading("road", FAR), None, BUILDERS, (), "topic_only"),
        # A functional area without a station falls to its district.
        (reading("road", AREA), None, DISTRICT, (BUILDERS,), "area_to_district"),
        # Neither area nor district has one: the studio owns.
        (reading("road", FAR_AREA), None, BUILDERS, (), "place_closed_topic"),
        # The place's station is suspended: the studio owns.
        (reading("road", CLOSED), None, BUILDERS, (), "place_closed_topic"),
        # Two names for one street are one place.
        (reading("road", ROAD, ROAD), None, STREET, (BUILDERS,), "place_and_topic"),
        (
            reading("road", ROAD, replace(ROAD, district=None)),
            None, STREET, (BUILDERS,), "place_and_topic",
        ),
        # A street beats the district that is named beside it.
        (reading("road", SAIHAN, ROAD), None, STREET, (BUILDERS,), "place_and_topic"),
        # The poster's station is the place.
        (reading("road"), STREET, STREET, (BUILDERS,), "scene_and_topic"),
        (reading(None), STREET, STREET, (), "scene_only"),
        # Poster and weak words agree, or the words only name its district.
        (reading("road", ROAD_WEAK), STREET, STREET, (BUILDERS,), "scene_and_topic"),
        (reading("road", SAIHAN), STREET, STREET, (BUILDERS,), "scene_and_topic"),
        # Typed words win over the poster; when they name the same, it is an ordinary place.
        (reading("road", WEST), STREET, OTHER_STREET, (BUILDERS,), "text_over_scene"),
        (reading("road", ROAD), STREET, STREET, (BUILDERS,), "place_and_topic"),
        # A weak word of another street in the poster's district: the poster's, and it is said.
        (reading("road", NEXT_WEAK), STREET, STREET, (BUILDERS,), "scene_weak_elsewhere"),
        # Typed words win over a location that was sent from elsewhere.
        (sent_from_afar(reading("road", ROAD)), None, STREET, (BUILDERS,), "text_over_location"),
        # Two places were typed and the poster is at one of them.
        (reading("road", ROAD, WEST), OTHER_STREET, OTHER_STREET, (BUILDERS,), "place_and_topic"),
        # A poster in the studio itself: it doesn't assist itself.
        (reading("road"), BUILDERS, BUILDERS, (), "scene_and_topic"),
        # A poster of a suspended station.
        (reading("road"), SUSPENDED, BUILDERS, (), "place_closed_topic"),
        # Matters for named members: the studio alone, wherever it happened.
        (reading("minors", ROAD), STREET, WOMEN, (), "named_members"),
    ],
)  # fmt: skip
def test_owned(
    read: Reading, scene: Station | None, owner: Station, assist: tuple[Station, ...], rule: str
) -> None:
    """A case that can be placed goes to the right station with the right helper."""
    chosen = go(read, scene)
    assert (chosen.owner, chosen.assist, chosen.rule) == (owner, assist, rule)
    assert chosen.queue is None
    assert chosen.proposed is None


@pytest.mark.parametrize(
    ("read", "scene", "queue", "proposed", "rule"),
    [
        # Emergencies go before everything, also before discipline and with a poster.
        (reading("road", ROAD, emergency="fire"), STREET, "emergency", None, "emergency"),
        (reading("discipline", emergency="fire"), None, "emergency", None, "emergency"),
        # Discipline never reaches members, confident or not; the stricter of two opinions holds.
        (reading("discipline", ROAD), None, "restricted", None, "named_staff"),
        (reading("discipline", confident=False), None, "restricted", None, "named_staff"),
        (reading("minors", handling="named_staff"), None, "restricted", None, "named_staff"),
        # No studio whose named members could see it.
        (reading("ethnic", ROAD), None, "restricted", None, "named_members_no_studio"),
        # Not sure: a person looks, with a proposal.
        (reading("road", ROAD, confident=False), None, "staff", STREET, "low_confidence"),
        (reading("road", confident=False), None, "staff", BUILDERS, "low_confidence"),
        (reading(None, SAIHAN, confident=False), None, "staff", DISTRICT, "low_confidence"),
        (reading(None, confident=False), STREET, "staff", STREET, "low_confidence"),
        (reading(None, confident=False), None, "staff", None, "low_confidence"),
        # Two matters: a person splits them, or not.
        (of_two(reading("road", ROAD)), None, "staff", STREET, "two_matters"),
        # Only the district: its own station is proposed, and staff confirm.
        (reading("road", SAIHAN), None, "staff", DISTRICT, "district_only"),
        (reading(None, SAIHAN), None, "staff", DISTRICT, "district_only"),
        (reading(None, FAR), None, "staff", None, "district_only"),
        # The words name another district than the poster's.
        (reading("road", SAIHAN), OTHER_STREET, "staff", DISTRICT, "text_over_scene"),
        # A weak word that speaks of another district than the poster's: a person decides.
        (reading("road", ROAD_WEAK), OTHER_STREET, "staff", OTHER_STREET, "place_conflict"),
        # What is typed wins over a location that was sent from elsewhere.
        (sent_from_afar(reading("road", SAIHAN)), None, "staff", DISTRICT, "text_over_location"),
        # Two places: a person decides; the first is proposed, else its district.
        (reading("road", ROAD, WEST), None, "staff", STREET, "place_conflict"),
        (reading("road", CLOSED, WEST), None, "staff", DISTRICT, "place_conflict"),
        (reading("road", ROAD, NAMESAKE), None, "staff", STREET, "place_conflict"),
        # Suspended station and no studio.
        (reading("service", CLOSED), None, "staff", DISTRICT, "place_closed"),
        (reading(None, FAR_AREA), None, "staff", None, "place_closed"),
        (reading(None), SUSPENDED, "staff", DISTRICT, "place_closed"),
        # Nothing known.
        (reading(None), None, "staff", None, "nothing_known"),
        (reading("service"), None, "staff", None, "nothing_known"),
        (reading("no_such_category"), None, "staff", None, "nothing_known"),
    ],
)  # fmt: skip
def test_queued(
    read: Reading, scene: Station | None, queue: str, proposed: Station | None, rule: str
) -> None:
    """A case that a person must look at waits in the right queue, with a proposal if any."""
    chosen = go(read, scene)
    assert (chosen.queue, chosen.proposed, chosen.rule) == (queue, proposed, rule)
    assert (chosen.owner, chosen.assist, chosen.partners) == (None, (), ())


def test_a_street_of_the_same_name_elsewhere() -> None:
    """A street station in another district doesn't get its namesake's cases."""
    assert go(reading(None, NAMESAKE)).owner is None


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (reading("road", ROAD), ("昭乌达路", "路灯")),  # 灯 is already said by 路灯
        (reading("road"), ("路灯",)),
        (reading(None, ROAD), ("昭乌达路",)),
        (reading("road", ROAD, emergency="fire"), ("着火",)),
        (reading("road", CLOSED), ("路灯",)),  # the place was not what decided
    ],
)
def test_words(read: Reading, words: tuple[str, ...]) -> None:
    """The route keeps the resident's words that led to it, the place first."""
    assert go(read).words == words


def test_weak_place_word_with_the_poster() -> None:
    """A weak place that the poster confirms is named among the words."""
    assert go(reading("road", ROAD_WEAK), STREET).words == ("昭乌达路", "路灯")


def test_partners_are_offered() -> None:
    """Institutions and key work with the topic are offered, never the unstaffed or the owner."""
    assert go(reading("road", ROAD)).partners == (BUS,)
    assert go(reading("road")).partners == (BUS,)
    assert go(reading("road"), BUS).partners == ()
    assert go(reading("service", ROAD)).partners == ()


def test_next_studio_when_the_first_is_unstaffed() -> None:
    """An unstaffed studio is passed over for the next one, of a party too."""
    stations = tuple(replace(s, staffed=s is not BUILDERS) for s in NETWORK)
    assert go(reading("road"), directory=Directory(stations)).owner == SCIENCE


def test_named_members_are_not_shared() -> None:
    """The place's station sees nothing of a matter for named members, nor does a partner."""
    chosen = go(reading("minors", ROAD), STREET)
    assert not chosen.shared_with_place
    assert (chosen.assist, chosen.partners) == ((), ())
    assert go(reading("road", ROAD)).shared_with_place


def test_ties_break_by_code_whatever_the_order() -> None:
    """The same case goes the same way however the directory is ordered; only receivers receive."""
    twins = tuple(replace(s, id=s.id + 100, code=f"{s.code}x") for s in NETWORK)
    reads = [
        reading(topic, *places)
        for topic in (None, *CATEGORIES)
        for places in ((), (ROAD,), (CLOSED,), (AREA,), (SAIHAN,), (ROAD, WEST))
    ]
    expected = [go(read, directory=Directory(NETWORK + twins)) for read in reads]
    for seed in range(5):
        stations = list(NETWORK + twins)
        random.Random(seed).shuffle(stations)
        assert [go(read, directory=Directory(tuple(stations))) for read in reads] == expected
    for chosen in expected:
        receivers = [chosen.owner, chosen.proposed, *chosen.assist, *chosen.partners]
        assert all(s is None or (s.active and s.staffed) for s in receivers)
        assert chosen.rule in set(Rule)


@pytest.mark.parametrize(
    ("places", "scene", "offered"),
    [
        # One sure place, or none at all: nothing to pick.
        ((ROAD,), None, []),
        ((ROAD, ROAD), None, []),
        ((SAIHAN,), None, []),
        ((ROAD_WEAK,), None, []),
        # Two sure ones; the poster at one of them has picked.
        ((ROAD, WEST), None, ["昭乌达路街道", "中山西路街道"]),
        ((ROAD, WEST), STREET, []),
        # One name of two towns, nothing else; four are offered, five are not.
        ((TWO_TOWNS,), None, ["城关镇", "城关镇"]),
        ((replace(TWO_TOWNS, options=TOWNS[:4]),), None, ["一镇", "二镇", "三镇", "四镇"]),
        ((replace(TWO_TOWNS, options=TOWNS),), None, []),
        # A poster and a weak word of another street; of the same; of no street.
        ((NEXT_WEAK,), STREET, ["昭乌达路街道", "人民路街道"]),
        ((ROAD_WEAK,), STREET, []),
        ((SAIHAN,), STREET, []),
        ((TWO_TOWNS,), STREET, []),
    ],
)
def test_what_can_be_picked(
    places: tuple[PlaceHit, ...], scene: Station | None, offered: list[str]
) -> None:
    """Two to four places are offered where only the resident can tell; each is sure if picked."""
    found = options_of(reading("road", *places), scene)
    assert [hit.unit for hit in found] == offered
    assert all(hit.sure for hit in found)
