"""A resident's own cases: looking, chasing, taking back, judging, refusing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services import staff
from tests.conversation_rig import FIRE, LAMP, LAMP_NOWHERE, Town, answered
from tests.web.conftest import MakeTown

STRANGER = "这个人名叫茶壶盖"
"""Words that stand nowhere else in the database."""


def test_progress_shows_own_cases_in_plain_words(town: Town) -> None:
    """查进度 and the number alone show where the case stands and what comes next."""
    phone, convener = town.phone(), town.member("first")
    assert "还没有登记过" in phone.say("查进度")
    phone.say(LAMP)
    number = phone.number
    assert "会在 明天 10:00 前接手" in phone.say("查进度")
    town.wait(seconds=5)
    assert "已经交给昭乌达路街道委员工作站" in phone.do("CLICK", "K_MINE")
    convener.say(f"接{convener.code}")
    assert "已经接手，11月30日 10:00 前答复您" in phone.say(f"需{number}")
    convener.say(f"答{convener.code} 灯亮了")
    assert "灯亮了" in phone.say(number)


def test_due_time_beyond_a_holiday_is_explained(town: Town) -> None:
    """Before the long October holiday a week passes: say so, and which phone is open meanwhile."""
    town.clock.set(datetime(2026, 9, 30, 8, 0, tzinfo=UTC))
    reply = town.phone().say(LAMP)
    assert "10月8日" in reply
    assert "中间有休息日，急事可以打 12345" in reply


def test_question_skipped_after_dispatch_says_where_it_stands(town: Town) -> None:
    """不方便说 is answered with who has the case and by when."""
    phone = town.phone()
    phone.say(LAMP_NOWHERE)
    town.wait(seconds=5)
    assert "已经交给经济界委员工作室，明天 10:00 前会有人接手" in phone.say("不方便说")


def test_bullied_child_told_instead_of_a_place(town: Town) -> None:
    """What only named people may see is a case of its own; the lamp's holder reads nothing."""
    phone, economist = town.phone(), town.member("economist")
    phone.say(LAMP_NOWHERE)
    town.wait(seconds=5)
    phone.say("孩子在学校被欺负")
    town.wait(seconds=5)
    assert len(town.cases()) == 2
    assert not any("欺负" in notice for notice in economist.notices())


def test_number_of_somebody_else_is_like_a_number_nobody_has(town: Town) -> None:
    """Nobody learns whether a number exists."""
    owner, stranger = town.phone(), town.phone("stranger")
    owner.say(LAMP)
    town.wait(seconds=5)
    stranger.say("您好")
    theirs = stranger.say(f"需{owner.number}")
    nobodys = stranger.say("需261123-0999")
    assert theirs.replace(owner.number, "261123-0999") == nobodys
    assert "路灯" not in theirs


@pytest.mark.parametrize("way", ["typed", "tapped"])
def test_withdrawing_needs_a_confirmation(town: Town, way: str) -> None:
    """撤回, then 是 or a tap; the station hears that it need not go on."""
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(seconds=5)
    assert "要撤回" in phone.say("撤回")
    assert town.case().state == "dispatched"
    assert "撤回了" in (phone.say("是") if way == "typed" else phone.tap("撤回"))
    town.tick()
    assert town.case().state == "withdrawn"
    assert "居民撤回了" in convener.notices()[-1]
    assert "手上没有" in convener.say("待办")


def test_withdrawing_may_be_given_up(town: Town) -> None:
    """不撤回 keeps the case; so does speaking of something else, for a later 是 means nothing."""
    phone = town.phone()
    assert "不用撤回" in phone.say("撤回")
    phone.say(LAMP)
    phone.say("撤回")
    assert "接着办" in phone.say("不撤回")
    phone.say("撤回")
    phone.say("查进度")
    phone.say("是")
    assert town.case().state == "new"


def test_withdrawing_by_number(town: Town) -> None:
    """With several cases the number says which one."""
    phone = town.phone()
    phone.say(LAMP)
    first = phone.number
    phone.say("还有一件事，大学西路街道的井盖丢了")
    second = phone.number
    phone.say(f"撤回 需{first}")
    phone.say("是")
    assert [case.state for case in town.cases()] == ["withdrawn", "new"]
    assert f"需{first} 已经撤回了" in phone.say(f"撤回 需{first}")
    assert "没有找到您名下" in town.phone("stranger").say(f"撤回 需{second}")
    phone.say("撤回")
    phone.say("是")
    assert f"需{second} 已经撤回了，不再办了。想再说，直接发" in phone.say("撤回")
    assert phone.say("进度").count("您撤回了，不再办了。想再说，直接发给我们就行。") == 2


