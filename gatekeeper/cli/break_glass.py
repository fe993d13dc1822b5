"""`gatekeeper break-glass`: in an emergency two people let one blocked proposal pass for a short time."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click
import orjson

from gatekeeper.cli.command_group import CommandGroup
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.plain_text import plain
from gatekeeper.cli.proposal_answer import proposal_answer
from gatekeeper.cli.reading import proposal_path
from gatekeeper.cli.remote import with_gate
from gatekeeper.cli.voting import show_before
from gatekeeper.client.transport import RemoteGate

DEFAULT_SECONDS = 1_800


@click.group(
    "break-glass",
    cls=CommandGroup,
    epilog="""\b
Example, by two different people:
  gatekeeper break-glass request ID --reason "Checkout is down; this restores it." --ttl 1800
  gatekeeper break-glass second bg_...

Exit codes: 0 done; 1 refused; 2 wrong input; 4 the gate could not decide or is not reachable.""",
)
def break_glass() -> None:
    """Let one blocked proposal pass for at most an hour, even while frozen.

    It takes two people who did not write it, and a reason. Everyone is told, and somebody who took no part has to
    review it afterwards.
    """


@break_glass.command()
@click.argument("proposal_id", metavar="ID")
@click.option("--reason", required=True, help="What is broken, and why it cannot wait.")
@click.option(
    "--ttl", type=click.IntRange(min=1), default=DEFAULT_SECONDS, show_default=True, help="Seconds it holds."
)
@click.option("--digest", metavar="sha256:...", help="The digest you have read; no other counts.")
@with_gate
def request(gate: RemoteGate, proposal_id: str, reason: str, ttl: int, digest: str | None) -> ExitCode:
    """Ask, as the first of two people."""
    if digest is None:
        proposal = proposal_answer(gate.get(proposal_path(proposal_id)))
        show_before(proposal)
        digest = str(proposal["digest"])
    body = {"reason": reason, "digest": digest, "ttl_seconds": ttl}
    use = gate.post(f"{proposal_path(proposal_id)}/break-glass", body)
    click.echo(f"Asked for. A second person: gatekeeper break-glass second {plain(str(use['id']))}")
    return ExitCode.ALLOWED


@break_glass.command()
@click.argument("break_glass_id", metavar="BREAK_GLASS")
@with_gate
def second(gate: RemoteGate, break_glass_id: str) -> ExitCode:
    """Agree, as the second person: the proposal passes now, for the time asked."""
    use = gate.post(f"{_path(break_glass_id)}/second")
    click.echo(f"Passed until {plain(str(use['expires_at']))}. A review is owed: see break-glass list.")
    return ExitCode.ALLOWED


@break_glass.command()
@click.argument("break_glass_id", metavar="BREAK_GLASS")
@click.option("--reason", required=True, help="What you make of it.")
@with_gate
def review(gate: RemoteGate, break_glass_id: str, reason: str) -> ExitCode:
    """Write the review that is owed, as somebody who took no part."""
    gate.post(f"{_path(break_glass_id)}/review", {"reason": reason})
    click.echo("Reviewed; nothing is owed any more.")
    return ExitCode.ALLOWED


@break_glass.command("list")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
@with_gate
def list_uses(gate: RemoteGate, output: str) -> ExitCode:
    """Every use, latest first."""
    uses = gate.get("/v1/break-glass")["items"]
    if output == "json":
        click.echo(orjson.dumps(uses, option=orjson.OPT_INDENT_2))
        return ExitCode.ALLOWED
    for use in uses:
        click.echo(_line(use))
    if not uses:
        click.echo("The glass was never broken.", err=True)
    return ExitCode.ALLOWED


def _path(break_glass_id: str) -> str:
    return f"/v1/break-glass/{quote(break_glass_id, safe='')}"


def _line(use: dict[str, Any]) -> str:
    people = " and ".join(str(name) for name in (use["requested_by"], use["seconded_by"]) if name)
    until = f", until {use['expires_at']}" if use["expires_at"] else ""
    words = f"{use['id']}  {use['state']}  {use['proposal']['id']}  by {people}{until}: {use['reason']}"
    return plain(words)
