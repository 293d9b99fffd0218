"""The life of a case, against a matrix written by hand."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import (
    CHINESE,
    OPEN,
    OVER,
    TRANSITIONS,
    Ending,
    Forbidden,
    ForbiddenMove,
    Handling,
    Outcome,
    Queue,
    State,
    Who,
    allowed,
    check,
    format_number,
    named_ending,
    parse_number,
    show_number,
    who_is,
)
from bot.domain.roles import Role

EVERYTHING = frozenset(
    {"reason", "review_date", "answer", "ending", "station", "queue", "merged", "source"}
)

# Rows: from. Columns: to, in the same order.
# Who may: R resident, S system, T staff, H handler, E station head.
MATRIX = {
    #              new  disp acc  cons hold answ clos wdrn rej
    "new":        "ST   ST   -    -    -    ST   -    R    ST",
    "dispatched": "HTS  HT   H    -    -    -    -    R    -",
    "accepted":   "HTS  TS   -    H    E    H    -    R    -",
    "consulting": "TS   TS   H    -    E    H    -    R    -",
    "on_hold":    "TS   TS   HS   HS   -    H    -    R    -",
    "answered":   "S    RT   -    -    -    -    RS   -    -",
    "closed":     "S    RT   -    -    -    -    -    -    -",
    "withdrawn":  "-    -    -    -    -    -    -    -    -",
    "rejected":   "-    -    -    -    -    -    -    -    -",
}  # fmt: skip
LETTERS = {
    "R": Who.RESIDENT, "S": Who.SYSTEM, "T": Who.STAFF, "H": Who.HANDLER, "E": Who.HEAD,
}  # fmt: skip
CELLS = {
    (State(start), State(end)): {LETTERS[letter] for letter in cell if letter != "-"}
    for start, row in MATRIX.items()
    for end, cell in zip(MATRIX, row.split(), strict=True)
}


@pytest.mark.parametrize("start", State)
@pytest.mark.parametrize("end", State)
@pytest.mark.parametrize("who", Who)
def test_every_pair(start: State, end: State, who: Who) -> None:
    """A move is allowed exactly where the matrix has a letter; the refusal says why."""
    may = CELLS[start, end]
    if who in may:
        move = check(start, end, {who}, EVERYTHING)
        assert (move.start, move.end, move.who) == (start, end, who)
        assert move in allowed(start, {who})
        return
    with pytest.raises(ForbiddenMove) as refused:
        check(start, end, {who}, EVERYTHING)
    assert refused.value.code is (Forbidden.NOT_YOURS if may else Forbidden.NO_SUCH_MOVE)
    assert end not in {move.end for move in allowed(start, {who})}


@pytest.mark.parametrize(
    ("start", "end", "who", "given_", "event"),
    [
        # routing queues or dispatches; staff may, too
        ("new", "new", "system", "queue", "queued"),
        ("new", "new", "staff", "queue reason", "queued"),
        ("new", "dispatched", "system", "station", "dispatched"),
        ("new", "dispatched", "staff", "station", "dispatched"),
        ("new", "rejected", "staff", "reason", "rejected"),
        ("new", "answered", "staff", "answer ending", "answered"),
        ("new", "withdrawn", "resident", "", "withdrawn"),
        # what was merged into another case ends as that one; a question as the list answered it
        ("new", "answered", "system", "answer ending source", "answered"),
        ("new", "rejected", "system", "reason merged", "rejected"),
        # the station takes it, passes it on, or returns it
        ("dispatched", "accepted", "handler", "", "accepted"),
        ("dispatched", "dispatched", "handler", "station reason", "rerouted"),
        ("dispatched", "new", "handler", "reason", "returned"),
        ("accepted", "new", "handler", "reason", "returned"),
        # staff pull back or re-route; the system when the station was suspended
        ("dispatched", "new", "staff", "reason", "queued"),
        ("dispatched", "new", "system", "reason", "queued"),
        ("on_hold", "new", "staff", "reason", "queued"),
        ("consulting", "dispatched", "staff", "station reason", "rerouted"),
        # whoever held it left the post
        ("accepted", "dispatched", "system", "station reason", "rerouted"),
        ("on_hold", "new", "system", "reason", "queued"),
        # work
        ("accepted", "consulting", "handler", "", "consulting"),
        ("consulting", "accepted", "handler", "", "consulted"),
        ("accepted", "on_hold", "head", "reason review_date", "held"),
        ("on_hold", "accepted", "system", "", "resumed"),
        ("on_hold", "consulting", "handler", "", "resumed"),
        ("consulting", "answered", "handler", "answer ending", "answered"),
        # the end, and when it was none: again to the station, or to a person
        ("answered", "new", "system", "queue reason", "queued"),
        ("closed", "new", "system", "queue reason", "queued"),
        ("answered", "closed", "resident", "", "closed"),
        ("answered", "closed", "system", "", "closed"),
        ("answered", "dispatched", "resident", "", "reopened"),
        ("closed", "dispatched", "staff", "reason", "reopened"),
    ],
)
def test_what_must_be_given(start: str, end: str, who: str, given_: str, event: str) -> None:
    """A move needs exactly what the table says, names what is missing, and has its event."""
    names = set(given_.split())
    assert check(State(start), State(end), {Who(who)}, names).event == event
    for name in names:
        with pytest.raises(ForbiddenMove) as refused:
            check(State(start), State(end), {Who(who)}, names - {name})
        assert refused.value.code is Forbidden.SOMETHING_MISSING
        assert refused.value.missing == (name,)
        assert str(refused.value) == f"something_missing {name}"


def test_who_counts_twice_needs_the_least() -> None:
    """Somebody who is staff and handler is asked for the least that one of them must give."""
    both = {Who.STAFF, Who.HANDLER}
    assert check(State.DISPATCHED, State.NEW, both, {"reason"}).who is Who.HANDLER
    assert check(State.NEW, State.NEW, {Who.STAFF, Who.SYSTEM}, {"queue"}).who is Who.SYSTEM


def test_no_move_is_written_twice() -> None:
    """The table has one row for each from, to and who."""
    keys = [(move.start, move.end, move.who) for move in TRANSITIONS]
    assert len(keys) == len(set(keys))


def test_open_and_over() -> None:
    """A withdrawn or rejected case is dead; open ones can be withdrawn; answered is neither."""
    assert set(State) - OPEN - OVER == {State.ANSWERED}
    for state in OPEN:
        assert check(state, State.WITHDRAWN, {Who.RESIDENT}).event == "withdrawn"
    for state in (State.WITHDRAWN, State.REJECTED):
        assert allowed(state, set(Who)) == ()


@pytest.mark.parametrize(
    ("role", "who"),
    [
        (Role.FIRST_CONVENER, {Who.HANDLER}),
        (Role.SECOND_CONVENER, {Who.HANDLER}),
        (Role.MEMBER, {Who.HANDLER}),
        (Role.STAND_IN, {Who.HANDLER}),
        (Role.STATION_HEAD, {Who.HANDLER, Who.HEAD}),
        (Role.INTAKE_STAFF, {Who.STAFF}),
        (Role.RESTRICTED_STAFF, {Who.STAFF}),
        (Role.DUTY, {Who.STAFF}),
        (Role.ADMIN, {Who.STAFF}),
        (Role.LEADER, set()),  # leaders look on and put under supervision
        (Role.AUDITOR, set()),
        (Role.SECRETARY, set()),
        (Role.DISTRICT_CONVENER, set()),
        (Role.PARTNER_CONTACT, set()),
    ],
)
def test_roles(role: Role, who: set[Who]) -> None:
    """What each role counts as in the table."""
    assert who_is(role) == who


def test_everything_has_a_chinese_name() -> None:
    """Every state, queue, ending, outcome and handling has a name for people."""
    every = [*State, *Queue, *Ending, *Outcome, *Handling]
    assert len(set(every)) == len(every) == len(CHINESE)
    assert set(CHINESE) == set(every)


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        ("路灯是城管局管的,已经报过去了", Ending.EXPLAINED),  # no ending named
        ("已解决 灯今天修好了", Ending.RESOLVED),
        ("，部分解决：修了三盏", Ending.PARTLY),  # punctuation before it
        ("转办城管局,单号123", Ending.TRANSFERRED),
        ("不属受理范围,请拨12388", Ending.OUT_OF_SCOPE),
        ("问题尚未部分解决", Ending.EXPLAINED),  # in the middle of a sentence it claims nothing
        ("已答复", Ending.EXPLAINED),
        ("", Ending.EXPLAINED),
    ],
)
def test_named_ending(answer: str, ending: Ending) -> None:
    """An answer is an explanation unless it begins with the name of another ending."""
    assert named_ending(answer) is ending


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("261123-0007", "261123-0007"),
        ("需261123-0007", "261123-0007"),
        ("需 261123 - 0007 ", "261123-0007"),
        ("需２６１１２３－０００７", "261123-0007"),  # full-width
        ("2611230007", "261123-0007"),  # no dash
        ("需号261123—7", "261123-0007"),  # an em dash, no zeros
        ("261123-12345", "261123-12345"),  # a busy day
        ("240229-0001", "240229-0001"),  # a leap day
    ],
)
def test_numbers(text: str, full: str) -> None:
    """A case number is understood however it is typed."""
    typed = parse_number(text)
    assert typed is not None
    assert typed.full == full
    assert typed.fits(full)
    assert not typed.fits("251123-0008")


def test_number_without_the_year() -> None:
    """Without the year a number may mean several cases, and says so."""
    typed = parse_number("需1123-0007")
    assert typed is not None
    assert (typed.year, typed.full) == (None, None)
    assert [n for n in ("261123-0007", "251123-0007", "261123-0008") if typed.fits(n)] == [
        "261123-0007",
        "251123-0007",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "需", "37", "261323-0007", "250229-0001", "261123", "261123-0007号", "13912345678", "a-1"],
)
def test_no_numbers(text: str) -> None:
    """Other numbers and impossible days are no case numbers."""
    assert parse_number(text) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_numbers_are_read_back(day: date, n: int) -> None:
    """Every number we give is read back, as we show it."""
    number = format_number(day, n)
    typed = parse_number(show_number(number))
    assert typed is not None
    assert typed.full == number


def test_the_matrix_is_whole() -> None:
    """The matrix of this file has every pair of states."""
    assert set(CELLS) == set(product(State, State))
