"""What the pages share."""

from collections.abc import Callable

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from bot.services.errors import Refused, ServiceError
from web.h5.door import deps, told, visitor

Page = str | tuple[str, int] | AnyResponse


def for_person(page: Callable[[int], Page], stranger: str) -> Page:
    """A page made for a person of the network, by their id. Who is none (`stranger` says so), and
    whom the page refuses, reads one sentence."""
    person_id = visitor().person_id
    try:
        if person_id is None:
            raise Refused(stranger)
        return page(person_id)
    except Refused as refusal:
        return told("refused", 403, words=sentence(refusal))


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
