"""`gatekeeper doctor`: what is configured, what is in order, what is not, and what to do. Shows no secret."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from dataclasses import replace

import click
from sqlalchemy.engine import make_url

from gatekeeper import __version__, app
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.local import require_database_file
from gatekeeper.cli.running import database_said
from gatekeeper.environment import settings_with
from gatekeeper.errors import GatekeeperError, UnavailableError
from gatekeeper.readiness import Check
from gatekeeper.settings import Settings
from gatekeeper.storage.database import Database

_REMEDIES = {
    "database": "Make it or bring it up: gatekeeper db upgrade. Is GATEKEEPER_DATABASE_URL right?",
    "ledger": "See what the record says: gatekeeper ledger verify",
    "log": "Does the signer run, and do the witnesses? See what the log of serve says, and docs/operations.md.",
    "permit": "Without it no permit is signed. Replace a key that is lost: gatekeeper permit rotate-key --at-once",
    "policy": "Is GATEKEEPER_POLICIES_DIR whole, and does OPA run this revision (gatekeeper policy revision)?",
    "rule": "The gate stays closed until each rule blocks its own bad example: gatekeeper policy test",
}


@click.command(epilog="Exit codes: 0 fit to decide; 2 a setting is wrong; 4 not fit to decide.")
def doctor() -> ExitCode:
    """Show the settings and prove each part now: database, record, key of permits, engine, every rule."""
    settings = settings_with()
    click.echo(f"gatekeeper {__version__}, Python {platform.python_version()}, {platform.system()}\n")
    for name, value in _shown(settings):
        click.echo(f"  {name:<24} {value}")
    click.echo()
    checks = _checks(settings)
    for check in checks:
        click.echo(f"  {'ok    ' if check.ok else 'FAILED'}  {check.name}: {check.detail}")
        if not check.ok and "gatekeeper " not in check.detail:
            click.echo(f"          {_REMEDIES[check.name.partition(' ')[0]]}")
    ready = bool(checks) and all(check.ok for check in checks)
    click.echo("\nFit to decide." if ready else "\nNot fit to decide: nothing is allowed.")
    return ExitCode.ALLOWED if ready else ExitCode.UNDECIDED


def _shown(settings: Settings) -> Iterator[tuple[str, object]]:
    yield "data directory", settings.data_dir
    yield "database", make_url(settings.database_url).render_as_string(hide_password=True)
    yield "policies", settings.policies_dir
    yield "engine", f"OPA at {settings.opa_url}" if settings.opa_url else "embedded"
    yield "listens at", f"{settings.bind_host}:{settings.bind_port}, {settings.workers} workers"
    yield "public address", settings.public_url
    yield "largest report", f"{settings.max_report_bytes} bytes"
    yield "cookie key", "given" if settings.secret_key else f"in {settings.data_dir / 'secret.key'}"
    for name, secret in (("OPA token", settings.opa_token), ("bundle token", settings.bundle_token)):
        yield name, "given" if secret else "none"


def _checks(settings: Settings) -> tuple[Check, ...]:
    try:
        require_database_file(settings)
    except GatekeeperError as error:
        return (Check("database", False, error.detail),)
    try:
        gatekeeper = app.build(settings)
    except GatekeeperError as error:
        return (Check("policy", False, error.detail),)
    try:
        return tuple(_explained(gatekeeper.database, gatekeeper.readiness().checks))
    finally:
        gatekeeper.database.close()


def _explained(database: Database, checks: Iterable[Check]) -> Iterator[Check]:
    """A check that failed on the database, with what the database said: here it is not told to the public."""
    try:
        with database.read():
            yield from checks
    except UnavailableError as error:
        for check in checks:
            said = database_said(error) if check.detail == error.detail else None
            yield replace(check, detail=f"The database does not answer: {said}.") if said else check
