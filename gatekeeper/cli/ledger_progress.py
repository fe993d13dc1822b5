"""How far a verification is, on a terminal that watches it; nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from gatekeeper.ledger.verifier import Progress

_SHOWN_FROM = 20_000


@contextmanager
def shown_progress() -> Iterator[Progress | None]:
    """Gives what to tell the progress to; None where nobody watches. The line is gone at the end."""
    if not sys.stderr.isatty():
        yield None
        return
    percent = -1

    def show(done: int, size: int) -> None:
        nonlocal percent
        if size >= _SHOWN_FROM and done * 100 // size != percent:
            percent = done * 100 // size
            click.echo(f"\r{percent:3d} % of {size} entries", nl=False, err=True)

    yield show
    if percent >= 0:
        click.echo("\r\x1b[K", nl=False, err=True)
