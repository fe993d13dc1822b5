"""One worker process of `gatekeeper serve`: the application, and an end to it when the parent is gone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def load_application() -> Flask:
    """What the server runs in each worker process.

    Ctrl+C reaches every process of a terminal: only the parent heeds it and then ends its workers, each once.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    from gatekeeper import app
    from gatekeeper.environment import read_settings

    if read_settings().warms_up:
        # loaded here, before the first request, which would wait for it
        from gatekeeper.assessment.warming import warm

        threading.Thread(target=warm, name="warming", daemon=True).start()
    return app.create_wsgi()


def _end_with_parent() -> None:
    """A worker whose parent was killed would hold the port, and answer from it beside the next server."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
