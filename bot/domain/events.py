"""Kinds of events and what their payload holds. Append-only; the past is read from here."""

_STATION = ("owner", "assist", "rule", "due_at")

EVENTS: dict[str, tuple[str, ...]] = {
    "registered": ("intent", "category", "urgency", "rule"),
    "imported": ("source", "row"),
    "added": ("piece",),
    "understood": ("category", "urgency", "rule", "owner", "queue"),
    "understanding_failed": ("error",),
    "human_wanted": (),
    "chased": (),
    "queued": ("queue",),
    "dispatched": _STATION,
    "rerouted": _STATION,
    "reopened": _STATION,
    "accepted": (),
    "returned": (),
    "consulting": (),
    "consulted": (),
    "held": ("review_date",),
    "resumed": (),
    "answered": ("ending",),
    "solved": ("value",),
    "satisfied": ("value",),
    "closed": ("how",),
    "withdrawn": (),
    "erased": (),
    "rejected": (),
    "acknowledged": (),
    "lowered": ("emergency",),
    "rung": ("clock", "index", "notice", "audience", "superseded", "told", "missing"),
    "invited": ("post",),
    "bound": ("person",),
    "unsubscribed": (),
    "called": ("notice", "call"),
}
"""kind → names of the payload's fields; a kind that is not here is refused when written."""
