"""`gatekeeper witness`: cosigns the checkpoints of logs it knows, each only when it extends the one before."""

from __future__ import annotations

from pathlib import Path

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.inherited import OPTION, listener_of_parent
from gatekeeper.clock import unix_seconds, utc_now
from gatekeeper.errors import InvalidInputError, UnavailableError
from gatekeeper.ledger.cosigner import Witness
from gatekeeper.ledger.key_files import read_key
from gatekeeper.ledger.keys import KeyFormatError, Kind, VerifierKey, parse_vkey
from gatekeeper.ledger.witness_server import WitnessServer, listen_at
from gatekeeper.logs import configure_logs


@click.command(
    epilog="""\b
On a machine that those who run the gate do not control, behind a proxy that speaks TLS:
  gatekeeper ledger new-key witness.key --name witness.example.org/w1 --kind witness
  gatekeeper witness --key witness.key --log gate.example.com/log+...+... --bind 127.0.0.1:8090"""
)
@click.option("--key", required=True, type=click.Path(path_type=Path), help="The witness's key, mode 0600.")
@click.option(
    "--log",
    "logs",
    required=True,
    multiple=True,
    metavar="VKEY",
    help="A log to witness; may be repeated, also for another key of a log.",
)
@click.option("--bind", metavar="HOST:PORT", help="Where to listen.")
@OPTION
def witness(key: Path, logs: tuple[str, ...], bind: str | None, inherited: int | None) -> ExitCode:
    """Cosign checkpoints over HTTP (C2SP tlog-witness); end with SIGTERM. Keeps what it signed last beside its key."""
    configure_logs("info")
    signing_key, state = read_key(key)
    if signing_key.kind is Kind.ED25519:
        raise InvalidInputError(f"{key} is the key of a log, not of a witness.", code="not_a_key")
    known = [_log_key(text) for text in logs]
    if inherited is not None:
        listener = listener_of_parent(inherited)
    else:
        host, port = _address(bind)
        try:
            listener = listen_at(host, port)
        except OSError as error:
            detail = f"Cannot listen at {bind}: {error.strerror}."
            raise UnavailableError(detail, code="address_taken") from error
        click.echo(f"Witnesses at {bind}. Its key: {signing_key.verifier.vkey}", err=True)
    answers = Witness(signing_key, known, state, lambda: unix_seconds(utc_now()))
    with WitnessServer(listener, answers.add_checkpoint) as server:
        server.serve_forever()
    return ExitCode.ALLOWED


def _log_key(text: str) -> VerifierKey:
    try:
        key = parse_vkey(text)
    except KeyFormatError as error:
        raise InvalidInputError(f"--log {text}: {error}.", code="not_a_key") from error
    if key.kind is not Kind.ED25519:
        raise InvalidInputError(f"--log {text}: this is the key of a witness.", code="not_a_key")
    return key


def _address(bind: str | None) -> tuple[str, int]:
    host, _, port = (bind or "").rpartition(":")
    if not host or not (port.isascii() and port.isdecimal()) or int(port) > 65_535:
        raise InvalidInputError("Say where to listen: --bind HOST:PORT.", code="usage")
    return host.strip("[]"), int(port)
