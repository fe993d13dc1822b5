"""`gatekeeper ledger`: is the record whole?"""

from __future__ import annotations

import sys

import click

from gatekeeper import app
from gatekeeper.errors import UnavailableError
from gatekeeper.ledger import chain
from gatekeeper.storage.database import Database

WHOLE, TAMPERED, CANNOT_TELL = 0, 1, 2


@click.group("ledger")
def ledger_command() -> None:
    """Check the record of every state change."""


@ledger_command.command("verify")
def verify() -> None:
    """Re-hash every recorded event.

    Exit codes: 0 whole, 1 tampered (names the first bad event), 2 cannot tell.
    """
    try:
        report = chain.verify(Database(app.read_settings().database_url))
    except UnavailableError as error:
        click.echo(f"Cannot tell: {error.detail}", err=True)
        sys.exit(CANNOT_TELL)
    if not report.ok:
        click.echo(f"Tampered at event {report.first_bad_index}: {report.detail}.", err=True)
        sys.exit(TAMPERED)
    click.echo(f"Whole: {report.size} events, head {report.head}.")
    sys.exit(WHOLE)
