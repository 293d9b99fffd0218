"""All mapped classes in one place, so that the schema is complete wherever it is asked for."""

from bot.models import cases, conversation, organisation, timing
from bot.models.base import Base

MODULES = (cases, conversation, organisation, timing)
metadata = Base.metadata
