"""The pin: a log's signed checkpoint that a verifier kept, so that the log cannot forget or rewrite what it once said.

Owns its file, which is the checkpoint as it was signed: two of them that contradict each other convict the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.note import MOST_NOTE_BYTES, Note, NoteError, Verifier, parse_note, signed_by
from gatekeeper.ledger.whole_file import write_whole


def read_pin(path: Path, logs: Sequence[Verifier] = ()) -> Checkpoint | None:
    """Return what was pinned, None when there is no such file.

    A signature in it by one of these logs has to hold; it may have been signed by a key that was changed since. Raises
    UnavailableError when it cannot be read, holds no checkpoint, or another one than was signed.
    """
    try:
        with path.open("rb") as file:
            note = parse_note(file.read(MOST_NOTE_BYTES + 1))
        pinned = parse_checkpoint(note.text)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnavailableError(f"the pin {path} cannot be read: {error.strerror}", code="no_pin") from error
    except NoteError as error:
        raise UnavailableError(f"the pin {path} holds no checkpoint: {error}", code="no_pin") from error
    try:
        signed_by(note, logs)
    except NoteError as error:
        raise UnavailableError(f"the pin {path} is not what was signed: {error}", code="no_pin") from error
    return pinned


def replace_pin(path: Path, note: Note) -> None:
    """Pin another checkpoint. Raises UnavailableError; the one before is then pinned still."""
    try:
        write_whole(path, note.encoded)
    except OSError as error:
        raise UnavailableError(
            f"the pin {path} cannot be written: {error.strerror}", code="no_pin"
        ) from error
