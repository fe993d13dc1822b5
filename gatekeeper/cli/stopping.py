"""SIGTERM and SIGINT ask a command that runs until it is told otherwise to come to its end."""

from __future__ import annotations

import math
import queue
import signal
import time

_LOOKS_AGAIN_SECONDS = 0.5


class StopSignal:
    """Set by the first SIGTERM or SIGINT after it was made; waited for like a `threading.Event`.

    It is no event: a handler runs in the thread that waits, and would wait for ever for the event's own lock when the
    signal comes in the instants in which `wait` holds it. A SimpleQueue may be filled from a handler at any moment. The
    handler itself runs only when the thread comes back to Python: a signal that comes just before the system puts the
    thread to sleep wakes nobody, so no sleep is without end.
    """

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: self._asked.put(number))

    def is_set(self) -> bool:
        """Whether the signal came."""
        return not self._asked.empty()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the signal, at most `seconds`; return whether it came."""
        until = math.inf if seconds is None else time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            try:
                self._asked.put(self._asked.get(timeout=min(_LOOKS_AGAIN_SECONDS, max(0.0, left))))
            except queue.Empty:
                if left <= 0:
                    return False
            else:
                return True
