"""What people do: approve, reject, withdraw, freeze, thaw, over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from gatekeeper.cli.remote import describe, gate_options, remote_gate


def _vote(
    proposal_id: str,
    vote: str,
    reason: str,
    digest: str | None,
    url: str,
    token: str | None,
    token_file: Path | None,
) -> None:
    gate = remote_gate(url, token, token_file)
    if digest is None:
        current = gate.get(f"/v1/proposals/{proposal_id}")
        click.echo(describe(current))
        digest = current["digest"]
    gate.post(f"/v1/proposals/{proposal_id}/reviews", {"vote": vote, "reason": reason, "digest": digest})
    settled = gate.get(f"/v1/proposals/{proposal_id}")
    click.echo(f"Voted {vote}. State {settled['state']}, verdict {settled['verdict']['outcome']}.")


_REASON = click.option("--reason", required=True, help="Why; it is recorded with your vote.")
_DIGEST = click.option(
    "--digest", help="The digest you read; by default the current one, which is shown first."
)


@click.command("approve")
@click.argument("proposal_id", metavar="ID")
@_REASON
@_DIGEST
@gate_options
def approve_command(
    proposal_id: str, reason: str, digest: str | None, url: str, token: str | None, token_file: Path | None
) -> None:
    """Approve exactly the revision with this digest."""
    _vote(proposal_id, "approve", reason, digest, url, token, token_file)


@click.command("reject")
@click.argument("proposal_id", metavar="ID")
@_REASON
@_DIGEST
@gate_options
def reject_command(
    proposal_id: str, reason: str, digest: str | None, url: str, token: str | None, token_file: Path | None
) -> None:
    """Reject exactly the revision with this digest. One rejection settles it."""
    _vote(proposal_id, "reject", reason, digest, url, token, token_file)


@click.command("withdraw")
@click.argument("proposal_id", metavar="ID")
@gate_options
def withdraw_command(proposal_id: str, url: str, token: str | None, token_file: Path | None) -> None:
    """Take back a proposal that waits for people; for those who submitted it."""
    remote_gate(url, token, token_file).post(f"/v1/proposals/{proposal_id}/withdraw")
    click.echo("Withdrawn.")


@click.command("freeze")
@click.option("--reason", required=True, help="Why; it is shown to everyone.")
@gate_options
def freeze_command(reason: str, url: str, token: str | None, token_file: Path | None) -> None:
    """Close the gate at once: nothing new is allowed until the thaw. Operators only."""
    remote_gate(url, token, token_file).post("/v1/freeze", {"reason": reason})
    click.echo("Frozen.")


@click.command("thaw")
@gate_options
def thaw_command(url: str, token: str | None, token_file: Path | None) -> None:
    """Open the gate again. Operators only."""
    remote_gate(url, token, token_file).delete("/v1/freeze")
    click.echo("Thawed.")
