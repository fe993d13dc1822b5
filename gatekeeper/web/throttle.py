"""Tell whoever guesses tokens to wait: so many failures from one address in so many minutes.

Tokens hold 256 random bits, so guessing is hopeless anyway; but locking out everybody behind one address would not be,
and must never keep an operator from freezing the gate. So a good token is let in at any time: only failures are counted
and answered with a wait, in the memory of one process, for a bounded number of addresses. Time is an argument.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

FAILURES = 10
WINDOW = timedelta(minutes=5)
ADDRESSES = 10_000


class SignInThrottle:
    """Counts recent failures by address. Safe to share between threads."""

    def __init__(
        self, failures: int = FAILURES, window: timedelta = WINDOW, addresses: int = ADDRESSES
    ) -> None:
        self._failures, self._window, self._addresses = failures, window, addresses
        self._recent: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str, now: datetime) -> timedelta:
        """How long this address has to wait before it may try again; zero when it may try now."""
        with self._lock:
            recent = self._pruned(address, now)
            if len(recent) < self._failures:
                return timedelta(0)
            return recent[0] + self._window - now

    def failed(self, address: str, now: datetime) -> None:
        """Count one failure."""
        with self._lock:
            recent = self._pruned(address, now)
            recent.append(now)
            self._recent[address] = recent
            self._recent.move_to_end(address)
            while len(self._recent) > self._addresses:
                self._recent.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address whose owner has proven who they are."""
        with self._lock:
            self._recent.pop(address, None)

    def _pruned(self, address: str, now: datetime) -> deque[datetime]:
        recent = self._recent.get(address, deque(maxlen=self._failures))
        while recent and recent[0] + self._window <= now:
            recent.popleft()
        return recent
