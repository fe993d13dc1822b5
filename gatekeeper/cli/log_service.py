"""The log's part of `serve`: its own signer and witness where the settings name no others, and the publication."""

from __future__ import annotations

import threading

import structlog

from gatekeeper.app import Gatekeeper
from gatekeeper.cli.companions import Companions

_TRIED_AGAIN_SECONDS = 0.5
_log = structlog.get_logger()


class LogService:
    """Publishes the log of one installation, unless another process on this machine does."""

    def __init__(self, gatekeeper: Gatekeeper) -> None:
        self._installation = gatekeeper.log
        self._companions = Companions(gatekeeper.log)
        self._publication = gatekeeper.publication()
        self._stop = threading.Event()
        self._waiting = threading.Thread(target=self._wait_for_other, name="log-standby", daemon=True)

    def start(self) -> None:
        """Begin; wait for nothing. Raises what `make_keys` raises, and UnavailableError without a socket."""
        if not self._installation.settings.publishes:
            return
        self._installation.make_keys()
        if not self._begin():
            _log.info("log.kept_by_another_process")
            self._waiting.start()

    def stop(self) -> None:
        """Publish what is left, then end the signer and the witness."""
        self._stop.set()
        if self._waiting.is_alive():
            self._waiting.join()
        self._publication.stop()
        self._companions.stop()

    def _begin(self) -> bool:
        if not self._companions.start():
            return False
        self._publication.start()
        return True

    def _wait_for_other(self) -> None:
        while not self._stop.wait(_TRIED_AGAIN_SECONDS):
            if self._begin():
                return
