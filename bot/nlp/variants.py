"""Traditional characters and their Simplified forms, for matching only."""

SIMPLIFIED: dict[str, str] = {}
