"""Is the gate fit to decide? Every rule has just blocked its own bad example; it can record, publish and sign permits.

A gate that is up but matches nothing looks the same as one that works; so readiness is proven, not assumed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gatekeeper.errors import GatekeeperError, TamperError, UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.ledger.note import NoteError
from gatekeeper.ledger.progress import PUBLISHED_WITHIN, read_progress
from gatekeeper.permits.rotation import PermitKeys
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.engine import PolicyEngine
from gatekeeper.policy.in_force import policy_in_force, require_in_force
from gatekeeper.policy.readiness import probe_rules
from gatekeeper.storage.database import Database
from gatekeeper.storage.revision import current_revision, latest_revision

FRESH = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was proven or not."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """All checks; ready only when each is in order."""

    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        """Whether the gate may decide."""
        return bool(self.checks) and all(check.ok for check in self.checks)


class Proofs:
    """One proof at a time in a process: it asks the engine once for each rule, and may wait for each in vain."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._latest: tuple[datetime, ReadinessReport] | None = None

    def report(self, prove: Callable[[], ReadinessReport], now: datetime) -> ReadinessReport:
        """A proof made now; while another is being made, the latest there is, and no readiness without a fresh one."""
        if not self._turn.acquire(blocking=False):
            return self._meanwhile(now)
        try:
            report = prove()
            self._latest = (now, report)
            return report
        finally:
            self._turn.release()

    def _meanwhile(self, now: datetime) -> ReadinessReport:
        latest = self._latest
        if latest is not None and now - latest[0] <= FRESH:
            return latest[1]
        return ReadinessReport((Check("proof", False, "it is being made for another request; ask again"),))


def check_readiness(
    database: Database,
    engine: PolicyEngine,
    bundle: PolicyBundle,
    log_of: LogInstallation,
    permit_keys: PermitKeys,
    now: datetime,
) -> ReadinessReport:
    """Prove each part as of now."""
    checks = [
        _proven("database", lambda: _schema(database)),
        _proven("ledger", lambda: _ledger(database)),
        _proven("log", lambda: _log(database, log_of, now)),
        _proven("permit key", lambda: _permit_key(permit_keys, now)),
        _proven("policy in force", lambda: _in_force(database, bundle)),
        *_rules(engine, bundle),
    ]
    return ReadinessReport(tuple(checks))


def _schema(database: Database) -> str:
    current, latest = current_revision(database), latest_revision()
    if current != latest:
        raise GatekeeperError(
            f"the schema is at {current}, this program needs {latest}: gatekeeper db upgrade"
        )
    return f"schema {current}"


def _ledger(database: Database) -> str:
    with database.read() as connection:
        return f"{log.size(connection)} events"


def _in_force(database: Database, bundle: PolicyBundle) -> str:
    with database.read() as connection:
        require_in_force(connection, bundle.revision)
        return policy_in_force(connection) or "none is recorded yet; serve records its own"


def _log(database: Database, log_of: LogInstallation, now: datetime) -> str:
    if log_of.refusals.is_in_force():
        raise TamperError(
            "the signer or a witness refused to sign: the database holds another history than was signed; "
            f"the evidence is in {log_of.refusals.path}"
        )
    policy = log_of.policy()
    if policy is None:
        return "not published yet; serve publishes it"
    try:
        with database.read() as connection:
            progress = read_progress(connection, policy)
    except NoteError as error:
        raise TamperError(f"the newest checkpoint is damaged: {error}") from error
    if progress.waiting_since is not None and now - progress.waiting_since > PUBLISHED_WITHIN:
        raise UnavailableError(f"{progress.sentence}; the next entry waits since {progress.waiting_since}")
    return progress.sentence


def _permit_key(permit_keys: PermitKeys, now: datetime) -> str:
    kid = permit_keys.proven(now)
    return "not made yet; serve makes the first" if kid is None else f"{kid} signs"


def _rules(engine: PolicyEngine, bundle: PolicyBundle) -> list[Check]:
    try:
        probes = probe_rules(engine, bundle)
    except GatekeeperError as error:
        return [Check("policy", False, error.detail)]
    if not probes:
        return [Check("policy", False, "no rule was probed")]
    return [Check(f"rule {probe.rule}", probe.blocked, probe.detail) for probe in probes]


def _proven(name: str, prove: Callable[[], str]) -> Check:
    try:
        return Check(name, True, prove())
    except GatekeeperError as error:
        return Check(name, False, error.detail)
