"""Personal data of a day, in every spelling and by every door: no page, list, workbook, export or
log of ours tells it to somebody who may see the matter but not the person."""

import io
import json
import logging

from openpyxl import load_workbook

from bot.logs import SafeFormatter
from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, command, desk_of, furnish
from tests.web.h5_rig import pages_of

SPOKEN = "幺三九四七一二三四五六"
SECRETS = (
    "13812345678", "138 1234 5678", "12345678", SPOKEN, "13947123456", "150105199001011234",
    "19900101", "6222020602001234569", "2单元501", "4661234", "张三丰", "lihua888", "蒙A12345",
    "wang123@qq.com",
)  # fmt: skip
WORDS = (
    f"我叫张三丰，{LAMP}，住3号楼2单元501室，电话138 1234 5678，身份证150105 19900101 1234，"
    "卡号6222020602001234569，微信lihua888"
)
PLACE = (
    "<Location_X>40.8</Location_X><Location_Y>111.7</Location_Y><Scale>15</Scale>"
    "<Label>赛罕区昭乌达路街道3号楼2单元501室 张三丰 13812345678</Label>"
)
LINK = (
    "<Title>联系人张三丰的路灯视频 蒙A12345 13812345678</Title><Description></Description>"
    "<Url>https://example.org/1</Url>"
)


def told(town: Town, desk: Desk) -> str:
    """One case with a person in every field; its number."""
    resident, first = town.phone(), town.member("first")
    resident.say(WORDS)
    resident.send("location", PLACE)
    resident.send("link", LINK)
    resident.send("voice")
    town.wait(minutes=5)
    (case,) = town.cases()
    desk.open(f"/console/cases/{case.number}")
    desk.send("write_down", heard=f"我手机{SPOKEN}，座机4661234，路灯还是不亮")
    town.wait(minutes=5)
    if town.case().state == "new":
        command(town, "cases", "dispatch", case.number, "T001")
        town.wait(minutes=1)
    first.say(f"接{first.code}")
    first.say(f"问{first.code} 是13812345678这个号吗？")
    resident.say("是13812345678，邮箱wang123@qq.com")
    first.say(f"答{first.code} 已解决 已与张师傅13812345678核实")
    town.wait(minutes=1)
    return case.number


def sheets(content: bytes) -> str:
    """Every cell of a workbook."""
    book = load_workbook(io.BytesIO(content))
    return "\n".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)


def shown(town: Town, desk: Desk, number: str) -> dict[str, str]:
    """All places where a case is read: page or command → its text."""
    found = {
        path: desk.open(path)
        for path in (
            "/console/queue?view=all", f"/console/cases/{number}",
            f"/console/cases/{number}/print", f"/console/cases/{number}/write",
            "/console/search?words=路灯",
        )
    }  # fmt: skip
    desk.open("/console/export?words=路灯")
    desk.send("export", reason="给街道开会用")
    found["workbook"] = sheets(desk.page.data)
    for name in ("export", "show", "corrections"):
        more = (number,) if name == "show" else ()
        found[f"cases {name}"] = command(town, "cases", name, *more)
    found["member"] = pages_of(town.phones["first"]).open(f"/h5/c/{number}")
    found["notices"] = "\n".join(town.phones["first"].notices())
    return found


def test_nobody_is_told_who_it_was(make_town: MakeTown, sqlite_url: str) -> None:
    """Words, voice, place, link, question and answer each carry a person; what is read does not."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(SafeFormatter("json"))
    logging.getLogger().addHandler(handler)
    town = make_town(sqlite_url)
    furnish(town)
    desk = desk_of(town, "staff", "dong.sl")
    desk.enrol()
    number = told(town, desk)
    found = shown(town, desk, number)
    logging.getLogger().removeHandler(handler)
    found |= {"log": log.getvalue(), "index": str(town.rows("SELECT words FROM case_tokens"))}
    left = {where: [s for s in SECRETS if s in text] for where, text in found.items()}
    assert {where: each for where, each in left.items() if each} == {}
    assert json.loads(found["cases show"])["number"] == number
    assert "138****5678" in found[f"/console/cases/{number}"]
    assert "138****5678" in found["workbook"]
