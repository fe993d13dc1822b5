"""One worker process of `gatekeeper serve`: the WSGI application, and an end when its parent is gone."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

_LOOK_EVERY_SECONDS = 1.0


def create_worker() -> Flask:
    """What the server imports in each worker process."""
    from gatekeeper import app

    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    return app.create_wsgi()


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would hold the port for ever."""
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(_LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
