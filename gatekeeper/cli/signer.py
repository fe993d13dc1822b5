"""`gatekeeper signer`: the process that holds the log's key, and signs only what extends what it signed before."""

from __future__ import annotations

from pathlib import Path

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.inherited import OPTION, listener_of_parent
from gatekeeper.clock import unix_seconds, utc_now
from gatekeeper.errors import InvalidInputError
from gatekeeper.ledger.cosigner import LogSigner
from gatekeeper.ledger.key_files import read_key
from gatekeeper.ledger.keys import Kind
from gatekeeper.ledger.signer_socket import SignerServer, listen_at
from gatekeeper.logs import configure_logs


@click.command(
    epilog="""\b
Run it under an account of its own, so that whoever has the gate has not the key:
  gatekeeper ledger new-key /var/lib/gatekeeper-signer/key --name gate.example.com/log
  gatekeeper signer --key /var/lib/gatekeeper-signer/key --socket /run/gatekeeper-signer/socket --for-group
and give the gate GATEKEEPER_SIGNER_SOCKET and GATEKEEPER_WITNESS_POLICY_FILE. See docs/operations.md."""
)
@click.option("--key", required=True, type=click.Path(path_type=Path), help="The log's key, mode 0600.")
@click.option(
    "--socket", "path", type=click.Path(path_type=Path), help="Where to listen; only this account may ask."
)
@click.option("--for-group", is_flag=True, help="Let the socket's group ask as well: the gate's account.")
@OPTION
def signer(key: Path, path: Path | None, for_group: bool, inherited: int | None) -> ExitCode:
    """Sign the log's checkpoints; end with SIGTERM. Keeps what it signed last beside its key."""
    configure_logs("info")
    signing_key, state = read_key(key)
    if signing_key.kind is not Kind.ED25519:
        raise InvalidInputError(f"{key} is the key of a witness, not of a log.", code="not_a_key")
    if inherited is not None:
        listener = listener_of_parent(inherited)
    elif path is not None:
        listener = listen_at(path, for_group=for_group)
        click.echo(f"Signs for {signing_key.name} at {path}. Its key: {signing_key.verifier.vkey}", err=True)
    else:
        raise InvalidInputError("Say where to listen: --socket PATH.", code="usage")
    answers = LogSigner(signing_key, state, lambda: unix_seconds(utc_now()))
    with SignerServer(listener, answers.add_checkpoint) as server:
        server.serve_forever()
    return ExitCode.ALLOWED
