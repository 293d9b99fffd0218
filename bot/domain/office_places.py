"""What the office makes of names that no list of places knows."""

from dataclasses import dataclass

from bot.domain.understanding import Where


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A name and where it is; no district: it is no place. `same_as`: the listed place that it is
    another name of."""

    name: str
    same_as: str = ""
    street: str | None = None
    district: str | None = None

    @property
    def where(self) -> Where:
        """Street and district."""
        return self.street, self.district

    @property
    def is_place(self) -> bool:
        """False: the office said that it is none."""
        return self.district is not None
