"""SIGTERM and SIGINT ask a command that runs until it is told otherwise to come to its end."""

from __future__ import annotations

import queue
import signal


class StopSignal:
    """Set by the first SIGTERM or SIGINT after it was made; waited for like a `threading.Event`.

    It is no event: a handler runs in the thread that waits, and would wait for ever for the event's own lock when the
    signal comes in the instants in which `wait` holds it. A SimpleQueue may be filled from a handler at any moment.
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
        try:
            self._asked.put(self._asked.get(timeout=seconds))
        except queue.Empty:
            return False
        return True
