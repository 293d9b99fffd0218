"""What the pages share."""

from flask import request

from bot.services.errors import ServiceError
from web.h5.door import deps

LARGE = "xmz_large"
"""Cookie that remembers the large-type mode (关怀版) for a year."""


def wants_large() -> bool:
    """Whether this browser is in large type."""
    return bool(request.cookies.get(LARGE))


def sentence(refusal: ServiceError) -> str:
    """A refusal in the words for whoever reads the page."""
    return deps().texts.say(refusal.key, **refusal.values)


def sent_photos() -> tuple[bytes, ...]:
    """Files of the form's field `photos`; the door holds how much may come."""
    return tuple(each.read() for each in request.files.getlist("photos"))
