"""Run one command line and turn whatever comes of it into an exit code and, if need be, a message on standard error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import click

from gatekeeper.cli.exits import ExitCode, of_error
from gatekeeper.errors import GatekeeperError, InvalidInputError


def run(arguments: Sequence[str]) -> int:
    """The exit code of the command that `arguments` name."""
    try:
        return _delivered(_run_command(arguments))
    except OSError as error:
        return _undelivered(error)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _run_command(arguments: Sequence[str]) -> int:
    from gatekeeper.cli.commands import gatekeeper

    try:
        result = gatekeeper.main(args=list(arguments), prog_name="gatekeeper", standalone_mode=False)
        return result if isinstance(result, int) else ExitCode.ALLOWED
    except click.exceptions.Abort:
        click.echo("Interrupted; nothing more was done.", err=True)
        return ExitCode.INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return ExitCode.INVALID
    except click.ClickException as error:
        error.show()
        return ExitCode.INVALID
    except SystemExit:  # click's own answer to a pipe that was closed
        return ExitCode.UNDECIDED
    except GatekeeperError as error:
        report_error(error)
        return of_error(error)
    except Exception as error:
        if _is_lost_output(error):
            raise
        _report_fault()
        return ExitCode.UNDECIDED


def report_error(error: GatekeeperError) -> None:
    """Say on standard error what is wrong, field by field where there are fields."""
    from gatekeeper.cli.plain_text import plain

    click.echo(f"gatekeeper: {plain(error.detail)}", err=True)
    report_database(error)
    if isinstance(error, InvalidInputError):
        for fault in error.errors:
            if fault.detail not in error.detail:
                click.echo(f"  {plain(fault.pointer) or '(whole)'}: {plain(fault.detail)}", err=True)


def report_database(error: GatekeeperError) -> None:
    """Where it was the database that failed, say what it said: for who runs the gate, never for its clients."""
    if said := database_said(error):
        click.echo(f"  It says: {said}", err=True)
        click.echo("  Is GATEKEEPER_DATABASE_URL right? gatekeeper doctor shows which is used.", err=True)


def database_said(error: GatekeeperError) -> str | None:
    """The first line of what the database itself said, where it was the database that failed."""
    from gatekeeper.cli.plain_text import plain

    said = getattr(error.__cause__, "orig", None) if error.code == "database_unavailable" else None
    return plain(str(said).partition("\n")[0]) if said is not None else None


def _report_fault() -> None:
    import traceback

    traceback.print_exc()
    click.echo("gatekeeper: this is a fault of the program; nothing was allowed.", err=True)


def _delivered(code: int) -> int:
    """An answer that nobody received is no answer: make sure that standard output took all of it."""
    sys.stdout.flush()
    return code


def _is_lost_output(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.EPIPE, errno.ENOSPC, errno.EIO)


def _undelivered(error: OSError) -> int:
    """Standard output is closed or full. Point it elsewhere, or the interpreter fails on it again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno != errno.EPIPE:
        click.echo(f"gatekeeper: the answer could not be written: {error.strerror}", err=True)
    return ExitCode.UNDECIDED
