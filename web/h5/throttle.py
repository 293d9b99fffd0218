"""So many failures from one address, and no more for a while. Kept by each worker for itself."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

ADDRESSES = 10_000
"""At most so many are remembered; the longest unheard-of goes first."""


class Throttle:
    """Counts what went wrong from an address within the last `seconds`."""

    def __init__(
        self, *, limit: int, seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._seconds, self._monotonic = limit, seconds, monotonic
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, address: str) -> None:
        """One more failure."""
        with self._lock:
            times = self._seen.setdefault(address, deque(maxlen=self._limit))
            times.append(self._monotonic())
            self._seen.move_to_end(address)
            if len(self._seen) > ADDRESSES:
                self._seen.popitem(last=False)

    def over(self, address: str) -> bool:
        """Whether this address has to wait."""
        with self._lock:
            times = self._seen.get(address)
            full = times is not None and len(times) >= self._limit
            return bool(full and times and self._monotonic() - times[0] < self._seconds)
