"""`gatekeeper approve`, `reject` and `withdraw`: people's part, at a running gate.

A vote is bound to a digest: the one that is shown here before it is cast, or the one given because it was read
elsewhere. When the proposal has changed meanwhile, the gate refuses.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.proposal_answer import Proposal, proposal_answer
from gatekeeper.cli.reading import proposal_path
from gatekeeper.cli.remote import with_gate
from gatekeeper.client.transport import RemoteGate
from gatekeeper.clock import utc_now

_EPILOG = """\b
Exit codes: 0 the vote is recorded; 1 refused (not yours to decide, changed, settled); 2 wrong input;
4 not recorded, because the gate could not or is not reachable.

\b
Examples:
  gatekeeper {vote} ID --reason "{example}"
  gatekeeper {vote} ID --digest sha256:... --reason "{example}"   (the one you read elsewhere)"""
_NEXT = {
    "pending_review": "It still waits for people.",
    "passed": "It passed.",
    "failed": "It failed: nothing may run it.",
}


def _vote_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--yes", is_flag=True, help="Do not ask on a terminal."),
        click.option("--digest", metavar="sha256:...", help="The digest you have read; no other counts."),
        click.option("--reason", required=True, help="Why; it is recorded with the vote."),
        click.argument("proposal_id", metavar="ID"),
    ):
        command = option(command)
    return command


@click.command(epilog=_EPILOG.format(vote="approve", example="Checked the backup; safe to run."))
@_vote_options
@with_gate
def approve(gate: RemoteGate, proposal_id: str, reason: str, digest: str | None, yes: bool) -> ExitCode:
    """Vote for the proposal ID. What is voted on is shown first, and the vote holds for exactly that."""
    return _vote(gate, proposal_id, "approve", reason, digest, yes)


@click.command(epilog=_EPILOG.format(vote="reject", example="Drops a table that billing reads."))
@_vote_options
@with_gate
def reject(gate: RemoteGate, proposal_id: str, reason: str, digest: str | None, yes: bool) -> ExitCode:
    """Vote against the proposal ID; one such vote ends this revision."""
    return _vote(gate, proposal_id, "reject", reason, digest, yes)


@click.command()
@click.argument("proposal_id", metavar="ID")
@with_gate
def withdraw(gate: RemoteGate, proposal_id: str) -> ExitCode:
    """Take back the proposal ID while it waits for people; for those who submitted it."""
    proposal = proposal_answer(gate.post(f"{proposal_path(proposal_id)}/withdraw"))
    click.echo(f"Revision {proposal['revision']} is withdrawn: nothing may run it.")
    return ExitCode.ALLOWED


def show_before(proposal: Proposal) -> None:
    """What a person is about to decide on, on standard error, so that standard output is the answer alone."""
    from gatekeeper.cli.proposal_text import print_proposal
    from gatekeeper.cli.rendering import console

    out = console(sys.stderr)
    print_proposal(out, proposal, utc_now(), with_text=True)
    out.print()


def _vote(
    gate: RemoteGate, proposal_id: str, vote: str, reason: str, digest: str | None, yes: bool
) -> ExitCode:
    if digest is None:
        proposal = proposal_answer(gate.get(proposal_path(proposal_id)))
        show_before(proposal)
        digest = str(proposal["digest"])
        if sys.stdin.isatty() and not yes:
            click.confirm(f"{vote.capitalize()} {digest}?", abort=True, err=True)
    body = {"vote": vote, "reason": reason, "digest": digest}
    after = proposal_answer(gate.post(f"{proposal_path(proposal_id)}/reviews", body))
    click.echo(f"Recorded: {vote} of {digest}. {_NEXT.get(after['state'], after['state'])}")
    return ExitCode.ALLOWED
