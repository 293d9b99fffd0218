"""What a person of the office says of a case instead of what the machine read in it."""

from dataclasses import dataclass, replace

from bot.domain.understanding import (
    CategoryInfo,
    CategoryScore,
    Handling,
    PlaceHit,
    Reading,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the case is said to be. `emergency`: the class, where urgency is "emergency"; `places`:
    what is known of the place that was named, `place`, which may be none that is listed.
    `trusted`: said by somebody who may see restricted cases."""

    category: CategoryInfo | None
    place: str
    places: tuple[PlaceHit, ...]
    urgency: Urgency
    emergency: str | None
    trusted: bool

    @property
    def handling(self) -> Handling:
        """A category for named people sends the case to the named staff first, who know whether
        the members may have it; what they say of it holds."""
        own: Handling = self.category.handling if self.category else "normal"
        return own if self.trusted or own == "normal" else "named_staff"


def corrected(reading: Reading, said: Correction) -> Reading:
    """The reading as routing shall take it: what a person says is sure."""
    best = (CategoryScore(said.category.code, 1.0),) if said.category else ()
    return replace(
        reading,
        categories=best,
        confident=bool(best),
        urgency=said.urgency,
        emergency=said.emergency,
        handling=said.handling,
        places=tuple(replace(hit, sure=True) for hit in said.places),
        parts=(),
    )
