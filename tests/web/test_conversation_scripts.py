"""Whoever does not write Chinese is answered, and somebody who reads it looks."""

from tests.web.conftest import MakeTown
from tests.web.console_rig import desk_of, furnish

HEATING = "The heating in our dorm is off, it's 12 degrees inside"
MONGOLIAN = "ᠭᠡᠷ ᠬᠦᠢᠲᠡᠨ ᠪᠠᠶᠢᠨ᠎ᠠ᠂ ᠳᠤᠯᠠᠭᠠᠨ ᠦᠭᠡᠢ"


def test_other_scripts_reach_staff(make_town: MakeTown, sqlite_url: str) -> None:
    """Registered, answered in the language with the number in Chinese too, and marked in the list
    and on the case for who reads it; in danger the number to call comes first."""
    town = make_town(sqlite_url)
    furnish(town)
    said = town.phone("en").say(HEATING)
    assert said.startswith("Registered as 需")
    assert "登记上了，编号 需" in said
    assert "ᠬᠦᠯᠢᠶᠡᠨ" in town.phone("mn").say(MONGOLIAN)
    assert "Монгол" in town.phone("cyr").say("Манай байранд дулаан алга, тусална уу")
    assert town.phone("fire").say("help fire").startswith("Please call 119 now.")
    town.wait(minutes=2)
    cases = town.cases()
    assert [case.queue for case in cases] == ["staff", "staff", "staff", "emergency"]
    assert [case.rule for case in cases[:3]] == [
        "script_latin", "script_mongolian", "script_cyrillic",
    ]  # fmt: skip
    desk = desk_of(town, "staff", "dong.sl")
    page = desk.open("/console/queue?view=all")
    for words in (
        "英文，请会读的人看",
        "◐ 蒙古文，请会读的人看",
        "西里尔字母（蒙古文或俄文），请会读的人看",
    ):
        assert words in page
    assert "写的是英文，请会读的人看" in desk.open(f"/console/cases/{cases[0].number}")
