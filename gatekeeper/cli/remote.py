"""Options and wording shared by the commands that speak to a running gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.http_client import RemoteGate, read_token

F = TypeVar("F", bound=Callable[..., Any])
_BY_VERDICT = {"pass": ExitCode.ALLOWED, "fail": ExitCode.BLOCKED}


def gate_options(command: F) -> F:
    """Where the gate is and who is asking."""
    options = (
        click.option(
            "--url",
            envvar="GATEKEEPER_URL",
            default="http://127.0.0.1:8080",
            show_default=True,
            show_envvar=True,
            help="The gate.",
        ),
        click.option("--token", envvar="GATEKEEPER_TOKEN", hidden=True),
        click.option(
            "--token-file",
            envvar="GATEKEEPER_TOKEN_FILE",
            show_envvar=True,
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="A file that holds your token; or set GATEKEEPER_TOKEN.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def remote_gate(url: str, token: str | None, token_file: Path | None) -> RemoteGate:
    """The gate that the options name."""
    return RemoteGate(url, read_token(token, token_file))


def exit_code_of(proposal: dict[str, Any]) -> ExitCode:
    """What automation may do with this revision. Only the current one with a pass is allowed."""
    verdict = proposal["verdict"]["outcome"]
    if verdict == "pending":
        blocked = proposal["decision"]["outcome"] == "block"
        return ExitCode.BLOCKED if blocked else ExitCode.AWAITING
    if not proposal.get("current", False):
        return ExitCode.BLOCKED
    return _BY_VERDICT.get(verdict, ExitCode.UNDECIDED)


def summary(proposal: dict[str, Any]) -> str:
    """One line for one proposal."""
    severity = proposal["assessment"]["severity"]["effective"]
    superseded = "" if proposal.get("current") else " (superseded)"
    return (
        f"{proposal['id']}  revision {proposal['revision']}{superseded}  severity {severity}  "
        f"{proposal['state']}  verdict {proposal['verdict']['outcome']}"
    )


def describe(proposal: dict[str, Any]) -> str:
    """A proposal with its reasons, for people."""
    lines = [summary(proposal), f"  digest {proposal['digest']}"]
    for reason in proposal["decision"]["reasons"]:
        lines += [f"  {reason['effect']}: {reason['message']}", f"    {reason['remedy']}"]
    for review in proposal["reviews"]:
        lines.append(f"  {review['reviewer']} votes {review['vote']}: {review['reason']}")
    for reason in proposal["verdict"].get("reasons", ()):
        lines.append(f"  verdict: {reason['message']}")
    return "\n".join(lines)