def test_chase_with_an_own_case_reaches_the_holder(town: Town) -> None:
    """催一下 makes no second case; what else was said is read by whoever has it."""
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(seconds=5)
    assert "已经交给" in phone.say("催一下，昨晚老人差点摔了")
    town.tick()
    assert len(town.cases()) == 1
    assert "差点摔了" in convener.notices()[-1]


def test_chase_without_a_case(town: Town) -> None:
    """With a matter in it the chase is a demand; without one we say how to begin."""
    phone = town.phone()
    assert "还没有登记过" in phone.say("催一下")
    phone.say("上次反映的昭乌达路街道路灯还没修，催一下")
    assert town.case().category == "road"


@pytest.mark.parametrize("way", ["typed", "tapped", "digit"])
def test_answer_is_judged_in_two_steps(town: Town, way: str) -> None:
    """解决了吗, then 满意吗; words, taps and digits all work, and the case closes."""
    phone, _ = answered(town)
    assert "13 盏路灯昨晚亮了" in phone.notices()[-1]
    said = {"typed": ("是", "满意"), "digit": ("1", "1")}
    for label in ("是", "满意"):
        step = 0 if label == "是" else 1
        phone.tap(label) if way == "tapped" else phone.say(said[way][step])
    case = town.case()
    assert (case.state, case.rating) == ("closed", {"solved": "yes", "satisfied": "yes"})


def test_partly_is_kept_as_partly(town: Town) -> None:
    """部分 with a comment, then 基本满意 by its number."""
    phone, _ = answered(town)
    assert "一部分" in phone.say("部分，还有两盏不亮")
    phone.say("2")
    assert town.case().rating == {"solved": "partly", "satisfied": "partly"}


@pytest.mark.parametrize(
    "words", ["没有，还是黑的", "还是黑的", "根本没修", "不满意，还是黑的", "3"]
)
def test_not_solved_reopens_at_the_same_station(town: Town, words: str) -> None:
    """The first no goes back to who answered, with the resident's words."""
    phone, convener = answered(town)
    assert "重新打开了" in phone.say(words)
    town.tick()
    assert town.case().state == "dispatched"
    assert "没有解决" in convener.notices()[-1]
    assert words == "3" or "黑" in convener.notices()[-1] or "没修" in convener.notices()[-1]


def test_second_no_goes_to_staff(town: Town) -> None:
    """Not solved again: a person of the office decides, by a time that is named."""
    phone, convener = answered(town)
    phone.say("没有")
    town.tick()
    convener.say(f"答{convener.code} 又去修了")
    town.tick()
    reply = phone.say("没有")
    assert "工作人员" in reply
    assert (town.case().state, town.case().queue) == ("new", "staff")


def test_satisfied_answers_both_questions(town: Town) -> None:
    """满意 to 解决了吗 needs no second question."""
    phone, _ = answered(town)
    phone.say("满意")
    assert town.case().rating == {"solved": "yes", "satisfied": "yes"}


def test_digits_mean_nothing_without_a_question(town: Town) -> None:
    """A lone 1, 2, 3 or 满意 makes no case and judges nothing."""
    phone = town.phone()
    for words in ("1", "2", "3", "满意", "不满意"):
        assert phone.say(words)
    assert town.cases() == []


def test_tap_on_a_closed_question(town: Town) -> None:
    """A second tap changes nothing; a tap after another question came in between still counts."""
    phone, _ = answered(town)
    yes = phone.choices()["是"]
    phone.say("提诉求")
    assert "满意吗" in phone.say("是", menu_id=yes)
    assert "满意" in phone.choices()
    assert "不用再答" in phone.say("没有", menu_id=yes.replace("yes", "no"))
    assert "不用再答" in town.phone("stranger").say("是", menu_id=yes)
    assert "不用再答" in phone.say("是", menu_id="q999.yes")
    assert town.case().rating == {"solved": "yes", "satisfied": None}


