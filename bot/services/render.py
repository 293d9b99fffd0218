"""The words of a notice, made at the moment of sending: what has become untrue is not sent."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Queue, State, show_number
from bot.domain.clocks import ClockKind
from bot.domain.inbound import Choice
from bot.domain.messages import harmless
from bot.domain.notices import EVERY_WAY, NOTICES
from bot.domain.roles import HANDLERS
from bot.domain.showing import say_when, shorten
from bot.models.cases import Case
from bot.models.conversation import Outbox
from bot.services import alerts, feedback, timing, wording
from bot.services.turn import Turn
from bot.store import cases, clocks

_IN_WORK = frozenset({State.ACCEPTED, State.CONSULTING})

NEEDS_STATE: dict[str, frozenset[State]] = {
    "push": frozenset({State.DISPATCHED}),
    "accept_reminder": frozenset({State.DISPATCHED}),
    "accept_overdue": frozenset({State.DISPATCHED}),
    "answer_due_soon": frozenset({State.DISPATCHED, State.ACCEPTED, State.CONSULTING}),
    "answer_overdue": frozenset({State.DISPATCHED, State.ACCEPTED, State.CONSULTING}),
    "triage_overdue": frozenset({State.NEW}),
    "emergency": frozenset({State.NEW}),
    "emergency_repeat": frozenset({State.NEW}),
    "triage_late": frozenset({State.NEW}),
    "danger": frozenset({State.NEW}),
    "callback": frozenset({State.ANSWERED}),
    "lasting": frozenset({State.CLOSED}),
    # A promise of a time that is over by now: what came after says more.
    "dispatched": frozenset({State.DISPATCHED}),
    "reopened": frozenset({State.DISPATCHED}),
    "accepted": frozenset({State.ACCEPTED, State.CONSULTING}),
    "returned": frozenset({State.NEW}),
    "unmerged": frozenset({State.NEW}),
    "opened_up": frozenset({State.NEW}),
    "guarded": frozenset({State.NEW}),
    "consulting": frozenset({State.CONSULTING}),
    "asked": _IN_WORK | {State.NEW},
    "held": frozenset({State.ON_HOLD}),
    "hold_over": _IN_WORK,
    "extended": _IN_WORK,
    "replied": _IN_WORK,
    "unreplied": _IN_WORK,
    "hold_wanted": _IN_WORK,
    "hold_review": _IN_WORK,
    "extension_wanted": _IN_WORK,
    "progress_wanted": _IN_WORK,
    "supervised_chase": _IN_WORK | {State.NEW, State.DISPATCHED},
    "supervision_late": _IN_WORK | {State.NEW, State.DISPATCHED},
    "assist_push": _IN_WORK,
    "assist_due_soon": _IN_WORK,
    "assist_overdue": _IN_WORK,
    "assist_late": _IN_WORK,
    "assigned": _IN_WORK | {State.DISPATCHED},
    "colleague_asked": _IN_WORK | {State.ON_HOLD},
}
"""Kinds that ask for something only sensible while the case stands so; others always go."""

_UNTIL_ACKNOWLEDGED = ("emergency", "emergency_repeat")

_VERBS = {
    "push": "接", "accept_reminder": "接", "accept_overdue": "接", "not_solved": "接",
    "unhappy": "接", "broken": "接",
    "answer_due_soon": "答", "answer_overdue": "答", "replied": "答", "unreplied": "答",
    "hold_wanted": "准", "hold_refused": "答", "hold_review": "答", "extension_wanted": "准",
    "assist_push": "接", "progress_wanted": "进展", "supervised": "答", "supervised_chase": "答",
    "assist_due_soon": "答", "assist_overdue": "答", "colleague_asked": "回",
    "emergency": "收到", "emergency_repeat": "收到",
}  # fmt: skip
"""What a notice asks its reader to type before the code; 看 where it isn't named."""

_ASKS = {
    "asked": "有话问您，请回复",
    "written": "有话告诉您，请点开看",
    "lasting": "现在还好吗？请点开说",
    "emergency_over": "不用再处理了",
}
"""What a template says where no code is to be typed, mostly to a resident who is asked."""

