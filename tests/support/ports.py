"""Free loopback ports, and waiting for something real to be true."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(is_so: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Ask again and again until it is so; raises TimeoutError when it is not in time."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        pause.wait(0.02)
