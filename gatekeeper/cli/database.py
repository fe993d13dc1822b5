"""`gatekeeper db`: bring the database up, back it up, restore it, check it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.cli.backup_file import restore_backup, write_backup
from gatekeeper.cli.command_group import CommandGroup
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.local import make_data_dir, opened
from gatekeeper.clock import utc_now
from gatekeeper.environment import settings_with
from gatekeeper.errors import InvalidInputError, TamperError
from gatekeeper.ledger import log
from gatekeeper.settings import Settings
from gatekeeper.storage.database import Database
from gatekeeper.storage.revision import current_revision, latest_revision


@click.group(
    cls=CommandGroup,
    epilog="""\b
A backup holds every row, from SQLite or PostgreSQL, and can be restored into either:
  gatekeeper db backup gate.backup
  GATEKEEPER_DATABASE_URL=postgresql://... gatekeeper db restore gate.backup""",
)
def db() -> None:
    """Upgrade, back up, restore and check the database."""


@db.command()
def upgrade() -> ExitCode:
    """Make the database, or bring its schema to what this program needs."""
    prepare(settings_with())
    click.echo(f"The database has schema {latest_revision()}.")
    return ExitCode.ALLOWED


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> ExitCode:
    """Write everything as of this moment into FILE, while the gate goes on. FILE must not exist."""
    if file.exists():
        raise InvalidInputError(f"{file} exists; a backup replaces nothing.", code="file_exists")
    with opened() as gatekeeper:
        _require_whole(gatekeeper.database)
        draft = file.with_name(f".{file.name}.draft")
        draft.unlink(missing_ok=True)
        try:
            rows = write_backup(gatekeeper.database, draft, utc_now())
            draft.rename(file)
        finally:
            draft.unlink(missing_ok=True)
    click.echo(f"{file} has all {rows} rows. Keep it like the database: it holds every proposal.")
    return ExitCode.ALLOWED


@db.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> ExitCode:
    """Bring an empty database, made first if need be, to what the backup FILE holds. Stop the gate before."""
    settings = settings_with()
    prepare(settings)
    database = Database(settings.database_url)
    rows = restore_backup(database, file)
    _require_whole(database)
    database.close()
    click.echo(f"{rows} rows are restored, and the record is whole.")
    return ExitCode.ALLOWED


@db.command(epilog="Exit codes: 0 in order; 1 the record or the database is damaged; 4 cannot tell.")
def check() -> ExitCode:
    """Prove that the schema is the right one, the file is intact and the record whole."""
    with opened() as gatekeeper:
        _require_intact(gatekeeper)
        report = _require_whole(gatekeeper.database)
    click.echo(f"In order: schema {latest_revision()}, {report.size} events.")
    return ExitCode.ALLOWED


def prepare(settings: Settings) -> None:
    """The data directory and key, for their owner only, and a database with the newest schema."""
    os.umask(0o077)
    make_data_dir(settings)
    app.secret_key(settings)
    database = Database(settings.database_url)
    if current_revision(database) != latest_revision():
        from gatekeeper.storage import migration

        migration.upgrade(database)
    database.close()


def _require_whole(database: Database) -> log.LogReport:
    report = log.verify(database)
    if not report.ok:
        raise TamperError(f"The record is damaged at entry {report.first_bad_index}: {report.detail}.")
    return report


def _require_intact(gatekeeper: Gatekeeper) -> None:
    if not gatekeeper.database.is_sqlite:
        return
    with gatekeeper.database.read() as connection:
        for pragma in ("integrity_check", "foreign_key_check"):
            found = connection.exec_driver_sql(f"PRAGMA {pragma}").fetchall()
            if faults := [tuple(row) for row in found if tuple(row) != ("ok",)]:
                raise TamperError(f"The database file is damaged: {faults[0]}.")
