"""A policy file of a log's keys and witnesses, as commands are given it."""

from __future__ import annotations

from pathlib import Path

from gatekeeper.errors import InvalidInputError, UnavailableError
from gatekeeper.ledger.witness_policy import PolicyFileError, WitnessPolicy, parse_policy


def read_policy(file: Path) -> WitnessPolicy:
    """Read the policy in a file. Raises UnavailableError when it cannot be read, InvalidInputError when it is none."""
    try:
        return parse_policy(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnavailableError(f"{file} cannot be read: {error.strerror}", code="no_policy") from error
    except (UnicodeDecodeError, PolicyFileError) as error:
        raise InvalidInputError(f"{file}: {error}", code="no_policy") from error
