"""All mapped classes in one place, so that the schema is complete wherever it is asked for."""

from bot.models import (
    cases,
    console,
    conversation,
    figures,
    item_codes,
    organisation,
    same_matter,
    timing,
)
from bot.models.base import Base

MODULES = (cases, console, conversation, figures, item_codes, organisation, same_matter, timing)
metadata = Base.metadata