def test_new_demand_while_a_question_is_open(town: Town) -> None:
    """没人扫雪 is no answer to 解决了吗 about a lamp."""
    phone, _ = answered(town)
    phone.say("没人清理大学西路街道的垃圾，垃圾堆了一个月")
    assert [case.state for case in town.cases()] == ["answered", "new"]


def test_privacy_notice_comes_once_with_the_first_reply(town: Town) -> None:
    """It rides on the reply and delays no case."""
    phone = town.phone()
    first = phone.say(LAMP)
    assert first.startswith("收到了")
    assert "不同意请回复" in first
    assert "不同意请回复" not in phone.say("谢谢")
    assert len(town.cases()) == 1


def test_refusing_erases_the_words_everywhere(town: Town) -> None:
    """不同意: no table holds the words any more; the history stays and the station hears it."""
    phone, convener = town.phone(), town.member("first")
    phone.say(f"{LAMP}，{STRANGER}")
    phone.send("image")
    phone.send("link")
    town.wait(seconds=5)
    phone.say(f"催一下，{STRANGER}")
    phone.say(f"还有一件事，大学西路街道的井盖丢了，{STRANGER}")
    town.wait(seconds=5)
    convener.say(f"答{convener.code} 已经派人去修")
    town.tick()
    phone.say(f"部分，{STRANGER}")
    assert STRANGER in town.dump()
    assert "已经删掉" in phone.say("不同意")
    town.tick()
    kept = town.dump()
    for word in (STRANGER, "路灯", "井盖", "photo1", "example.org"):
        assert word not in kept
    assert [case.state for case in town.cases()] == ["closed", "withdrawn"]
    assert "没有登记过" in phone.say("查进度")


def test_refusing_keeps_an_emergency(town: Town) -> None:
    """What the duty desk needs stays until it is over; everything else goes."""
    phone = town.phone()
    phone.say(LAMP)
    town.wait(seconds=5)
    phone.say(FIRE)
    assert "人身安全" in phone.say("不同意")
    dump = town.dump()
    assert "路灯" not in dump
    assert "着火" in dump
    assert town.cases()[1].queue == "emergency"
    staff.answer(town.deps, town.cases()[1].number, "已解决 火已经扑灭")
    town.tick()
    assert "着火" in town.dump()
    phone.say("满意")
    town.tick()
    assert (town.cases()[1].state, town.cases()[1].events[-1]["kind"]) == ("closed", "erased")
    assert "着火" not in town.dump()


def test_refusing_before_anything_was_said(town: Town) -> None:
    """A plain word, and no notice that explains how to refuse."""
    reply = town.phone().say("不同意")
    assert "没有留下" in reply
    assert "不同意请回复" not in reply


def test_unsubscribed_person(town: Town) -> None:
    """Leaving loses nothing; nothing is sent; coming back and writing works at once."""
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    assert phone.do("unsubscribe") == ""
    town.wait(seconds=5)
    convener.say(f"答{convener.code} 修好了")
    town.tick()
    assert phone.notices() == []
    assert ("unreachable",) in town.rows("SELECT state FROM outbox WHERE kind = 'answered'")
    phone.do("subscribe")
    assert "修好了" in phone.say("查进度")


def test_at_most_one_question_is_open(town: Town) -> None:
    """Whatever is asked, the database holds one open question a contact."""
    phone = town.phone()
    for words in (LAMP_NOWHERE, "找工作站", "撤回", "提诉求", "人工"):
        phone.say(words)
        open_ones = town.rows("SELECT count(*) FROM questions WHERE ended_at IS NULL")
        assert open_ones[0][0] <= 1


def test_erased_words_are_in_no_file(make_town: MakeTown, sqlite_url: str) -> None:
    """不同意: the words are gone from SQLite's files too, its write-ahead log included."""
    town = make_town(sqlite_url)
    phone = town.phone()
    phone.say("昭乌达路街道办门口有一只紫色的独角兽挡路")
    town.wait(seconds=5)
    assert "已经删掉" in phone.say("不同意")
    main = Path(sqlite_url.removeprefix("sqlite:///"))
    files = list(main.parent.glob(f"{main.name}*"))
    assert main in files
    assert not any("独角兽".encode() in path.read_bytes() for path in files)
