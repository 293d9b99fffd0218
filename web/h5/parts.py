"""What the pages share."""

from bot.services.errors import ServiceError
from web.h5.door import deps


def sentence(refusal: ServiceError) -> str:
    """A refusal in the words for whoever reads the page."""
    return deps().texts.say(refusal.key, **refusal.values)
