"""Exit codes, and the one place where errors become them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import click

from gatekeeper.errors import GatekeeperError, InvalidInputError, UnavailableError


class ExitCode(IntEnum):
    """What automation may rely on. Nothing but ALLOWED means go."""

    ALLOWED = 0
    BLOCKED = 1
    INVALID = 2
    AWAITING = 3
    UNDECIDED = 4


_GRAVEST_FIRST = (
    ExitCode.UNDECIDED,
    ExitCode.INVALID,
    ExitCode.BLOCKED,
    ExitCode.AWAITING,
    ExitCode.ALLOWED,
)
_BY_OUTCOME = {"allow": ExitCode.ALLOWED, "review": ExitCode.AWAITING, "block": ExitCode.BLOCKED}


def of_outcome(outcome: str) -> ExitCode:
    """The exit code of one decision; an unknown word is undecided."""
    return _BY_OUTCOME.get(outcome, ExitCode.UNDECIDED)


def of_error(error: GatekeeperError) -> ExitCode:
    """Could not decide is 4; whatever else was refused was asked wrongly: 2."""
    return ExitCode.UNDECIDED if isinstance(error, UnavailableError) else ExitCode.INVALID


def of_all(codes: Iterable[ExitCode]) -> ExitCode:
    """Of several the first of 4, 2, 1, 3, 0; of none 2, because nothing was decided."""
    found = set(codes)
    return next((code for code in _GRAVEST_FIRST if code in found), ExitCode.INVALID)


def explain(error: GatekeeperError) -> None:
    """Say on standard error what is wrong, field by field."""
    click.echo(f"{error.title}: {error.detail}", err=True)
    if isinstance(error, InvalidInputError):
        for fault in error.errors:
            if fault.detail != error.detail:
                click.echo(f"  {fault.pointer or 'the input'}: {fault.detail}", err=True)


class CodedGroup(click.Group):
    """A group whose commands end with the exit code of the error they raise, and never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except GatekeeperError as error:
            explain(error)
            sys.exit(of_error(error))
