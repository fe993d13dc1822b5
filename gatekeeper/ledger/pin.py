"""The pin: a log's signed checkpoint that a verifier kept, so that the log cannot forget or rewrite what it once said.

Owns its file, which is the checkpoint as it was signed: two of them that contradict each other convict the log.
"""

from __future__ import annotations

from pathlib import Path

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.note import Note, NoteError, parse_note
from gatekeeper.ledger.whole_file import write_whole


def read_pin(path: Path) -> Checkpoint | None:
    """Return what was pinned, None when there is no such file.

    Raises UnavailableError when it cannot be read or holds no checkpoint.
    """
    try:
        return parse_checkpoint(parse_note(path.read_bytes()).text)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnavailableError(f"the pin {path} cannot be read: {error.strerror}", code="no_pin") from error
    except NoteError as error:
        raise UnavailableError(f"the pin {path} holds no checkpoint: {error}", code="no_pin") from error


def replace_pin(path: Path, note: Note) -> None:
    """Pin another checkpoint. Raises UnavailableError; the one before is then pinned still."""
    try:
        write_whole(path, note.encoded)
    except OSError as error:
        raise UnavailableError(
            f"the pin {path} cannot be written: {error.strerror}", code="no_pin"
        ) from error
