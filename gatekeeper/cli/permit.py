"""`gatekeeper permit`: everything about a permit, each command in a file of its own kind."""

from __future__ import annotations

import click

from gatekeeper.cli.command_group import CommandGroup
from gatekeeper.cli.permit_keys import rotate_key
from gatekeeper.cli.permit_use import consume, issue, revoke
from gatekeeper.cli.permit_verify import binding, verify


@click.group(cls=CommandGroup)
def permit() -> None:
    """Get a permit, verify it, spend it once, or end it unspent."""


for command in (issue, binding, verify, consume, revoke, rotate_key):
    permit.add_command(command)
