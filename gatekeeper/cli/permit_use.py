"""`gatekeeper permit issue`, `consume` and `revoke`: get a permit from a running gate, spend it, or end it unspent.

What a script goes on with is alone on standard output: the bundle, the execution's id.
"""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.permit_files import content_of, executor_private_key, gate_keys
from gatekeeper.cli.plain_text import plain
from gatekeeper.cli.remote import with_gate
from gatekeeper.client.answers import Issued, Spent
from gatekeeper.client.gate_client import GateClient, proof_of, public_text
from gatekeeper.client.receipt import require_receipt, require_receipt_for
from gatekeeper.client.transport import RemoteGate
from gatekeeper.errors import InvalidInputError
from gatekeeper.permits.bundle import parse_bundle
from gatekeeper.permits.permit import DEFAULT_TTL_SECONDS, LONGEST_TTL_SECONDS, Permit
from gatekeeper.permits.signing_keys import PermitKey
from gatekeeper.permits.statement import NotAPermitError, parse_statement

_CODES = (
    "Exit codes: 0 done; 1 refused, and why; 2 wrong input; 4 the gate could not decide or is not reachable."
)
_KEY_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog=f"""\b
{_CODES}

\b
Example:
  gatekeeper permit issue ID --audience deploy-bot > bundle.json"""
)
@click.argument("proposal_id", metavar="ID")
@click.option("--audience", required=True, help="The one executor it is for.")
@click.option(
    "--ttl",
    type=click.IntRange(1, LONGEST_TTL_SECONDS),
    default=DEFAULT_TTL_SECONDS,
    show_default=True,
    help="Seconds.",
)
@click.option("--executor-key", type=_KEY_FILE, help="Bind it to this Ed25519 private key (PEM).")
@with_gate
def issue(gate: RemoteGate, proposal_id: str, audience: str, ttl: int, executor_key: Path | None) -> ExitCode:
    """Get a permit for the current revision of proposal ID, which has passed; print its bundle."""
    public = None if executor_key is None else public_text(executor_private_key(executor_key))
    client = GateClient(gate.url, gate.token)
    issued = client.permit(proposal_id, audience, ttl_seconds=ttl, executor_key=public)
    click.echo(issued.bundle.encoded)
    click.echo(f"Issued: {plain(issued.id)}, for {ttl} seconds and one use.", err=True)
    return ExitCode.ALLOWED


@click.command(
    epilog=f"""\b
{_CODES}

\b
Example:
  gatekeeper permit verify bundle.json ... && execution=$(gatekeeper permit consume bundle.json)"""
)
@click.argument("permit", metavar="BUNDLE|ID")
@click.option("--executor-key", type=_KEY_FILE, help="The key it is bound to; needs the BUNDLE.")
@click.option(
    "--keys", metavar="FILE|URL", help="The gate's keys, for its receipt; else those that it publishes now."
)
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
@with_gate
def consume(
    gate: RemoteGate, permit: str, executor_key: Path | None, keys: str | None, output: str
) -> ExitCode:
    """Spend a permit, by the file of its bundle or by its id; print the id of the execution that begins.

    Good for one time: whoever comes second is refused. Verify the bundle first, and report how it went. Nothing is
    printed unless the gate's receipt says that it was this permit; of an id alone, that it has this id.
    """
    if not permit.startswith("permit_"):
        spent = _spend_bundle(gate, *_issued(Path(permit)), executor_key, keys)
    elif executor_key is not None:
        raise click.UsageError("--executor-key signs what the bundle holds: give its file, not the id.")
    else:
        spent = _spend_id(gate, permit, keys)
    if output == "json":
        whole = {"permit": spent.permit_id, "execution": spent.execution_id, "receipt": spent.receipt.value}
        click.echo(orjson.dumps(whole, option=orjson.OPT_INDENT_2))
    else:
        click.echo(plain(spent.execution_id))
    return ExitCode.ALLOWED


@click.command(epilog=f"\b\n{_CODES}")
@click.argument("permit_id", metavar="PERMIT")
@click.option("--reason", required=True, help="Why; it is recorded.")
@with_gate
def revoke(gate: RemoteGate, permit_id: str, reason: str) -> ExitCode:
    """End the permit PERMIT before it is spent."""
    GateClient(gate.url, gate.token).revoke(permit_id, reason)
    click.echo("Revoked: nobody can spend it any more.")
    return ExitCode.ALLOWED


def _spend_bundle(
    gate: RemoteGate, issued: Issued, permit: Permit, executor_key: Path | None, keys: str | None
) -> Spent:
    client = GateClient(gate.url, gate.token)
    proof = None if executor_key is None else proof_of(executor_private_key(executor_key), issued)
    trusted = _trusted(client, keys)
    spent = client.consume(permit.id, proof)
    require_receipt(spent, issued, permit, trusted, is_askers=False)
    return spent


def _spend_id(gate: RemoteGate, permit_id: str, keys: str | None) -> Spent:
    client = GateClient(gate.url, gate.token)
    trusted = _trusted(client, keys)
    spent = client.consume(permit_id)
    require_receipt_for(permit_id, spent, trusted)
    return spent


def _trusted(client: GateClient, keys: str | None) -> list[PermitKey]:
    """Before anything is spent: without them nobody could tell what the receipt is worth."""
    return client.permit_keys() if keys is None else gate_keys(keys)


def _issued(path: Path) -> tuple[Issued, Permit]:
    try:
        bundle = parse_bundle(content_of(path))
        permit = parse_statement(bundle.envelope.payload)
    except NotAPermitError as error:
        detail = f"The bundle {path} holds no permit. Ask for one with: gatekeeper permit issue"
        raise InvalidInputError(detail, code="not_a_bundle") from error
    return Issued(permit.id, bundle), permit
