"""Where the bytes of a log are read from: a database or an exported directory. Owns nothing but the reading.

Both give the same bytes: the checkpoint, and entries and hashes by the names of C2SP tlog-tiles.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.merkle import HASH_BYTES
from gatekeeper.ledger.note import MOST_NOTE_BYTES
from gatekeeper.ledger.tiles import MOST_ENTRY_BYTES, WIDTH, Tile, encode_bundle, is_within, parse_path


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


def tile_bytes(connection: Connection, tile: Tile, size: int) -> bytes | None:
    """Return a tile or bundle of the first `size` leaves, None when they do not fill it."""
    if not is_within(tile, size):
        return None
    if tile.level is None:
        first = tile.index * WIDTH
        return encode_bundle(log.entries(connection, first, first + tile.width))
    return b"".join(log.nodes(connection, tile.nodes))
