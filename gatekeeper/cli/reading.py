"""`gatekeeper show` and `gatekeeper list`: what is on record at a running gate."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from urllib.parse import quote

import click
import orjson

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.plain_text import plain_lines
from gatekeeper.cli.proposal_answer import Proposal, exit_code_of, proposal_answer
from gatekeeper.cli.remote import with_gate
from gatekeeper.client.transport import RemoteGate
from gatekeeper.clock import utc_now
from gatekeeper.errors import UnavailableError

STATES = ("pending_review", "passed", "failed", "withdrawn", "expired")
_PAGE = 200


def proposal_path(proposal_id: str) -> str:
    """Where a proposal stands."""
    return f"/v1/proposals/{quote(proposal_id, safe='')}"


@click.command(
    epilog="""\b
Examples:
  gatekeeper show fsar_00000003-7a11-4c0d-9e5b-5a1e00000003
  gatekeeper show ID --exit-code --format json > proposal.json && gatekeeper permit issue ID --audience deploy-bot"""
)
@click.argument("proposal_id", metavar="ID")
@click.option("--revision", type=click.IntRange(min=1), help="An earlier revision, not the current one.")
@click.option("--format", "output", type=click.Choice(["text", "json", "markdown"]), default="text")
@click.option("--exit-code", "obey", is_flag=True, help="End with the exit code that submit would have.")
@with_gate
def show(gate: RemoteGate, proposal_id: str, revision: int | None, output: str, obey: bool) -> ExitCode:
    """Show a proposal: its text, why it was decided so, what was found, who voted, the verdict."""
    query = [("revision", str(revision))] if revision else []
    path = proposal_path(proposal_id)
    proposal = proposal_answer(gate.get(path, query))
    if output == "json":
        click.echo(orjson.dumps(proposal, option=orjson.OPT_INDENT_2))
    elif output == "markdown":
        text = gate.get_text(path, "text/markdown", [("revision", str(proposal["revision"]))])
        click.echo(plain_lines(text) if sys.stdout.isatty() else text, nl=False)
    else:
        from gatekeeper.cli.proposal_text import print_proposal
        from gatekeeper.cli.rendering import console

        print_proposal(console(), proposal, utc_now(), with_text=True)
    return exit_code_of(proposal, utc_now()) if obey else ExitCode.ALLOWED


@click.command(
    "list",
    epilog="""\b
Examples:
  gatekeeper list --waiting
  gatekeeper list --state failed --state expired --format ndjson --limit 1000""",
)
@click.option(
    "--waiting", is_flag=True, help="Those that wait for people: the gravest first, then the oldest."
)
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only these; repeatable.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--format", "output", type=click.Choice(["text", "json", "ndjson"]), default="text")
@with_gate
def list_proposals(
    gate: RemoteGate, waiting: bool, states: tuple[str, ...], limit: int, output: str
) -> ExitCode:
    """List the current revisions of proposals, latest first."""
    if waiting and states:
        raise click.UsageError("--waiting names a state already; give it or --state.")
    query = [("state", state) for state in (("pending_review",) if waiting else states)]
    query += [("order", "inbox" if waiting else "newest")]
    found = _pages(gate, query, limit)
    if output == "ndjson":
        for proposal in found:
            click.echo(orjson.dumps(proposal))
    elif output == "json":
        click.echo(orjson.dumps(list(found), option=orjson.OPT_INDENT_2))
    else:
        _print_text(list(found))
    return ExitCode.ALLOWED


def _pages(gate: RemoteGate, query: list[tuple[str, str]], limit: int) -> Iterator[Proposal]:
    cursor = None
    while limit > 0:
        page = [("limit", str(min(limit, _PAGE)))] + ([("cursor", cursor)] if cursor else [])
        answer = gate.get("/v1/proposals", query + page)
        if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
            raise UnavailableError("What answers at this address is not a gate: this is no list.")
        yield from map(proposal_answer, answer["items"])
        limit -= len(answer["items"])
        cursor = answer.get("next_cursor")
        if not cursor or not answer["items"]:
            return


def _print_text(found: list[Proposal]) -> None:
    from gatekeeper.cli.proposal_text import print_list
    from gatekeeper.cli.rendering import console

    if found:
        print_list(console(), found)
    else:
        click.echo("There is no such proposal.", err=True)
