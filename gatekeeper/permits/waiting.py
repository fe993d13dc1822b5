"""How many may wait for witnesses at once in one process: each holds a thread, and most have to be left for others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from gatekeeper.errors import UnavailableError

MOST_PLACES = 2


class Places:
    """A few places to wait in. Whoever finds none is sent away at once."""

    def __init__(self, count: int = MOST_PLACES) -> None:
        self._free = BoundedSemaphore(count)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place for the block. Raises UnavailableError when none is free."""
        if not self._free.acquire(blocking=False):
            raise UnavailableError(
                "Others wait for the witnesses of their permits, and no more may wait at once, so nothing was issued. "
                "Ask again in a few seconds; when it lasts, an operator has to look at the publication of the log.",
                code="too_many_waiting",
            )
        try:
            yield
        finally:
            self._free.release()


def most_waiting(threads: int) -> int:
    """Of a process with so many threads, how many may wait: half, at least one, at most `MOST_PLACES`."""
    return min(MOST_PLACES, max(1, threads // 2))
