"""`gatekeeper break-glass`: two people pass one blocked proposal for at most an hour, and owe a review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gatekeeper.cli.remote import gate_options, remote_gate


@click.group("break-glass")
def break_glass_command() -> None:
    """Pass a blocked proposal in an emergency: two people, a reason, at most an hour, everyone is told."""


@break_glass_command.command("request")
@click.argument("proposal_id", metavar="ID")
@click.option("--reason", required=True, help="What is broken and why it cannot wait.")
@click.option("--minutes", type=click.IntRange(1, 60), default=30, show_default=True)
@gate_options
def request(
    proposal_id: str, reason: str, minutes: int, url: str, token: str | None, token_file: Path | None
) -> None:
    """Ask, as the first of two people."""
    gate = remote_gate(url, token, token_file)
    digest = gate.get(f"/v1/proposals/{proposal_id}")["digest"]
    asked = {"reason": reason, "digest": digest, "ttl_seconds": minutes * 60}
    _print(gate.post(f"/v1/proposals/{proposal_id}/break-glass", asked))


@break_glass_command.command("second")
@click.argument("request_id", metavar="REQUEST")
@gate_options
def second(request_id: str, url: str, token: str | None, token_file: Path | None) -> None:
    """Agree, as the second person: the proposal passes for the time asked for."""
    _print(remote_gate(url, token, token_file).post(f"/v1/break-glass/{request_id}/second"))


@break_glass_command.command("review")
@click.argument("request_id", metavar="REQUEST")
@click.option("--reason", required=True, help="What you make of it.")
@gate_options
def review(request_id: str, reason: str, url: str, token: str | None, token_file: Path | None) -> None:
    """Write the review that is owed, as somebody who took no part."""
    gate = remote_gate(url, token, token_file)
    _print(gate.post(f"/v1/break-glass/{request_id}/review", {"reason": reason}))


@break_glass_command.command("list")
@gate_options
def list_uses(url: str, token: str | None, token_file: Path | None) -> None:
    """List every use, latest first."""
    for use in remote_gate(url, token, token_file).get("/v1/break-glass")["items"]:
        _print(use)


def _print(use: dict[str, Any]) -> None:
    click.echo(f"{use['id']}  {use['state']}  by {use['requested_by']}: {use['reason']}")
