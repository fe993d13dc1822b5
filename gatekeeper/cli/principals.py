"""`gatekeeper principal`: who may use the gate. Works on the database itself: it needs the machine, not a token."""

from __future__ import annotations

import sys

import click
import orjson

from gatekeeper.cli.command_group import CommandGroup
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.local import opened
from gatekeeper.clock import rfc3339, utc_now
from gatekeeper.identity.principal import PrincipalRecord, Role


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  gatekeeper principal add deploy-bot --role submitter --acts-for alice > bot.token
  gatekeeper principal add rita --role reviewer
  gatekeeper principal disable rita

Nobody votes on what they, or anyone acting for the same person, handed in.""",
)
def principal() -> None:
    """Add, list and disable who may use the gate, and issue their tokens."""


@principal.command()
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What they may do; repeatable.",
)
@click.option("--acts-for", metavar="NAME", help="The person behind an account; both count as one.")
def add(name: str, roles: tuple[str, ...], acts_for: str | None) -> ExitCode:
    """Add NAME and print its token, this once."""
    with opened() as gatekeeper:
        added, token = gatekeeper.identity.add(name, roles, utc_now(), acts_for=acts_for)
    _print_token(f"{added.name} is added ({', '.join(sorted(added.roles))}).", token)
    return ExitCode.ALLOWED


@principal.command("token")
@click.argument("name")
def issue_token(name: str) -> ExitCode:
    """Print one more token for NAME, this once; earlier ones stay good."""
    with opened() as gatekeeper:
        token = gatekeeper.identity.issue_token(name, utc_now())
    _print_token(f"One more token for {name}.", token)
    return ExitCode.ALLOWED


@principal.command()
@click.argument("name")
def disable(name: str) -> ExitCode:
    """End every token and session of NAME; what they did stays on record."""
    with opened() as gatekeeper:
        gatekeeper.identity.disable(name, utc_now())
    click.echo(f"{name} is disabled.")
    return ExitCode.ALLOWED


@principal.command("list")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
def list_principals(output: str) -> ExitCode:
    """Everyone, by name."""
    with opened() as gatekeeper:
        records = gatekeeper.identity.principals()
    if output == "json":
        click.echo(orjson.dumps([_to_json(record) for record in records], option=orjson.OPT_INDENT_2))
        return ExitCode.ALLOWED
    for record in records:
        click.echo(_line(record))
    if not records:
        click.echo("There is nobody yet: gatekeeper principal add NAME --role ROLE", err=True)
    return ExitCode.ALLOWED


def _print_token(said: str, token: str) -> None:
    """The token alone on standard output, so that it can go to a file; the words around it are for people."""
    click.echo(f"{said} The token is shown only now; keep it like a password.", err=True)
    click.echo(token)
    if sys.stdout.isatty():
        click.echo("Use it: GATEKEEPER_TOKEN=gk_... gatekeeper list", err=True)


def _line(record: PrincipalRecord) -> str:
    who = record.principal
    roles = ", ".join(sorted(who.roles)) or "-"
    notes = f"  acts for {record.acts_for}" if record.acts_for else ""
    if record.disabled_at:
        notes += f"  disabled {rfc3339(record.disabled_at)[:10]}"
    return f"{who.name:<24} {roles:<28} since {rfc3339(record.created_at)[:10]}{notes}"


def _to_json(record: PrincipalRecord) -> dict[str, object]:
    return {
        "name": record.principal.name,
        "roles": sorted(record.principal.roles),
        "person": record.principal.person,
        "acts_for": record.acts_for,
        "created_at": rfc3339(record.created_at),
        "disabled_at": rfc3339(record.disabled_at) if record.disabled_at else None,
    }
