"""`gatekeeper scheduler`: what happens by the clock, in a process of its own beside servers that run elsewhere."""

from __future__ import annotations

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.local import opened
from gatekeeper.cli.stopping import StopSignal


@click.command()
def scheduler() -> ExitCode:
    """Settle reviews past their time, what waited for a thaw, and executions without an outcome; end with SIGTERM.

    Publishes the log too, where GATEKEEPER_SIGNER_SOCKET names the signer. `serve` does all of this as well. Any
    number may run at once: what they do is checked again when it is recorded.
    """
    stop = StopSignal()
    with opened() as gatekeeper:
        jobs = gatekeeper.scheduler()
        jobs.start()
        publication = gatekeeper.publication() if gatekeeper.settings.signer_socket else None
        if publication is not None:
            publication.start()
        click.echo("The scheduler runs.", err=True)
        stop.wait()
        jobs.stop()
        if publication is not None:
            publication.stop()
    return ExitCode.ALLOWED
