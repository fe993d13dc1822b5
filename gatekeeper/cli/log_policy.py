"""A policy file of a log's keys and witnesses, as commands are given it."""

from __future__ import annotations

from pathlib import Path

from gatekeeper.errors import InvalidInputError, UnavailableError
from gatekeeper.ledger.witness_policy import PolicyFileError, WitnessPolicy, parse_policy

MOST_CHARACTERS = 512 * 1024


def read_policy(file: Path) -> WitnessPolicy:
    """Read the policy in a file. Raises UnavailableError when it cannot be read, InvalidInputError when it is none.

    One that names no log is none either: nothing could be held against it.
    """
    try:
        policy = parse_policy(_text(file))
    except OSError as error:
        raise UnavailableError(f"{file} cannot be read: {error.strerror}", code="no_policy") from error
    except (UnicodeDecodeError, PolicyFileError) as error:
        raise InvalidInputError(f"{file}: {error}", code="no_policy") from error
    if not policy.logs:
        detail = "names no log, so no checkpoint can be held against it; it needs a line `log KEY`"
        raise InvalidInputError(f"{file} {detail}", code="no_policy")
    return policy


def _text(file: Path) -> str:
    with file.open(encoding="utf-8") as opened:
        text = opened.read(MOST_CHARACTERS + 1)
    if len(text) > MOST_CHARACTERS:
        detail = f"is no policy: it is longer than {MOST_CHARACTERS} characters"
        raise InvalidInputError(f"{file} {detail}", code="no_policy")
    return text
