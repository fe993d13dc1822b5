"""`gatekeeper principal`: who may do what."""

from __future__ import annotations

import click

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.cli.serve import prepare
from gatekeeper.clock import rfc3339, utc_now
from gatekeeper.identity.principal import Role


@click.group("principal")
def principal_command() -> None:
    """Add, list and disable people and automation. Works on the database of this machine's settings."""


@principal_command.command("add")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@click.option("--acts-for", metavar="NAME", help="The person behind this principal; both count as one.")
def add(name: str, roles: tuple[str, ...], acts_for: str | None) -> None:
    """Add NAME and print its token, once.

    \b
    gatekeeper principal add deploy-bot --role submitter --acts-for alice
    """
    _, token = _house().identity.add(name, roles, utc_now(), acts_for=acts_for)
    click.echo(f"The token of {name}, shown only now:", err=True)
    click.echo(token)


@principal_command.command("token")
@click.argument("name")
def token(name: str) -> None:
    """Print one more token for NAME, once."""
    click.echo(_house().identity.issue_token(name, utc_now()))


@principal_command.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """End every credential of NAME. What it did stays on record."""
    _house().identity.disable(name, utc_now())
    click.echo(f"{name} is disabled.")


@principal_command.command("list")
def list_principals() -> None:
    """List everyone with roles, the person behind them and since when."""
    for record in _house().identity.principals():
        principal = record.principal
        roles = ", ".join(sorted(principal.roles)) or "none"
        behind = f" acts for {record.acts_for}" if record.acts_for else ""
        ended = f" disabled {rfc3339(record.disabled_at)}" if record.disabled_at else ""
        click.echo(f"{principal.name:<20} {roles:<20} since {rfc3339(record.created_at)}{behind}{ended}")


def _house() -> Gatekeeper:
    settings = app.read_settings()
    prepare(settings)
    return app.build(settings)
