"""`gatekeeper doctor`: what is configured, and what is in order."""

from __future__ import annotations

import sys

import click

from gatekeeper import __version__, app
from gatekeeper.cli.exits import ExitCode


@click.command("doctor")
def doctor_command() -> None:
    """Show the settings (secrets hidden) and prove each part: database, record, engine, every rule.

    Exit code 4 when the gate could not decide.
    """
    settings = app.read_settings()
    click.echo(f"gatekeeper {__version__}")
    click.echo(f"  data      {settings.data_dir}")
    click.echo(f"  policies  {settings.policies_dir}")
    click.echo(f"  engine    {settings.opa_url or 'embedded'}")
    click.echo(f"  page      {settings.public_url}")
    house = app.build(settings)
    click.echo(f"  policy    {house.bundle.revision}")
    report = house.readiness()
    for check in report.checks:
        click.echo(f"{'ok    ' if check.ok else 'FAILED'}  {check.name}: {check.detail}")
    sys.exit(ExitCode.ALLOWED if report.ready else ExitCode.UNDECIDED)
