"""What a resident sends piece by piece becomes one case, and more words make it better."""

import pytest

from tests.conversation_rig import FIRE, LAMP, LAMP_NOWHERE, Town


def test_pieces_within_the_settle_time_are_one_case(town: Town) -> None:
    """Words, photo, video, location and link sent one after another lie in one case, in order."""
    phone = town.phone()
    phone.say(LAMP)
    for kind in ("image", "video", "location", "link"):
        assert phone.send(kind)
    phone.say("老人晚上不敢出门")
    case = town.case()
    assert case.attachments == ["image", "video", "location", "link"]
    assert case.text.startswith(LAMP)
    assert case.text.endswith("老人晚上不敢出门")
    assert case.state == "new"


def test_case_is_dispatched_a_settle_time_after_its_last_piece(town: Town) -> None:
    """Every piece starts the settle time anew; then the convener gets one push."""
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(seconds=2)
    phone.say("在小学门口")
    town.wait(seconds=2)
    assert town.case().state == "new"
    town.wait(seconds=2)
    assert town.case().state == "dispatched"
    assert len(convener.notices()) == 1
    assert "小学门口" in convener.notices()[0]


def test_reply_names_number_station_time_and_reason(town: Town) -> None:
    """The first reply says who has it, by when, and the words that led there."""
    reply = town.phone().say(LAMP)
    assert "需261123-0001" in reply
    assert "昭乌达路街道委员工作站会在 明天 10:00 前接手" in reply
    assert "因为您提到 昭乌达路街道、路灯" in reply


def test_label_of_a_location_is_the_place(town: Town) -> None:
    """Asked where, the resident sends a location: the case goes to that street's station."""
    phone = town.phone()
    assert "在哪条街" in phone.say(LAMP_NOWHERE)
    assert "昭乌达路街道委员工作站" in phone.send("location")
    town.wait(seconds=5)
    assert town.case().owner == "昭乌达路街道委员工作站"


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("昭乌达路的路灯坏了三天了", "昭乌达路挺长，大概在哪个小区"),  # a road of several streets
        ("乌兰不浪没有公交车", "乌兰不浪归哪个旗县区"),  # villages of one name
        ("赛罕区的路灯坏了三天了", "在赛罕区哪条街"),  # only the district
        (LAMP_NOWHERE, "。是在哪条街"),  # nothing at all
    ],
)
def test_question_names_the_place_that_was_said(town: Town, words: str, question: str) -> None:
    """Who named a road or a village is asked for what is missing of it, not asked where anew."""
    assert question in town.phone().say(words)


def test_location_alone_is_asked_what_is_there(town: Town) -> None:
    """A location with no word makes a case; the words that follow complete it."""
    phone = town.phone()
    assert "那里是什么事" in phone.send("location")
    phone.say("路灯坏了三天了")
    town.wait(seconds=5)
    assert town.case().owner == "昭乌达路街道委员工作站"


def test_place_asked_and_answered_reroutes_while_settling(town: Town) -> None:
    """Without a place the topic's studio would have it; with the place the street's station."""
    phone = town.phone()
    assert "经济界委员工作室" in phone.say(LAMP_NOWHERE)
    assert "昭乌达路街道委员工作站" in phone.say("昭乌达路街道")
    town.wait(seconds=5)
    case = town.case()
    assert (case.owner, case.assist) == ("昭乌达路街道委员工作站", ["经济界委员工作室"])


def test_place_answered_after_dispatch_reaches_the_holder(town: Town) -> None:
    """Too late to route anew: whoever has the case reads the answer."""
    phone, economist = town.phone(), town.member("economist")
    phone.say(LAMP_NOWHERE)
    town.wait(seconds=5)
    assert "看得到您补充的内容" in phone.say("昭乌达路街道3号楼旁边")
    town.tick()
    assert "居民补充：昭乌达路街道3号楼旁边" in economist.notices()[-1]
    assert len(town.cases()) == 1


@pytest.mark.parametrize("words", ["不知道", "不方便说", "跳过"])
def test_question_may_be_skipped_and_is_not_asked_again(town: Town, words: str) -> None:
    """Who won't say where is told that it goes on all the same, and is not asked again."""
    phone = town.phone()
    phone.say(LAMP_NOWHERE)
    assert "不说也能办" in phone.say(words)
    assert "在哪条街" not in phone.say("已经三天了，路灯还不亮")
    assert town.rows("SELECT count(*) FROM questions") == [(1,)]


def test_another_matter_told_instead_of_the_place_is_a_second_case(town: Town) -> None:
    """Asked where the lamp is, the resident tells of the heating: nothing is mixed up."""
    phone = town.phone()
    phone.say(LAMP_NOWHERE)
    town.wait(seconds=5)
    phone.say("大学西路街道的暖气一直不热，家里只有十五度")
    assert [case.category for case in town.cases()] == ["road", "heating"]


def test_voice_is_asked_for_in_words_and_goes_to_staff(town: Town) -> None:
    """Nobody hears a voice here: the resident is asked for words, a person listens."""
    phone = town.phone()
    assert "语音输入" in phone.send("voice")
    town.wait(seconds=5)
    case = town.case()
    assert (case.state, case.queue, case.attachments) == ("new", "staff", ["voice"])


