"""The short words people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import words


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("查进度", "progress"),
        (" 查 进度！", "progress"),  # spaces and marks don't count
        ("【人工】", "human"),
        ("提诉求。", "new"),
        ("找工作站", "find"),
        ("不同意", "refuse"),
        ("撤回", "withdraw"),
        ("待办", "items"),
        ("查进度的人太多", None),  # a sentence is no command
        ("", None),
    ],
)
def test_command_is_the_whole_text(typed: str, command: str | None) -> None:
    """A command word alone; within a sentence it is a word like any other."""
    assert words.command_of(typed) == command


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("solved", "是", ("yes", "")),
        ("solved", "没有，还是黑的", ("no", "还是黑的")),
        ("solved", "部分 还有两盏", ("partly", "还有两盏")),
        ("solved", "３", ("no", "")),  # full width
        ("satisfied", "不满意!太慢", ("no", "太慢")),
        ("satisfied", "1", ("yes", "")),
        ("withdraw", "确认", ("yes", "")),
        ("withdraw", "先不", ("no", "")),
        ("place", "不方便说", ("skip", "")),
        ("solved", "昭乌达路", None),
        ("solved", "", None),
    ],
)
def test_answer_and_what_else_was_said(
    kind: str, typed: str, answer: tuple[str, str] | None
) -> None:
    """The first word answers, the rest is the comment."""
    assert words.answer_to(kind, typed) == answer


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("还是不亮", "no"),
        ("根本没修", "no"),
        ("没修好", "no"),
        ("又坏了", "no"),
        ("修了一半", "partly"),
        ("大部分好了", "partly"),
        ("昨晚亮了", "yes"),
        ("都修好了谢谢", "yes"),
        ("好的", None),  # heard, not judged
        ("什么时候来", None),
    ],
)
def test_sentence_that_answers_without_the_buttons(typed: str, value: str | None) -> None:
    """People say it in their own words."""
    assert words.loose_answer(typed) == value


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("还有一件事，井盖丢了", "井盖丢了"),
        ("还有一件事", ""),
        ("另外有个问题", None),  # no announcement, a sentence
        ("再反映一个问题：暖气不热", "暖气不热"),
        ("路灯坏了，还有一件事", None),  # does not begin so
    ],
)
def test_announced_matter(typed: str, rest: str | None) -> None:
    """What follows the announcement, nothing, or no announcement at all."""
    assert words.split_new_matter(typed) == rest


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("需261123-0007", "261123-0007"),
        ("我的 ２６１１２３－７ 咋样了", "261123-0007"),
        ("261399-0007", None),  # no such day
        ("电话15147112345", None),  # a phone number is no case
    ],
)
def test_case_number_in_a_text(typed: str, number: str | None) -> None:
    """With or without 需, in any width, with a day that exists."""
    assert words.find_number(typed) == number


def test_pieces_are_joined_as_they_were_said() -> None:
    """A comma between open pieces, a new line after a finished sentence, nothing around nothing."""
    assert words.joined("路灯坏了", "3号楼") == "路灯坏了，3号楼"
    assert words.joined("路灯坏了。", "3号楼") == "路灯坏了。\n3号楼"
    assert words.joined("", "3号楼") == "3号楼"
    assert words.joined("路灯坏了", "") == "路灯坏了"


@given(st.text())
def test_no_text_breaks_a_word_rule(text: str) -> None:
    """Any text at all is answered, never raised at."""
    words.command_of(text)
    words.find_number(text)
    words.split_new_matter(text)
    words.loose_answer(text)
    words.withdraws(text)
    for kind in words.ANSWERS:
        words.answer_to(kind, text)
