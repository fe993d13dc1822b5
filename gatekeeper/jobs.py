"""Everything that happens by the clock. The only import of APScheduler; jobs are registered in code, never stored.

Each job may run in several processes at once: what it does is re-checked inside its transaction.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from gatekeeper.clock import utc_now
from gatekeeper.errors import GatekeeperError
from gatekeeper.executions.service import ExecutionService
from gatekeeper.review.service import ReviewService

EXPIRY_INTERVAL_SECONDS = 30
_log = structlog.get_logger()


class Scheduler:
    """Runs the jobs in a thread of its own until stopped."""

    def __init__(self, reviews: ReviewService, executions: ExecutionService) -> None:
        self._reviews = reviews
        self._executions = executions
        self._scheduler = BackgroundScheduler(timezone="UTC")
        for job in (self._settle_waiting, self._settle_overdue):
            self._scheduler.add_job(
                job,
                "interval",
                seconds=EXPIRY_INTERVAL_SECONDS,
                next_run_time=utc_now(),
                coalesce=True,
                max_instances=1,
            )

    def start(self) -> None:
        """Begin; the first run is at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """End, waiting for a job that is running."""
        self._scheduler.shutdown(wait=True)

    def _settle_waiting(self) -> None:
        """Settle reviews that are past their time, and approvals that a freeze held back."""
        run_logged("reviews.settled", lambda: self._reviews.settle_waiting(utc_now()))

    def _settle_overdue(self) -> None:
        """Record the silence of executors who are past their deadline."""
        run_logged("executions.silent", lambda: self._executions.settle_overdue(utc_now()))


def run_logged(event: str, job: Callable[[], int]) -> None:
    """Run a job that counts what it did; a failure is logged and tried again at the next interval."""
    try:
        if count := job():
            _log.info(event, count=count)
    except GatekeeperError as error:
        _log.warning(f"{event}.failed", code=error.code)
