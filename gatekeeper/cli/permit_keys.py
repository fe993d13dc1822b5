"""`gatekeeper permit rotate-key`: another key takes over the signing of permits. Works on the database itself."""

from __future__ import annotations

import secrets
from datetime import timedelta

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.clock import rfc3339_seconds, utc_now
from gatekeeper.permits.signing_keys import SEED_BYTES


@click.command(
    "rotate-key",
    epilog="""\b
Run it under the account that serves the gate. Machines with a data directory of their own need the new file below
permits/ too, before it begins to sign.

After a theft: gatekeeper freeze, which voids every permit; gatekeeper permit rotate-key --at-once; gatekeeper thaw.

Exit codes: 0 another key takes over; 4 the database or the directory cannot be written.""",
)
@click.option("--at-once", is_flag=True, help="Retire every other key now, as after a theft.")
def rotate_key(at_once: bool) -> ExitCode:
    """Let a new key sign permits: it is published now and takes over in five minutes, without a gap."""
    # loaded here, for the other commands of permits do without a database
    from gatekeeper.cli.local import opened
    from gatekeeper.permits.rotation import PUBLISHED_AHEAD

    ahead = timedelta(0) if at_once else PUBLISHED_AHEAD
    with opened() as gatekeeper:
        rotation = gatekeeper.permit_keys.rotate(secrets.token_bytes(SEED_BYTES), utc_now(), ahead)
    click.echo(rotation.kid)
    begins = rfc3339_seconds(rotation.signs_from)
    click.echo(f"Published; it signs from {begins} on, in place of {rotation.replaces or 'none'}.", err=True)
    return ExitCode.ALLOWED
