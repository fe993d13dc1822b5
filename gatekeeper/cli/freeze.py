"""`gatekeeper freeze` and `thaw`: close the whole gate at once, and open it again."""

from __future__ import annotations

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.remote import with_gate
from gatekeeper.client.transport import RemoteGate


@click.command(
    epilog="""\b
Exit codes: 0 frozen; 1 refused (frozen already, not an operator); 4 not frozen, the gate is not reachable.

\b
Example:
  gatekeeper freeze --reason "The agent loops; see incident 42." """
)
@click.option("--reason", required=True, help="Why; everyone is told.")
@with_gate
def freeze(gate: RemoteGate, reason: str) -> ExitCode:
    """Close the gate: nothing new is allowed and no vote makes anything pass. For operators."""
    gate.post("/v1/freeze", {"reason": reason})
    click.echo("The gate is frozen. Open it again with: gatekeeper thaw")
    return ExitCode.ALLOWED


@click.command()
@with_gate
def thaw(gate: RemoteGate) -> ExitCode:
    """Open the gate again; what people approved meanwhile passes now. For operators."""
    gate.delete("/v1/freeze")
    click.echo("The gate is open.")
    return ExitCode.ALLOWED
