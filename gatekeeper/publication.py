"""The log is published soon after every commit: a thread that looks for new leaves and has them signed and witnessed.

Owns when it happens, and what becomes of failures: each is counted, logged when it begins and when it is over, and a
refusal is kept as evidence and recorded in the log itself.
"""

from __future__ import annotations

import threading
from datetime import datetime

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
        self._is_refusal_recorded = False
        self._are_keepers_recorded = False
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
        try:
            self._publish(utc_now())
        except GatekeeperError as error:
            if not (isinstance(error, ConflictError) and error.code == _MEANWHILE):
                self._failed(error.code, error.detail)
        except Exception as error:
            self._failed("internal", type(error).__name__)
            _log.exception("log.publication_broke")
        else:
            if self._failing is not None:
                _log.info("log.published_again")
            self._failing = None

    def _publish(self, now: datetime) -> None:
        try:
            if self._publisher is None:
                self._publisher = self._installation.publisher(self._database)
            count = self._publisher.publish(now)
        except TamperError as error:
            self._refused(error, now)
            raise
        if count:
            _log.debug("log.published", count=count)
        if self._installation.refusals.is_in_force():
            self._refusal_is_over(now)
        if not self._are_keepers_recorded:
            self._installation.record_keepers(self._database, now)
            self._are_keepers_recorded = True

    def _refused(self, error: TamperError, now: datetime) -> None:
        """Keep the evidence, and have the log itself say so: its database is in doubt, and may not take it."""
        refusals = self._installation.refusals
        try:
            refusals.keep(str(error.fields.get("evidence", error.detail)), now)
            if not self._is_refusal_recorded:
                refusals.record(self._database, now)
                self._is_refusal_recorded = True
        except (OSError, GatekeeperError) as failure:
            _log.error("log.refusal_not_recorded", error=type(failure).__name__)

    def _refusal_is_over(self, now: datetime) -> None:
        """The log goes on: it says what happened, in the database that is published, and the evidence is put aside."""
        refusals = self._installation.refusals
        refusals.record(self._database, now)
        refusals.put_aside(now)
        self._is_refusal_recorded = False

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
