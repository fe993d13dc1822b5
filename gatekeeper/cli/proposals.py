"""`submit`, `show` and `list`: hand in proposals and read what became of them, over HTTP."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from gatekeeper.cli import exits
from gatekeeper.cli.remote import describe, exit_code_of, gate_options, remote_gate, summary
from gatekeeper.cli.running import report_error
from gatekeeper.errors import GatekeeperError
from gatekeeper.proposals.forms import form_of_path


@click.command("submit")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--json", "as_json", is_flag=True, help="Print each Proposal as JSON.")
@gate_options
def submit_command(
    paths: tuple[Path, ...], as_json: bool, url: str, token: str | None, token_file: Path | None
) -> None:
    """Hand in reports and obey the exit code: 0 passed, 1 blocked, 3 awaiting people, 4 could not decide.

    \b
    gatekeeper submit report.json
    """
    gate, codes = remote_gate(url, token, token_file), []
    for path in paths:
        try:
            proposal = gate.post_report(path.read_bytes(), form_of_path(path))
        except GatekeeperError as error:
            click.echo(f"{path}:", err=True)
            report_error(error)
            codes.append(exits.of_error(error))
            continue
        click.echo(orjson.dumps(proposal).decode() if as_json else describe(proposal))
        codes.append(exit_code_of(proposal))
    sys.exit(exits.fold(codes))


@click.command("show")
@click.argument("proposal_id", metavar="ID")
@click.option("--revision", type=int, help="An earlier revision instead of the current one.")
@click.option("--json", "as_json", is_flag=True, help="Print the Proposal as JSON.")
@gate_options
def show_command(
    proposal_id: str,
    revision: int | None,
    as_json: bool,
    url: str,
    token: str | None,
    token_file: Path | None,
) -> None:
    """Show a proposal with its reasons, votes and verdict; the exit code is that of its verdict."""
    fields = {"revision": str(revision)} if revision else None
    proposal = remote_gate(url, token, token_file).get(f"/v1/proposals/{proposal_id}", fields)
    click.echo(orjson.dumps(proposal).decode() if as_json else describe(proposal))
    sys.exit(exit_code_of(proposal))


@click.command("list")
@click.option("--state", help="Only proposals in this state, e.g. pending_review.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one Proposal a line as JSON.")
@gate_options
def list_command(
    state: str | None, limit: int, as_json: bool, url: str, token: str | None, token_file: Path | None
) -> None:
    """List proposals, latest first."""
    fields = {"limit": str(limit)} | ({"state": state} if state else {})
    page = remote_gate(url, token, token_file).get("/v1/proposals", fields)
    for proposal in page["items"]:
        click.echo(orjson.dumps(proposal).decode() if as_json else summary(proposal))
