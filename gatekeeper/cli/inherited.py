"""What a child process has from its parent: a socket that listens, and a pipe that closes when the parent ends."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

import click

OPTION = click.option("--inherited", type=int, metavar="FD", hidden=True)


def listener_of_parent(descriptor: int) -> socket.socket:
    """Take over the parent's socket, and end as soon as the parent closes the pipe.

    Signals may reach the whole group: they are for the parent to heed, which still has something to be signed then.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    return socket.socket(fileno=descriptor)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGKILL)
