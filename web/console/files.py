"""Photos, voice and video of a case, for whoever may see the case in this session."""

from flask import Response, send_file

from bot.domain.console import Right
from bot.services.attachments import opened_for
from bot.services.errors import NotFound
from bot.services.unmasking import note_look
from web.addresses import address
from web.console.door import Console, deps, visitor

SHOWN = ("image/", "audio/", "video/")
"""What a browser may show by itself; all else is only saved."""


def put(pages: Console) -> None:
    """Add these addresses."""
    pages.page("/file/<attachment_id>", "file", file, Right.QUEUE)
    pages.page("/file/<attachment_id>/small", "small_file", small_file, Right.QUEUE)


def file(attachment_id: str) -> Response:
    """As it is kept."""
    return _sent(attachment_id, small=False)


def small_file(attachment_id: str) -> Response:
    """A picture as lists show it."""
    return _sent(attachment_id, small=True)


def _sent(attachment_id: str, *, small: bool) -> Response:
    known = attachment_id.isascii() and attachment_id.isdigit() and len(attachment_id) <= 9
    if not known:
        raise NotFound("refusal.no_file")
    found = opened_for(deps(), visitor().actor, int(attachment_id), small=small)
    note_look(deps(), visitor(), found.number, address())
    return send_file(
        found.path, mimetype=found.mime, as_attachment=not found.mime.startswith(SHOWN),
        conditional=True, etag=False,
    )  # fmt: skip
