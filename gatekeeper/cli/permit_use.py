"""`gatekeeper permit issue`, `consume` and `revoke`: get a permit from a running gate, spend it, or end it unspent.

What a script goes on with is alone on standard output: the bundle, the execution's id.
"""

from __future__ import annotations

from pathlib import Path

import click
import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.plain_text import plain
from gatekeeper.cli.remote import with_gate
from gatekeeper.client.answers import Issued
from gatekeeper.client.gate_client import DEFAULT_TTL_SECONDS, GateClient, proof_of, public_text
from gatekeeper.client.transport import RemoteGate
from gatekeeper.errors import InvalidInputError
from gatekeeper.permits.bundle import MOST_BYTES, parse_bundle
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
    "--ttl", type=click.IntRange(1, 900), default=DEFAULT_TTL_SECONDS, show_default=True, help="Seconds."
)
@click.option("--executor-key", type=_KEY_FILE, help="Bind it to this Ed25519 private key (PEM).")
@with_gate
def issue(gate: RemoteGate, proposal_id: str, audience: str, ttl: int, executor_key: Path | None) -> ExitCode:
    """Get a permit for the current revision of proposal ID, which has passed; print its bundle."""
    public = None if executor_key is None else public_text(_private_key(executor_key))
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
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
@with_gate
def consume(gate: RemoteGate, permit: str, executor_key: Path | None, output: str) -> ExitCode:
    """Spend a permit, by the file of its bundle or by its id; print the id of the execution that begins.

    Good for one time: whoever comes second is refused. Verify the bundle first, and report how it went.
    """
    permit_id, proof = permit, None
    if not permit.startswith("permit_"):
        issued = _issued(Path(permit))
        permit_id = issued.id
        proof = None if executor_key is None else proof_of(_private_key(executor_key), issued)
    elif executor_key is not None:
        raise click.UsageError("--executor-key signs what the bundle holds: give its file, not the id.")
    spent = GateClient(gate.url, gate.token).consume(permit_id, proof)
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


def _issued(path: Path) -> Issued:
    try:
        with path.open("rb") as file:
            bundle = parse_bundle(file.read(MOST_BYTES + 1))
        return Issued(parse_statement(bundle.envelope.payload).id, bundle)
    except OSError as error:
        raise InvalidInputError(f"The bundle {path} cannot be read: {error.strerror}.") from error
    except NotAPermitError as error:
        raise InvalidInputError(f"The bundle {path} holds no permit.", code="not_a_bundle") from error


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InvalidInputError(f"The key {path} cannot be read.", code="no_executor_key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInputError(f"The key {path} is not an Ed25519 key.", code="no_executor_key")
    return key
