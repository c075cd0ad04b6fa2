"""Failed sign-ins from one address, counted over a sliding minute."""

from __future__ import annotations

import time
from collections import OrderedDict, deque

ATTEMPTS = 10
WINDOW = 60.0
_MAX_ADDRESSES = 10_000


class FailedSignIns:
    """At most `ATTEMPTS` wrong tokens an address in `WINDOW` seconds.

    Only failures are counted and only failures are refused: the caller checks the token first, so whoever holds
    a valid one is never locked out by somebody who guesses from the same computer.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def failed(self, address: str) -> int:
        """Count a failure; returns the seconds to wait when there were too many, else 0."""
        moment = time.monotonic()
        times = self._failures.setdefault(address, deque())
        self._failures.move_to_end(address)
        while times and times[0] <= moment - WINDOW:
            times.popleft()
        if len(times) >= ATTEMPTS:
            return max(1, int(times[0] + WINDOW - moment) + 1)
        times.append(moment)
        while len(self._failures) > _MAX_ADDRESSES:
            self._failures.popitem(last=False)
        return 0
