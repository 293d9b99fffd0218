"""Every notice we send on our own account: who gets it and how it may travel. One table."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Budget = Literal["answer", "action", "progress"]

SHAPES = ("progress", "answer", "task", "alert")
"""The templates that carry notices outside the reply window; the account has one id for each."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`priority` 0 goes first. `quiet`: a reminder, held back
    21:30–08:00; what somebody just did is told at once. `digestible`: may be merged with
    others for the same person. `budget`: what it may use of the platform's five messages.
    `shape`: which template carries it outside the reply window."""

    audience: Literal["resident", "member", "duty", "staff"]
    priority: int
    quiet: bool
    digestible: bool
    budget: Budget
    shape: str


NOTICES: dict[str, Notice] = {
    # to residents
    "dispatched": Notice("resident", 5, False, True, "progress", "progress"),
    "accepted": Notice("resident", 5, False, True, "progress", "progress"),
    "returned": Notice("resident", 5, False, True, "progress", "progress"),
    "answered": Notice("resident", 2, False, False, "answer", "answer"),
    "callback": Notice("resident", 6, True, False, "answer", "answer"),
    "danger": Notice("resident", 0, False, False, "answer", "answer"),
    "guarded": Notice("resident", 3, False, False, "progress", "progress"),
    "opened_up": Notice("resident", 3, False, False, "progress", "progress"),
    "not_a_case": Notice("resident", 4, False, False, "answer", "answer"),
    "reopened": Notice("resident", 4, False, True, "progress", "progress"),
    "merged": Notice("resident", 5, False, True, "progress", "progress"),
    "unmerged": Notice("resident", 5, False, True, "progress", "progress"),
    "split": Notice("resident", 4, False, True, "progress", "progress"),
    "written": Notice("resident", 3, False, False, "answer", "answer"),
    "asked": Notice("resident", 3, False, False, "answer", "answer"),
    "held": Notice("resident", 4, False, False, "progress", "progress"),
    "consulting": Notice("resident", 5, False, True, "progress", "progress"),
    "hold_over": Notice("resident", 5, True, False, "progress", "progress"),
    "extended": Notice("resident", 5, False, False, "progress", "progress"),
    "triage_late": Notice("resident", 4, True, True, "progress", "progress"),
    "lasting": Notice("resident", 7, True, False, "progress", "progress"),
    # to members and conveners
    "push": Notice("member", 2, False, False, "action", "task"),
    "added": Notice("member", 4, False, True, "action", "task"),
    "withdrawn": Notice("member", 4, False, True, "action", "task"),
    "handed_on": Notice("member", 4, False, True, "progress", "task"),
    "not_solved": Notice("member", 3, False, False, "action", "task"),
    "not_solved_again": Notice("member", 4, False, True, "action", "task"),
    "unhappy": Notice("member", 3, False, False, "action", "task"),
    "unhappy_again": Notice("member", 4, False, True, "action", "task"),
    "broken": Notice("member", 3, False, False, "action", "task"),
    "broken_again": Notice("member", 4, False, True, "action", "task"),
    "accept_reminder": Notice("member", 3, True, True, "action", "task"),
    "accept_overdue": Notice("member", 2, True, True, "action", "task"),
    "answer_due_soon": Notice("member", 3, True, True, "action", "task"),
    "answer_overdue": Notice("member", 2, True, True, "action", "task"),
    "replied": Notice("member", 3, False, False, "action", "task"),
    "unreplied": Notice("member", 3, True, True, "action", "task"),
    "hold_wanted": Notice("member", 3, False, False, "action", "task"),
    "hold_review": Notice("member", 3, True, True, "action", "task"),
    "hold_granted": Notice("member", 4, False, True, "action", "task"),
    "hold_refused": Notice("member", 3, False, False, "action", "task"),
    "extension_wanted": Notice("member", 3, False, False, "action", "task"),
    "extension_granted": Notice("member", 3, False, False, "action", "task"),
    "extension_refused": Notice("member", 3, False, False, "action", "task"),
    "assigned": Notice("member", 2, False, False, "action", "task"),
    "assigned_away": Notice("member", 4, False, True, "action", "task"),
    "passed_on": Notice("member", 4, False, True, "action", "task"),
    "took_in": Notice("member", 4, False, True, "action", "task"),
    "merged_away": Notice("member", 4, False, True, "progress", "task"),
    "split_away": Notice("member", 4, False, True, "progress", "task"),
    "recalled": Notice("member", 4, False, True, "action", "task"),
    "assist_push": Notice("member", 2, False, False, "action", "task"),
    "assist_accepted": Notice("member", 4, False, True, "action", "task"),
    "assist_answered": Notice("member", 3, False, False, "action", "task"),
    "assist_due_soon": Notice("member", 3, True, True, "action", "task"),
    "assist_overdue": Notice("member", 2, True, True, "action", "task"),
    "assist_late": Notice("member", 3, True, True, "action", "task"),
    "colleague_asked": Notice("member", 3, False, False, "action", "task"),
    "colleague_replied": Notice("member", 3, False, False, "action", "task"),
    "progress_wanted": Notice("member", 3, True, True, "action", "task"),
    "supervised": Notice("member", 2, False, False, "action", "task"),
    "supervised_chase": Notice("member", 2, True, True, "action", "task"),
    "supervision_late": Notice("member", 2, True, True, "action", "task"),
    "supervised_answered": Notice("member", 3, False, True, "progress", "task"),
    "supervision_over": Notice("member", 4, False, True, "progress", "task"),
    "station_quiet": Notice("member", 5, True, False, "action", "task"),
    "slip_answered": Notice("member", 3, False, False, "action", "task"),
    "slip_restricted": Notice("member", 4, False, False, "progress", "task"),
    "leave_noted": Notice("member", 4, False, True, "progress", "task"),
    "stand_in": Notice("member", 3, True, True, "progress", "task"),
    "stand_in_coming": Notice("member", 4, True, True, "progress", "task"),
    "leave_over": Notice("member", 4, True, True, "progress", "task"),
    "stand_in_over": Notice("member", 4, True, True, "progress", "task"),
    # to the office
    "human_wanted": Notice("staff", 3, False, True, "action", "task"),
    "triage_overdue": Notice("staff", 2, True, True, "action", "task"),
    "emergency": Notice("duty", 0, False, False, "action", "alert"),
    "emergency_repeat": Notice("duty", 0, False, False, "action", "alert"),
    "emergency_taken": Notice("duty", 1, False, False, "action", "alert"),
    "emergency_over": Notice("duty", 1, False, False, "action", "alert"),
    "drill": Notice("duty", 0, False, False, "action", "alert"),
    "drill_repeat": Notice("duty", 0, False, False, "action", "alert"),
    "drill_taken": Notice("duty", 1, False, False, "action", "alert"),
}

EVERY_WAY = frozenset({"emergency", "emergency_repeat", "drill", "drill_repeat"})
"""Kinds that take all hops at once, not one after the other: somebody must hear of it now."""

DRILLS = frozenset({"drill", "drill_repeat", "drill_taken"})
"""Kinds of an exercise: nobody is called on its account; its report says who was not reached."""

CASELESS = DRILLS | {"station_quiet"}
"""Kinds that speak of a drill or a station, of no case."""

NEWS = frozenset({"push", "assist_push"})
"""Kinds that go each by itself, in full, while they are news; what is later than LATE (nothing ran,
or the platform was silent) may be merged like a reminder: one message, not a storm."""

LATE = timedelta(hours=1)

QUIET_FROM_TO = ("21:30", "08:00")
"""Beijing time between which quiet notices wait for the morning."""
