"""Who may wait for witnesses at once in one process: few, because each holds a thread, and nobody twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from gatekeeper.errors import UnavailableError

MOST_PLACES = 2


class Places:
    """A few places to wait in, one for each person at most. Whoever finds none is sent away at once."""

    def __init__(self, count: int = MOST_PLACES) -> None:
        self._count = count
        self._people: set[str] = set()
        self._turn = Lock()

    @contextmanager
    def taken(self, person: str) -> Iterator[None]:
        """Hold a place for the block. Raises UnavailableError when none is free, or this person has one."""
        self._take(person)
        try:
            yield
        finally:
            with self._turn:
                self._people.remove(person)

    def _take(self, person: str) -> None:
        with self._turn:
            if person in self._people:
                raise _sent_away(
                    "You wait for the witnesses of another permit already, and each may wait once, so nothing was "
                    "issued. Ask again when that is answered."
                )
            if len(self._people) >= self._count:
                raise _sent_away(
                    "Others wait for the witnesses of their permits, and no more may wait at once, so nothing was "
                    "issued. Ask again in a few seconds; when it lasts, an operator has to look at the publication of "
                    "the log."
                )
            self._people.add(person)


def most_waiting(threads: int) -> int:
    """Of a process with so many threads, how many may wait: half, at least one, at most `MOST_PLACES`."""
    return min(MOST_PLACES, max(1, threads // 2))


def _sent_away(detail: str) -> UnavailableError:
    return UnavailableError(detail, code="too_many_waiting")
