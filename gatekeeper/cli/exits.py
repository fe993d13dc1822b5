"""Exit codes: what they mean, which error has which, and what several of them amount to. Pure; ends no process."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from gatekeeper.errors import (
    ConflictError,
    GatekeeperError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    TamperError,
)


class ExitCode(IntEnum):
    """What a command answers to the script that called it."""

    ALLOWED = 0
    BLOCKED = 1
    INVALID = 2
    AWAITING = 3
    UNDECIDED = 4
    INTERRUPTED = 130


_FIRST = (ExitCode.UNDECIDED, ExitCode.INVALID, ExitCode.BLOCKED, ExitCode.AWAITING, ExitCode.ALLOWED)
_OF_FAMILY: tuple[tuple[type[GatekeeperError], ExitCode], ...] = (
    (InvalidInputError, ExitCode.INVALID),
    (NotAuthenticatedError, ExitCode.INVALID),
    (NotFoundError, ExitCode.INVALID),
    (NotPermittedError, ExitCode.BLOCKED),
    (ConflictError, ExitCode.BLOCKED),
    (TamperError, ExitCode.BLOCKED),
)
_OF_OUTCOME = {"allow": ExitCode.ALLOWED, "review": ExitCode.AWAITING, "block": ExitCode.BLOCKED}


def fold(codes: Iterable[ExitCode]) -> ExitCode:
    """Of several, the first of 4, 2, 1, 3, 0. Of none, 2: nothing was decided, so nothing is allowed."""
    present = set(codes)
    return next((code for code in _FIRST if code in present), ExitCode.INVALID)


def of_error(error: GatekeeperError) -> ExitCode:
    """Wrong input and wrong credentials 2; refused 1; everything else could not be decided, 4."""
    return next((code for family, code in _OF_FAMILY if isinstance(error, family)), ExitCode.UNDECIDED)


def of_outcome(outcome: str) -> ExitCode:
    """The code of what the gate policy says; a word that is not known is not decided."""
    return _OF_OUTCOME.get(outcome, ExitCode.UNDECIDED)
