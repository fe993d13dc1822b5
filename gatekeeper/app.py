"""The composition root: the only place that wires the whole house together."""

from __future__ import annotations

import multiprocessing
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gatekeeper.clock import utc_now
from gatekeeper.closures.service import ClosureService
from gatekeeper.dossiers import Dossiers
from gatekeeper.environment import read_settings
from gatekeeper.executions.obstacle import obstacle_of
from gatekeeper.executions.service import ExecutionService, new_execution_id
from gatekeeper.gate import Gate
from gatekeeper.identity.service import IdentityService
from gatekeeper.judge import Judge
from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.ledger.whole_file import PRIVATE, sync_directory, write_whole
from gatekeeper.logs import configure_logs
from gatekeeper.notices import Notices
from gatekeeper.permits.circumstances import OwnPolicy
from gatekeeper.permits.redemption import Terms
from gatekeeper.permits.rotation import PermitKeys
from gatekeeper.permits.service import PermitService, new_permit_id
from gatekeeper.permits.waiting import most_waiting
from gatekeeper.permits.witnessed import WitnessedLog
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.engine import PolicyEngine
from gatekeeper.policy.engines import build_engine
from gatekeeper.policy.in_force import policy_in_force, put_in_force
from gatekeeper.policy.readiness import require_blocking
from gatekeeper.readiness import Proofs, ReadinessReport, check_readiness
from gatekeeper.review.break_glass import BreakGlassService
from gatekeeper.review.service import ReviewService
from gatekeeper.settings import Settings
from gatekeeper.storage.database import Database
from gatekeeper.verdicts.service import Verdicts

if TYPE_CHECKING:
    from flask import Flask

    from gatekeeper.jobs import Scheduler
    from gatekeeper.publication import Publication

_MOST_THREADS = 8  # some wait for a witness, and those that write together commit together
WORKER_THREADS = min(_MOST_THREADS, 2 * multiprocessing.cpu_count())


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """The whole house, wired."""

    settings: Settings
    database: Database
    bundle: PolicyBundle
    engine: PolicyEngine
    judge: Judge
    identity: IdentityService
    closures: ClosureService
    gate: Gate
    reviews: ReviewService
    break_glass: BreakGlassService
    executions: ExecutionService
    dossiers: Dossiers
    notices: Notices
    log: LogInstallation
    permit_keys: PermitKeys
    verdicts: Verdicts
    permits: PermitService
    proofs: Proofs = field(default_factory=Proofs)

    def readiness(self) -> ReadinessReport:
        """Prove now that the gate is fit to decide."""
        return check_readiness(self.database, self.engine, self.bundle, self.log, self.permit_keys, utc_now())

    def served_readiness(self) -> ReadinessReport:
        """The same for whoever asks over HTTP: one proof at a time, and a fresh one for those who ask meanwhile."""
        return self.proofs.report(self.readiness, utc_now())

    def put_policy_in_force(self, now: datetime) -> bool:
        """Record that a server runs this policy from now on; False when it is in force already.

        Raises UnavailableError when it would take another one's place and one of its rules does not work.
        """
        with self.database.read() as connection:
            recorded = policy_in_force(connection)
        if recorded not in (None, self.bundle.revision):
            require_blocking(self.bundle)
        return put_in_force(self.database, self.bundle.revision, self.engine.name, now)

    def scheduler(self) -> Scheduler:
        """The jobs, not yet started."""
        from gatekeeper.jobs import Scheduler

        return Scheduler(self.reviews, self.executions)

    def publication(self) -> Publication:
        """The publication of the log, not yet started. Its counters are shared when their directory is set before."""
        from gatekeeper.publication import Publication

        return Publication(self.database, self.log)


def build(settings: Settings) -> Gatekeeper:
    """Wire everything. Raises UnavailableError when the policy cannot be loaded whole."""
    configure_logs(settings.log_level)
    database = Database(settings.database_url)
    bundle = PolicyBundle.load(settings.policies_dir)
    engine = build_engine(settings, bundle)
    judge = Judge(engine, bundle.revision)
    closures = ClosureService(database)
    installation = LogInstallation(settings)
    owed = _lasting(bundle, "break_glass", "review_owed_seconds")
    break_glass = BreakGlassService(database, engine, bundle, owed)
    vote_lifetime = _lasting(bundle, "approval", "vote_ttl_seconds")
    permit_keys = PermitKeys(database, settings.data_dir / "permits")
    terms = Terms(
        OwnPolicy(bundle.revision, vote_lifetime),
        permit_keys.signing,
        installation.signed,
        installation.refusals.is_in_force,
    )
    witnessed = WitnessedLog(database, installation, most_waiting(WORKER_THREADS))
    awaited = timedelta(seconds=settings.execution_deadline_seconds)
    executions = ExecutionService(database, terms, awaited, new_execution_id)
    return Gatekeeper(
        settings=settings,
        database=database,
        bundle=bundle,
        engine=engine,
        judge=judge,
        identity=IdentityService(database, settings.session_seconds),
        closures=closures,
        gate=Gate(database, closures, judge, bundle, _lasting(bundle, "approval", "review_ttl_seconds")),
        reviews=ReviewService(database, engine, bundle, vote_lifetime),
        break_glass=break_glass,
        executions=executions,
        dossiers=Dossiers(database),
        notices=Notices(closures, break_glass, executions),
        log=installation,
        permit_keys=permit_keys,
        permits=PermitService(database, witnessed, terms, obstacle_of, new_permit_id),
        verdicts=Verdicts(database, installation),
    )


def _lasting(bundle: PolicyBundle, slice_name: str, threshold: str) -> timedelta:
    return timedelta(seconds=bundle.threshold_seconds(slice_name, threshold))


def secret_key(settings: Settings) -> bytes:
    """The key that signs browser cookies: from the settings, or made once in the data directory (mode 0600)."""
    if settings.secret_key is not None:
        return settings.secret_key.encode()
    path = settings.data_dir / "secret.key"
    _make_once(path)
    return path.read_bytes()


def create_wsgi() -> Flask:
    """The WSGI application of one worker process."""
    return create_flask(build(read_settings()))


def create_flask(gatekeeper: Gatekeeper) -> Flask:
    """The HTTP interface and the pages over a wired house."""
    from flask import Flask

    from gatekeeper import api, web
    from gatekeeper.api.working_places import WorkingPlaces

    app = Flask("gatekeeper", static_folder=None)
    # Flask documents that `wsgi_app` is replaced to wrap it, and types it as a method
    app.wsgi_app = WorkingPlaces(app.wsgi_app, WORKER_THREADS)  # type: ignore[method-assign]
    app.secret_key = secret_key(gatekeeper.settings)
    api.register(app, gatekeeper)
    web.register(app, gatekeeper)
    return app


def _make_once(path: Path) -> None:
    """Two processes may start at the same moment: whoever links first wins, and no one sees half a key.

    It is on disk before a cookie is signed with it: after a power failure nobody is signed out by a key that is empty.
    """
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    write_whole(draft, secrets.token_hex(32).encode(), PRIVATE)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    sync_directory(path.parent)
