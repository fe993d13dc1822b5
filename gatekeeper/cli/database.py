"""`gatekeeper db`: bring the schema up to date; back up and restore the embedded database."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import click

from gatekeeper import app
from gatekeeper.cli.serve import prepare
from gatekeeper.errors import ConflictError, InvalidInputError
from gatekeeper.ledger import chain
from gatekeeper.storage import migration
from gatekeeper.storage.database import Database


@click.group("db")
def db_command() -> None:
    """Upgrade, back up and restore the database. On PostgreSQL use pg_dump and pg_restore for copies."""


@db_command.command("upgrade")
def upgrade() -> None:
    """Bring the schema up to date."""
    settings = app.read_settings()
    prepare(settings)
    click.echo(f"The schema is at {migration.latest_revision()}.")


@db_command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the running database to FILE, as of one moment. FILE must not exist."""
    if file.exists():
        raise ConflictError(f"{file} exists; a backup overwrites nothing.", code="file_exists")
    with closing(sqlite3.connect(_sqlite_file())) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
    file.chmod(0o600)
    report = chain.verify(Database(f"sqlite:///{file}"))
    click.echo(f"Backed up to {file}: {report.size} events, {'whole' if report.ok else report.detail}.")


@db_command.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Put a backup in the place of a database that is not there. Stop the gate and move the old one away first."""
    target = Path(_sqlite_file())
    if target.exists():
        raise ConflictError(f"{target} exists; move it away first.", code="file_exists")
    report = chain.verify(Database(f"sqlite:///{file}"))
    if not report.ok:
        raise InvalidInputError(f"The backup is not whole: {report.detail}.", code="not_whole")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy2(file, target)
    click.echo(f"Restored {report.size} events to {target}.")


def _sqlite_file() -> str:
    url = app.read_settings().database_url
    if not url.startswith("sqlite:///"):
        raise InvalidInputError(
            "This is for the embedded database; use pg_dump and pg_restore for PostgreSQL."
        )
    return url.removeprefix("sqlite:///")
