"""The words of drills and of quiet stations, which are no cases; and of any row, whichever."""

from bot.domain.inbound import Choice
from bot.domain.messages import harmless
from bot.domain.notices import CASELESS
from bot.domain.showing import shorten
from bot.models.conversation import Outbox
from bot.models.timing import Drill
from bot.services import alerts
from bot.services.render import Rendered, case_of, render
from bot.services.turn import Turn

SAY = "演练收到"
"""What acknowledges a drill, typed or tapped (bot.domain.words.COMMANDS)."""


def render_row(turn: Turn, row: Outbox) -> Rendered | None:
    """The words to send now; None when the notice has become untrue."""
    if row.kind not in CASELESS:
        return render(turn, row, case_of(turn, row))
    if row.kind == "station_quiet":
        return _station_quiet(turn, row)
    drill = turn.session.get_one(Drill, row.params["drill"])
    asks = row.kind != "drill_taken"
    if asks and drill.ended_at is not None:
        return None
    values = {name: harmless(str(value)) for name, value in row.params.items()}
    values |= alerts.times(turn, row.kind, drill.started_at, drill.started_at)
    fields = {
        "thing1": shorten(f"演练：{drill.words}", 20),
        "character_string2": f"YL-{drill.id}",
        "thing3": values["rang"],
        "thing4": f"回复 {SAY}" if asks else "演练有人应了",
    }
    choices = (Choice(SAY, SAY),) if asks else ()
    return Rendered(turn.say(f"notice.{row.kind}", **values), choices, fields)


def _station_quiet(turn: Turn, row: Outbox) -> Rendered:
    values = {name: str(value) for name, value in row.params.items()}
    fields = {
        "thing1": shorten(values["station"], 20),
        "character_string2": values["code"],
        "thing3": f"{values['days']} 天没有人来过",
        "thing4": "回复 待办",
    }
    return Rendered(turn.say("notice.station_quiet", **values), (), fields)
