"""`gatekeeper report outcome`: say how an execution went, with evidence by digest."""

from __future__ import annotations

import click

from gatekeeper.cli.command_group import CommandGroup
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.plain_text import plain
from gatekeeper.cli.remote import with_gate
from gatekeeper.client.gate_client import GateClient
from gatekeeper.client.transport import RemoteGate
from gatekeeper.executions.execution import Evidence, Outcome


@click.group(cls=CommandGroup)
def report() -> None:
    """Say how it went: what was begun with a permit, and how it ended."""


@report.command(
    epilog="""\b
Exit codes: 0 recorded; 1 refused (not yours to report, or the record says otherwise); 2 wrong input;
4 not recorded, because the gate could not or is not reachable. Repeating a report is safe.

\b
Examples:
  gatekeeper report outcome exec_... started
  gatekeeper report outcome exec_... succeeded --evidence file:deploy.log=$(sha256sum < deploy.log | cut -c 1-64)"""
)
@click.argument("execution_id", metavar="EXECUTION")
@click.argument("outcome", metavar="OUTCOME", type=click.Choice([each.value for each in Outcome]))
@click.option(
    "--evidence",
    "pieces",
    multiple=True,
    metavar="URI=SHA256",
    help="What shows it, and its SHA-256 in hex; repeatable.",
)
@with_gate
def outcome(gate: RemoteGate, execution_id: str, outcome: str, pieces: tuple[str, ...]) -> ExitCode:
    """Report that EXECUTION has started, succeeded, failed, or is rolled_back."""
    evidence = [_evidence(piece) for piece in pieces]
    state = GateClient(gate.url, gate.token).report_outcome(execution_id, outcome, evidence)
    click.echo(
        f"Recorded: {outcome}." if state == outcome else f"Recorded: {outcome}. Now it is: {plain(state)}."
    )
    return ExitCode.ALLOWED


def _evidence(piece: str) -> Evidence:
    uri, equals, sha256 = piece.rpartition("=")
    if not equals:
        raise click.BadParameter(f"{piece!r} is not URI=SHA256.", param_hint="--evidence")
    return Evidence(uri, sha256)
