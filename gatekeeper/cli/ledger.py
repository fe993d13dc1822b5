"""`gatekeeper ledger`: is the record of everything that happened whole?"""

from __future__ import annotations

import click

from gatekeeper.cli.local import require_database_file
from gatekeeper.environment import settings_with
from gatekeeper.errors import GatekeeperError
from gatekeeper.ledger import chain
from gatekeeper.storage.database import Database

WHOLE, TAMPERED, CANNOT_TELL = 0, 1, 2


@click.group()
def ledger() -> None:
    """Verify the record of everything that happened."""


@ledger.command(epilog="Exit codes: 0 whole; 1 tampered; 2 cannot tell, because the record cannot be read.")
def verify() -> int:
    """Hash every recorded event again and compare it with its digest, its predecessor and the head."""
    try:
        settings = settings_with()
        require_database_file(settings)
        report = chain.verify(Database(settings.database_url))
    except GatekeeperError as error:
        click.echo(f"Cannot tell: {error.detail}", err=True)
        return CANNOT_TELL
    if not report.ok:
        click.echo(f"TAMPERED at event {report.first_bad_index}: {report.detail}.")
        return TAMPERED
    click.echo(f"Whole: {report.size} events, head {report.head}.")
    return WHOLE