_DUE: dict[str, ClockKind] = {
    "triage_overdue": ClockKind.TRIAGE,
    "returned": ClockKind.TRIAGE,
    "unmerged": ClockKind.TRIAGE,
    "opened_up": ClockKind.TRIAGE,
    "took_in": ClockKind.ANSWER,
    "accepted": ClockKind.ANSWER,
    "consulting": ClockKind.ANSWER,
    "answer_due_soon": ClockKind.ANSWER,
    "answer_overdue": ClockKind.ANSWER,
    **dict.fromkeys(
        (
            "replied",
            "unreplied",
            "hold_over",
            "hold_review",
            "extended",
            "extension_granted",
            "extension_refused",
            "hold_refused",
            "progress_wanted",
            "supervised",
            "supervised_chase",
            "supervision_late",
        ),
        ClockKind.ANSWER,
    ),
    **dict.fromkeys(("assist_push", "assist_due_soon", "assist_overdue"), ClockKind.ASSIST),
}

_WHILE_RUNNING = {
    "asked": ClockKind.QUESTION,
    "supervised_chase": ClockKind.SUPERVISION,
    "supervision_late": ClockKind.SUPERVISION,
    "assist_push": ClockKind.ASSIST,
    "assist_due_soon": ClockKind.ASSIST,
    "assist_overdue": ClockKind.ASSIST,
}
"""True only as long as this clock runs on the case."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text and its choices, and the same cut to a template's fields."""

    text: str
    choices: tuple[Choice, ...]
    fields: dict[str, str]


def case_of(turn: Turn, row: Outbox) -> Case | None:
    """The case that a notice is about, if it is about one."""
    return turn.session.get_one(Case, row.case_id) if row.case_id is not None else None


def render(turn: Turn, row: Outbox, case: Case | None) -> Rendered | None:
    """The words to send now, or None when the notice has become untrue."""
    if case is None:
        return _of_leave(turn, row)
    if not still_true(turn, row, case):
        return None
    values = _values(turn, row, case)
    text = _for_whom(turn, row, turn.say(_key(turn, row, case), **values))
    question = row.params.get("question")
    choices: tuple[Choice, ...] = ()
    if row.kind in ("answered", "callback") and question:
        if row.kind == "answered":
            text = f"{text}\n{turn.say('notice.answered_ask')}"
        choices = feedback.choices(turn, question, "solved")
    elif row.kind in _UNTIL_ACKNOWLEDGED:
        said = f"收到{values['code']}"  # one tap types what acknowledges
        choices = (Choice(said, said),)
    elif row.kind == "lasting" and question:
        choices = feedback.choices(turn, question, "lasting")
    return Rendered(text, choices, _fields(turn, row, values))


def preview(turn: Turn, case: Case, kind: str, **params: str) -> str:
    """What the resident would read if this were sent to them now."""
    row = Outbox(kind=kind, params=params, case_id=case.id)
    return turn.say(_key(turn, row, case), **_values(turn, row, case))


def _for_whom(turn: Turn, row: Outbox, text: str) -> str:
    """A stand-in reads first whose it is."""
    absent = row.params.get("instead_of")
    return turn.say("notice.instead", person=harmless(absent), text=text) if absent else text


def _of_leave(turn: Turn, row: Outbox) -> Rendered:
    """About no case: somebody is away, or back. All that is said came with it."""
    values = {name: harmless(str(value)) for name, value in row.params.items()}
    if "first" in values:
        values["days"] = wording.span(values["first"], values["last"])
    nobody = row.kind == "leave_noted" and not values["who"]
    key = f"notice.{row.kind}{'_nobody' if nobody else ''}"
    fields = {
        "thing1": shorten(turn.say(f"leave.title_{row.kind}", **values), 20),
        "character_string2": values["period"],
        "thing3": shorten(turn.say("leave.days", **values), 20),
        "thing4": turn.say("leave.see"),
    }
    return Rendered(turn.say(key, **values), (), fields)


def still_true(turn: Turn, row: Outbox, case: Case) -> bool:
    """Whether what a notice says holds as the case stands now; of a merged one, as the case that
    it is a part of stands."""
    if row.kind == "merged":
        return case.merged_into is not None
    case = cases.main(turn.session, case)
    wanted = NEEDS_STATE.get(row.kind)
    if wanted is not None and State(case.state) not in wanted:
        return False
    if row.kind == "callback" and case.solved is not None:
        return False
    if _is_over(turn, row, case):
        return False
    return row.kind not in _UNTIL_ACKNOWLEDGED or alerts.unacknowledged(turn, case)


