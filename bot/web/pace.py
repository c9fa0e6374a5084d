"""How often somebody may do what costs little, but not nothing."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_REMEMBERED = 10_000


class Pace:
    """Lets each key through once in so many seconds; this process alone knows of it."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._now = seconds, now
        self._latest: OrderedDict[str, float] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Whether it has been long enough; then it begins anew."""
        now = self._now()
        if now - self._latest.get(key, -self._seconds) < self._seconds:
            return False
        self._latest[key] = now
        self._latest.move_to_end(key)
        while len(self._latest) > MOST_REMEMBERED:
            self._latest.popitem(last=False)

        return True
