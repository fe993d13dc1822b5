"""`gatekeeper ledger verdict`, and the part of `ledger verify` that is about such a file."""

from __future__ import annotations

from pathlib import Path

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.verifier import Verification
from gatekeeper.ledger.witness_policy import WitnessPolicy


@click.command(
    epilog="""\b
Example:
  gatekeeper ledger verdict fsar_00000003-7a11-4c0d-9e5b-5a1e00000003 > verdict.json
  gatekeeper ledger verify --verdict verdict.json --policy FILE

\b
A running gate answers the same file at /v1/proposals/ID/verdict."""
)
@click.argument("proposal_id", metavar="ID")
@click.option("--revision", type=click.IntRange(min=1), help="An earlier revision, not the current one.")
@click.option(
    "--checkpoint",
    type=click.IntRange(min=1),
    metavar="SIZE",
    help="Prove it in the published checkpoint of so many entries: the one that was pinned.",
)
def verdict(proposal_id: str, revision: int | None, checkpoint: int | None) -> ExitCode:
    """Write a verdict as one file that anybody can verify and decide again offline.

    It holds the report, what was found in it, the policy, the votes as policy counted them, and the log's proofs.
    """
    from gatekeeper.cli.local import opened

    with opened() as gatekeeper:
        exported = gatekeeper.verdicts.export(proposal_id, revision, checkpoint)
    click.echo(exported.encoded, nl=False)
    return ExitCode.ALLOWED


def verified_file(
    file: Path, policy: WitnessPolicy, pin: Checkpoint | None, *, reassess: bool
) -> Verification:
    """Verify a verdict file. Raises UnavailableError when it cannot be read."""
    from gatekeeper.verdicts.verdict_file import MOST_BYTES
    from gatekeeper.verdicts.verification import verify_verdict

    try:
        with file.open("rb") as content:
            raw = content.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnavailableError(f"{file} cannot be read: {error.strerror}", code="unreadable") from error
    return verify_verdict(raw, policy, pin, reassess=reassess)
