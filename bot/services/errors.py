"""What can go wrong in a use case, as the edge must tell it. The docstring is the message."""


class ServiceError(Exception):
    """Something was refused. `key` names the sentence in texts, `values` fill it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values


class Refused(ServiceError):
    """The move is not allowed here; the sentence says what can be done."""


class NotFound(ServiceError):
    """There is no such case, station, post or person."""


class StorageUnavailable(Exception):
    """The database can't write now; nothing was kept, so the sender must try again."""
