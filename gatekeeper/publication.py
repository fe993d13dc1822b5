"""The log is published soon after every commit: a thread that looks for new leaves and has them signed and witnessed.

Owns when it happens, and what becomes of failures: each is counted, logged when it begins and when it is over, and a
refusal is kept as evidence.
"""

from __future__ import annotations

import threading
from contextlib import suppress

import structlog
from prometheus_client import CollectorRegistry, Counter

from gatekeeper.clock import utc_now
from gatekeeper.errors import ConflictError, GatekeeperError, TamperError
from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.ledger.publisher import Publisher
from gatekeeper.storage.database import Database

INTERVAL_SECONDS = 0.2
_MEANWHILE = "published_meanwhile"
_log = structlog.get_logger()


class Publication:
    """Publishes in a thread of its own until stopped."""

    def __init__(self, database: Database, installation: LogInstallation) -> None:
        self._database = database
        self._installation = installation
        self._publisher: Publisher | None = None
        self._failing: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publication", daemon=True)
        registry = CollectorRegistry()
        self._failures = Counter(
            "fsar_gate_log_failures",
            "Attempts to publish the log that failed, by code.",
            ["code"],
            registry=registry,
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, with a last look for what was committed meanwhile."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._publisher is not None:
            self._publisher.close()

    def publish(self) -> None:
        """Publish what is new, once; a failure is dealt with here."""
        now = utc_now()
        try:
            if self._publisher is None:
                self._publisher = self._installation.publisher(self._database)
            count = self._publisher.publish(now)
        except TamperError as error:
            self._installation.refusals.keep(str(error.fields.get("evidence", error.detail)), now)
            self._failed(error.code, error.detail)
        except GatekeeperError as error:
            if not (isinstance(error, ConflictError) and error.code == _MEANWHILE):
                self._failed(error.code, error.detail)
        except Exception as error:
            self._failed("internal", type(error).__name__)
            _log.exception("log.publication_broke")
        else:
            if count:
                _log.debug("log.published", count=count)
            self._succeeded()

    def _run(self) -> None:
        self.publish()
        while not self._stop.wait(INTERVAL_SECONDS):
            self.publish()
        self.publish()

    def _failed(self, code: str, detail: str) -> None:
        self._failures.labels(code).inc()
        if code != self._failing:
            _log.error("log.not_published", code=code, detail=detail)
        self._failing = code

    def _succeeded(self) -> None:
        if self._failing is None and not self._installation.refusals.is_in_force():
            return
        with suppress(OSError):
            self._installation.refusals.put_aside(utc_now())
        _log.info("log.published_again")
        self._failing = None