def _is_over(turn: Turn, row: Outbox, case: Case) -> bool:
    """What it waits for has come by now."""
    if row.kind == "extension_wanted":
        return case.extension != "asked"
    if row.kind in ("returned", "unmerged", "opened_up"):
        promised = clocks.running(turn.session, case.id).get(ClockKind.TRIAGE)
        return promised is None or promised.due_at <= turn.now
    if row.kind == "triage_late":
        return case.queue != Queue.STAFF
    if row.kind == "lasting":
        return case.lasting != "asked"
    if row.kind == "hold_wanted":
        return case.hold_wanted_at is None
    kind = _WHILE_RUNNING.get(row.kind)
    return kind is not None and kind not in clocks.running(turn.session, case.id)


def _key(turn: Turn, row: Outbox, case: Case) -> str:
    """The sentence: who can't accept the case is asked to look into it, not to type 接."""
    if row.kind == "push" and case.urgency != "normal":
        return "notice.push_urgent"
    if row.kind == "triage_late" and case.want_human:
        return "notice.triage_late_human"
    if row.kind == "merged":
        return _merged(turn, case)
    if row.kind == "guarded" and case.category == "discipline":
        return "notice.guarded_discipline"
    looks_on = f"notice.{row.kind}_look"
    return looks_on if _looks_on(row) and turn.deps.texts.has(looks_on) else f"notice.{row.kind}"


def _merged(turn: Turn, case: Case) -> str:
    main = cases.main(turn.session, case)
    return f"notice.merged{'_own' if main.contact_id == case.contact_id else ''}"


def _looks_on(row: Outbox) -> bool:
    """Whether this goes to somebody who can't work on the case: a district convener, staff."""
    role = row.params.get("role")
    asks_handlers = _VERBS.get(row.kind) in ("接", "答", "进展")
    return asks_handlers and role is not None and role not in HANDLERS


def _values(turn: Turn, row: Outbox, case: Case) -> dict[str, str]:
    main = cases.main(turn.session, case)
    running = clocks.running(turn.session, main.id)
    clock = running.get(_DUE.get(row.kind, ClockKind.ACCEPT))
    values = {
        "number": show_number(case.number),
        "what": wording.what(turn, case),
        "station": wording.station_name(turn, main),
        "text": shorten(case.masked, 120) or "（没有文字，请看附件）",
        "answer": case.answer,
        "reason": "",
        "by": "",
        "status": wording.status(turn, case) if row.kind == "merged" else "",
        "phones": alerts.phones(turn, case),
        "due": say_when(clock.due_at, turn.now) if clock else "",
        "main": show_number(main.number),
    } | {k: str(v) for k, v in row.params.items() if v is not None}
    if until := row.params.get("until"):
        at = datetime.fromisoformat(until)
        # Held back by the night or an outage until that time has passed as well.
        at = at if at > turn.now else timing.next_promise(turn.deps, turn.now)
        values["due"] = say_when(at, turn.now)
    if row.kind in EVERY_WAY:
        values |= alerts.times_of(turn, row.kind, case, running.get(ClockKind.EMERGENCY))
    # Residents' and members' own words must not become links in somebody else's chat.
    return {key: harmless(value) for key, value in values.items()}


def _fields(turn: Turn, row: Outbox, values: dict[str, str]) -> dict[str, str]:
    """The same in a template's few short fields."""
    verb = "看" if _looks_on(row) else _VERBS.get(row.kind, "看")
    late = {"accept_overdue": "还没有人接，", "answer_overdue": "答复晚了，"}.get(row.kind, "")
    asks = {
        "action": f"{late}回复 {verb}{values.get('code', '')}",
        "answer": "请看答复",
        "progress": "请看进度",
    }
    return {
        "thing1": shorten(_for_whom(turn, row, values["what"]), 20),
        "character_string2": values["number"].removeprefix("需"),
        "thing3": values.get("rang") or shorten(values["due"] or values["station"], 20),
        "thing4": _ASKS.get(row.kind) or asks[NOTICES[row.kind].budget],
    }
