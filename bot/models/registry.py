"""All mapped classes in one place, so that the schema is complete wherever it is asked for."""

from bot.models import (
    answers,
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

MODULES = (
    answers, cases, console, conversation, figures, item_codes, organisation, same_matter, timing,
)  # fmt: skip
metadata = Base.metadata
