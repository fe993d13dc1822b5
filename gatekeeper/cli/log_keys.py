"""`gatekeeper ledger new-key`, `rotate-key` and `vkey`: keys for a log's signer and its witnesses."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.errors import InvalidInputError
from gatekeeper.ledger.key_files import create_key, read_key, retired_path
from gatekeeper.ledger.key_files import rotate_key as rotated_key
from gatekeeper.ledger.keys import KeyFormatError, Kind
from gatekeeper.ledger.keys import new_key as fresh_key

_KINDS = {
    "log": Kind.ED25519,
    "witness": Kind.COSIGNATURE_ED25519,
    "witness-ml-dsa-44": Kind.COSIGNATURE_MLDSA44,
}
_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@_FILE
@click.option(
    "--name", required=True, help="The log's origin, or the witness's name: an address without https://."
)
@click.option("--kind", type=click.Choice(list(_KINDS)), default="log", show_default=True)
def new_key(file: Path, name: str, kind: str) -> ExitCode:
    """Make a private key in FILE and its empty memory beside it, both mode 0600, and print the public key.

    The memory holds what was signed last. A key without it signs nothing: keep both, and never bring back an old one.
    """
    try:
        key = fresh_key(name, _KINDS[kind], secrets.token_bytes(32))
    except KeyFormatError as error:
        raise InvalidInputError(f"--name {name}: {error}.", code="not_a_key") from error
    create_key(file, key)
    click.echo(key.verifier.vkey)
    return ExitCode.ALLOWED


@click.command()
@_FILE
def vkey(file: Path) -> ExitCode:
    """Print the public key of the private key in FILE, and prove that its memory is there."""
    click.echo(read_key(file)[0].verifier.vkey)
    return ExitCode.ALLOWED


@click.command()
@_FILE
def rotate_key(file: Path) -> ExitCode:
    """Put a new key in the place of the one in FILE, and print its public key.

    It has the name and the memory of the old one, so it signs only what extends what that signed. The old public key is
    listed in FILE's .retired, the old private key is gone. Whoever runs with FILE has to be started again.
    """
    key = rotated_key(file, secrets.token_bytes(32))
    click.echo(key.verifier.vkey)
    click.echo(f"The key before is listed in {retired_path(file)}.", err=True)
    return ExitCode.ALLOWED
