"""Photos on the pages: seen by whoever may see the case, and added by plain forms."""

import io
from pathlib import Path

from PIL import Image
from werkzeug.test import TestResponse

from bot.domain.media import MIB
from simulator.media import picture, voice
from tests.conversation_rig import LAMP, Town
from tests.web.h5_rig import Pages, pages_of


def files_of(town: Town) -> list[Path]:
    root = town.deps.settings.var_path / "media"
    return [path for path in root.rglob("*") if path.is_file()]


def attach(pages: Pages, action: str, photos: list[bytes], **fields: str) -> str:
    """Send the form that takes photos as a browser does."""
    where = f"[contains(@action, '{action}')]" if action else ""
    form = pages.tree.xpath(f"//main//form{where}")[0]
    assert form.get("enctype") == "multipart/form-data"
    assert form.xpath(".//input[@type='file']")
    hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
    sent = [(io.BytesIO(photo), "a.jpg", "image/jpeg") for photo in photos]
    where = form.get("action") or pages.page.request.path
    data = hidden | fields | {"photos": sent}
    response = pages.client.post(
        where, data=data, content_type="multipart/form-data", headers={"User-Agent": pages.agent}
    )
    close(response)
    if response.status_code == 303:
        return pages.open(response.headers["Location"])
    pages.page = response
    return pages.text


def close(response: TestResponse) -> None:
    """A long body lies in a file of the test client's own."""
    response.request.environ["wsgi.input"].close()


def fetch(pages: Pages, address: str) -> TestResponse:
    """A file, read to its end."""
    response = pages.ask(address)
    assert response.data is not None
    response.close()
    return response


def links(pages: Pages) -> list[str]:
    return list(pages.tree.xpath("//ul[@class='pieces']//a/@href | //audio/@src"))


def test_photos_and_voice_of_chat_are_on_the_pages(town: Town) -> None:
    """The resident and who works on the case see a small picture that opens the large one and hear
    the voice; a neighbour and a stranger find nothing; what is not there yet, or never will be,
    says so."""
    town.platform.files = {"photo1": picture(1), "voice1": voice(1)}
    phone, first = town.phone(), town.member("first")
    phone.say(LAMP)
    phone.send("image")
    mine, works = pages_of(phone), pages_of(first)
    assert "还没取到" in mine.open(f"/h5/c/{phone.number}")
    town.wait(minutes=2)
    phone.send("voice")
    town.tick()
    for pages, path in ((mine, "c"), (works, "work")):
        pages.open(f"/h5/{path}/{phone.number}")
        photo, sound = links(pages)
        small = pages.tree.xpath("//img/@src")[0]
        for address, mime in ((photo, "image/jpeg"), (small, "image/jpeg"), (sound, "audio/mpeg")):
            response = fetch(pages, address)
            assert (response.status_code, response.mimetype) == (200, mime)
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "media-src 'self'" in response.headers["Content-Security-Policy"]
    for stranger in (town.member("neighbour"), town.phone("stranger")):
        pages = pages_of(stranger)
        pages.open("/h5/mine")
        assert [fetch(pages, a).status_code for a in (photo, small, sound)] == [404] * 3
    assert Pages(town, "x", agent="Firefox").ask(photo).status_code == 403
    phone.send("image", "<PicUrl>http://x.test/0</PicUrl><MediaId>forgotten</MediaId>")
    town.tick()
    assert "取不到" in mine.open(f"/h5/c/{phone.number}")
    mine.open("/h5/data/erase")
    mine.send("")
    town.tick()
    assert (files_of(town), mine.ask(photo).status_code) == ([], 404)


def test_a_resident_adds_photos_by_page(town: Town) -> None:
    """With words or alone, drawn anew; the same form twice is one; what is refused keeps the words
    and leaves no file behind."""
    phone, first = town.phone(), town.member("first")
    phone.say(LAMP)
    number = phone.number
    town.wait(minutes=2)
    pages = pages_of(phone)
    for photos, refused in (
        ([b"%PDF-1.7 no photo"], "不是照片"),
        ([picture(1)[:60]], "不是照片"),
        ([picture(n) for n in range(4)], "最多 3 张"),
        ([b"\x89PNG\r\n\x1a\n" + b"0" * 10 * MIB], "超过 10 MB"),
    ):
        pages.open(f"/h5/c/{number}")
        assert refused in attach(pages, "/add", photos, words="就是这盏")
        assert (pages.status, pages.tree.xpath("//textarea")[0].text) == (409, "就是这盏")
    assert (files_of(town), links(pages)) == ([], [])
    page = pages.page
    assert "补充好了" in attach(pages, "/add", [picture(1), picture(2)], words="就是这盏")
    assert len(links(pages)) == 2
    pages.page = page  # the tap that came twice
    attach(pages, "/add", [picture(1), picture(2)], words="就是这盏")
    assert (len(links(pages)), len(files_of(town))) == (2, 2)
    assert "居民补充了照片" in attach(pages, "/add", [picture(3)]).replace("您", "居民")
    kept = fetch(pages, links(pages)[-1]).data
    with Image.open(io.BytesIO(kept)) as shown:
        assert (shown.format, len(shown.getexif())) == ("JPEG", 0)
    town.tick()
    assert any("发来一张照片" in words for words in first.notices())
    assert "还没有写字" in attach(pages, "/add", [])
    danger = "昭乌达路街道办有人触电了"
    attach(pages, "/add", [picture(4)], words=danger)
    assert [len(case.files) for case in town.cases()] == [3, 1]


def test_a_form_with_no_session_or_of_another_page_stays_small(town: Town) -> None:
    """Megabytes are read only from who is in, and only where photos belong."""
    phone = town.phone()
    phone.say(LAMP)
    pages = pages_of(phone)
    pages.open(f"/h5/c/{phone.number}")
    big = {"photos": (io.BytesIO(b"0" * MIB), "a.jpg"), "token": "x"}
    stranger = Pages(town, "stranger")
    for client, path, status in (
        (stranger.client, f"/h5/c/{phone.number}/add", 401),
        (pages.client, f"/h5/c/{phone.number}/rate", 413),
        (pages.client, f"/h5/c/{phone.number}/add", 400),
    ):
        big["photos"] = (io.BytesIO(b"0" * MIB), "a.jpg")
        response = client.post(path, data=big)
        close(response)
        assert response.status_code == status


def test_a_member_puts_photos_to_an_answer(town: Town) -> None:
    """Alone or with the answer, under the station's name; the resident sees them on their page."""
    phone, first = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(minutes=2)
    pages, mine = pages_of(first), pages_of(phone)
    pages.open(f"/h5/work/{phone.number}")
    pages.send("/accept")
    assert "还没有选照片" in attach(pages, "/photo", [])
    assert "照片放好了" in attach(pages, "/photo", [picture(1)])
    assert "不是照片" in attach(pages, "/answer", [b"no"], ending="resolved", answer="亮了")
    assert "亮了" in pages.text
    attach(pages, "/answer", [picture(2)], ending="resolved", answer="亮了")
    assert town.case().state == "answered"
    shown = mine.open(f"/h5/c/{phone.number}")
    assert shown.count("照片：昭乌达路街道委员工作站") == 2
    assert "昭乌达路街道委员工作站放了照片" in shown
    assert [fetch(mine, each).status_code for each in links(mine)] == [200, 200]
