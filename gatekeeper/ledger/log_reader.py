"""A published log that is read from a directory: the checkpoint, entries and hashes by the names of C2SP tlog-tiles.

Owns the reading and how many bytes a file can have, for every reader. Whoever verifies needs no database for it.
"""

from __future__ import annotations

from pathlib import Path

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.merkle import HASH_BYTES
from gatekeeper.ledger.note import MOST_NOTE_BYTES
from gatekeeper.ledger.tiles import MOST_ENTRY_BYTES, parse_path


class DirectoryReader:
    """An exported log, or anything a static file server would serve."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None when it is not there. Raises UnavailableError when it cannot be read."""
        file = self._directory / path
        try:
            if file.exists() and not file.is_file():
                raise UnavailableError(f"{file} is not a file", code="unreadable")
            with file.open("rb") as content:
                return content.read(most_bytes(path) + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnavailableError(f"{file} cannot be read: {error.strerror}", code="unreadable") from error


def most_bytes(path: str) -> int:
    """How many bytes there can be at a path of a log: a reader takes at most one more, which spoils the content."""
    tile = parse_path(path)
    if tile is None:
        return MOST_NOTE_BYTES
    return tile.width * (2 + MOST_ENTRY_BYTES if tile.level is None else HASH_BYTES)