def test_words_after_a_voice_route_it(town: Town) -> None:
    """The words that we asked for lead the case to its station."""
    phone = town.phone()
    phone.send("voice")
    town.wait(seconds=5)
    phone.say(LAMP)
    case = town.case()
    assert (case.state, case.owner) == ("dispatched", "昭乌达路街道委员工作站")


def test_voice_after_words_holds_the_case_for_a_person(town: Town) -> None:
    """What was said aloud may matter most: no station gets the case unheard."""
    phone = town.phone()
    phone.say(LAMP)
    assert "语音输入" in phone.send("voice")
    town.wait(seconds=5)
    assert (town.case().state, town.case().queue) == ("new", "staff")


@pytest.mark.parametrize("kind", ["image", "video", "link"])
def test_media_alone_is_a_case_for_staff(town: Town, kind: str) -> None:
    """A picture without words is registered first and asked about after."""
    phone = town.phone()
    assert "登记上了" in phone.send(kind)
    assert town.case().queue == "staff"
    assert "补充到" in phone.say(LAMP)
    assert town.case().queue is None


def test_another_thing_opens_a_second_case(town: Town) -> None:
    """With the matter in the same message the first is complete and the second begins."""
    phone = town.phone()
    phone.say(LAMP)
    phone.say("还有一件事，大学西路街道的井盖丢了")
    first, second = town.cases()
    assert (first.state, second.state) == ("dispatched", "new")
    assert second.text == "大学西路街道的井盖丢了"


@pytest.mark.parametrize("words", ["还有一件事", "提诉求"])
def test_announced_matter_is_its_own_case_however_short(town: Town, words: str) -> None:
    """What follows the announcement is a new case: even a photo, even words that say little."""
    phone = town.phone()
    phone.say(LAMP)
    assert "是什么事，在哪里" in phone.say(words)
    phone.send("image")
    phone.say(words)
    phone.say("楼道太黑")
    assert len(town.cases()) == 3
    assert town.cases()[1].attachments == ["image"]


def test_scanned_poster_is_the_place(town: Town) -> None:
    """Who scans a station's poster has said where, also when a photo comes before the words."""
    phone = town.phone()
    assert "大学西路街道委员工作站" in phone.do("SCAN", "st_T002")
    phone.send("image")
    reply = phone.say("路灯坏了三天了")
    assert "大学西路街道委员工作站" in reply
    town.wait(seconds=5)
    assert town.case().owner == "大学西路街道委员工作站"
    assert town.rows("SELECT count(*) FROM questions WHERE kind = 'place'") == [(0,)]


def test_following_by_a_poster_names_its_station(town: Town) -> None:
    """subscribe carries the scene with a prefix; a poster of no station of ours just welcomes."""
    assert "昭乌达路街道委员工作站" in town.phone().do("subscribe", "qrscene_st_T001")
    assert "您好" in town.phone("other").do("subscribe", "qrscene_st_NONE")
    assert "您好" in town.phone("third").do("subscribe")


def test_emergency_says_the_number_first_and_wakes_the_desk(town: Town) -> None:
    """Everybody on duty hears within the same tick; the address said after reaches them too."""
    phone, duty, night = town.phone(), town.member("duty"), town.member("night")
    assert "119" in phone.say(FIRE)[:12]
    town.tick()
    assert "紧急" in duty.notices()[0]
    assert "紧急" in night.notices()[0]
    assert "值班人员" in phone.say("昭乌达路街道3号楼")
    town.tick()
    assert "昭乌达路街道3号楼" in duty.notices()[-1]
    town.wait(minutes=3)
    phone.say("五层，门打不开")
    town.tick()
    assert "五层" in duty.notices()[-1]
    assert town.case().queue == "emergency"


def test_later_words_do_not_take_an_emergency_from_the_desk(town: Town) -> None:
    """Only a person says that it is over."""
    phone = town.phone()
    phone.say(FIRE)
    phone.say("昭乌达路街道的路灯也坏了，暖气也不热")
    phone.say("火已经灭了，谢谢")
    assert town.cases()[0].queue == "emergency"


def test_later_words_do_not_open_a_restricted_case(town: Town) -> None:
    """A lead on corruption stays with named staff whatever is added to it."""
    phone = town.phone()
    reply = phone.say("我要举报村支书贪污受贿，吃回扣")
    assert "12388" in reply
    phone.say("昭乌达路街道的路灯也坏了，路灯一直不亮，路面也坑坑洼洼")
    town.wait(seconds=5)
    case = town.cases()[0]
    assert (case.state, case.queue) == ("new", "restricted")


def test_case_for_named_members_goes_to_the_studio_alone(town: Town) -> None:
    """The place's station learns nothing of it."""
    reply = town.phone().say("昭乌达路街道清真食堂的伙食不合民族习惯")
    assert "别人看不到" in reply
    town.wait(seconds=5)
    case = town.case()
    assert (case.owner, case.assist) == ("民族界委员工作室", [])
