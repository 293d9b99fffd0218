"""Photos, voice and video of a case, for whoever may see the case."""

from flask import Blueprint, Response, send_file

from bot.services.attachments import opened_on_page
from web.h5.door import deps, visitor

SHOWN = ("image/", "audio/", "video/")
"""What a browser may show by itself; all else is only saved."""


def put(pages: Blueprint) -> None:
    """Add the routes. Headers (nosniff, no copy kept) are those of every page."""
    pages.add_url_rule("/file/<int:attachment_id>", "file", _file)
    pages.add_url_rule("/file/<int:attachment_id>/small", "small_file", _small)


def _file(attachment_id: int) -> Response:
    return _sent(attachment_id, small=False)


def _small(attachment_id: int) -> Response:
    return _sent(attachment_id, small=True)


def _sent(attachment_id: int, *, small: bool) -> Response:
    visit = visitor()
    found = opened_on_page(deps(), visit.contact_id, visit.person_id, attachment_id, small=small)
    return send_file(
        found.path, mimetype=found.mime, as_attachment=not found.mime.startswith(SHOWN),
        conditional=True, etag=False,
    )  # fmt: skip
