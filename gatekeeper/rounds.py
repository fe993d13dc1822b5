"""A round over what is due by the clock: one after the other, so that what fails holds up nobody else.

A failure is logged and tried again in a later round. Owns the order and when to stop, and knows nothing of what is due.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable

import structlog

from gatekeeper.errors import GatekeeperError

LONGEST_SECONDS = 10.0
_log = structlog.get_logger()


class Round:
    """Rounds over one kind of thing, by whose name its ids are logged. `clock` counts seconds.

    A round ends early when what failed in it took `LONGEST_SECONDS`, as with an engine that hangs; the next one begins
    behind what failed last, so that everything gets its turn however much fails.
    """

    def __init__(self, kind: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._kind = kind
        self._clock = clock
        self._ended_at = ""

    def run(self, due: Iterable[str], settle: Callable[[str], bool]) -> int:
        """Settle each of the ids; returns how many were, as `settle` tells."""
        settled, lost_seconds = 0, 0.0
        for each in self._in_order(due):
            began = self._clock()
            try:
                settled += settle(each)
            except Exception as error:  # whatever it is: the others have to get their turn
                code = error.code if isinstance(error, GatekeeperError) else type(error).__name__
                _log.error(f"{self._kind}.not_settled", code=code, **{self._kind: each})
                lost_seconds += self._clock() - began
                if lost_seconds >= LONGEST_SECONDS:
                    self._ended_at = each
                    break
        return settled

    def _in_order(self, due: Iterable[str]) -> list[str]:
        ordered = sorted(set(due))
        first = bisect_right(ordered, self._ended_at)
        return ordered[first:] + ordered[:first]
