"""What the platform says afterwards: delivered, blocked, refused; and whoever gave consent."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from bot.domain.inbound import Inbound
from bot.domain.notices import NOTICES
from bot.models.conversation import Contact, Outbox, Receipt
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import delivery

PATIENCE = timedelta(hours=1)
"""How long the platform's word on a notice is awaited; it mostly comes within seconds."""
BLOCKED = "failed:user block"
EARLY = timedelta(minutes=10)
"""How far ahead of our own settling a receipt may be."""
BATCH = 200


def note(turn: Turn, contact: Contact, inbound: Inbound) -> None:
    """Keep what an event says of our own notices. Other kinds are nothing to this."""
    if inbound.kind == "send_result":
        for message_id, template_id, status in _results(inbound.data):
            receipt = delivery.keep_receipt(
                turn.session, contact.id, message_id, turn.now,
                status=status, template_id=template_id,
            )  # fmt: skip
            row = _awaiting(turn, contact, receipt) if receipt is not None else None
            if receipt is not None and row is not None:
                apply(turn, row, receipt)
    elif inbound.kind == "consent":
        for group in _groups(inbound.data, "TemplateId"):
            granted = group.get("SubscribeStatusString", "") == "accept"
            delivery.set_consent(
                turn.session, contact.id, group["TemplateId"], granted, at=turn.now
            )


def _awaiting(turn: Turn, contact: Contact, receipt: Receipt) -> Outbox | None:
    known = delivery.awaiting(turn.session, contact.id, message_id=receipt.message_id)
    if known is not None or not receipt.template_id:
        return known
    settings = turn.deps.settings
    kinds = [
        kind for kind, notice in NOTICES.items()
        if settings.notice_id(notice.shape) == ("subscribe", receipt.template_id)
    ]  # fmt: skip
    return delivery.awaiting(turn.session, contact.id, kinds=kinds)


def apply(turn: Turn, row: Outbox, receipt: Receipt) -> None:
    """The platform's word on a notice it had accepted: it arrived, or the route goes on.

    Who blocks us counts as unreachable until they write or follow again.
    """
    receipt.outbox_id, row.confirm_by = row.id, None
    arrived = receipt.status == "success"
    delivery.attempt(
        turn.session, row.id, turn.now, hop=row.hop,
        outcome="delivered" if arrived else "failed", reason=receipt.status,
    )  # fmt: skip
    if arrived:
        row.in_doubt = False
        return
    if receipt.status.replace(" ", "") == BLOCKED.replace(" ", ""):
        contact = turn.session.get_one(Contact, receipt.contact_id)
        contact.subscribed = False
    for each in (row, *delivery.merged_into(turn.session, row.id)):
        each.state, each.next_try_at, each.reason = "queued", turn.now, receipt.status[:300]
        each.merged_into = None


def confirm(deps: Deps) -> list[str]:
    """Mark notices on which the platform has said nothing for an hour: they count as sent, in
    doubt. Returns what it marked."""
    now = deps.clock.now()
    with deps.database.read() as session:
        if not delivery.unconfirmed(session, now, 1):
            return []
    with deps.database.write() as session:
        rows = delivery.unconfirmed(session, now, BATCH)
        for row in rows:
            row.confirm_by, row.in_doubt = None, True
            delivery.attempt(session, row.id, now, hop=row.hop, outcome="unconfirmed")
        return [f"notice {row.id}: no word from the platform" for row in rows]


def came_early(turn: Turn, row_id: int, contact_id: int, template_id: str) -> None:
    """A receipt may come before we have settled the very message it is about."""
    row = turn.session.get_one(Outbox, row_id, populate_existing=True)
    early = delivery.receipt_waiting(
        turn.session, contact_id, row.message_id, template_id, since=turn.now - EARLY
    )  # fmt: skip
    if early is not None:
        apply(turn, row, early)


def _results(data: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(message id, template id, status) of each notice that the event tells of."""
    if data.get("Status") and data.get("Event", "").upper() == "TEMPLATESENDJOBFINISH":
        yield data.get("MsgID", ""), "", data["Status"]
    for group in _groups(data, "MsgID"):
        status = group.get("ErrorStatus", "") or group.get("ErrorCode", "")
        arrived = group.get("ErrorCode") == "0" or status == "success"
        yield group["MsgID"], group.get("TemplateId", ""), "success" if arrived else status


def _groups(data: Mapping[str, str], must: str) -> list[dict[str, str]]:
    """The `List` elements of a subscribe_msg event: flat paths put together again."""
    found: dict[str, dict[str, str]] = {}
    for path, value in data.items():
        parent, _, name = path.rpartition(".")
        if name.isdecimal():
            parent, _, name = parent.rpartition(".")
        if ".List" in f".{parent}":
            found.setdefault(parent, {})[name] = value
    return [group for group in found.values() if must in group]
