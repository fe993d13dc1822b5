"""The published log as plain files, laid out after C2SP tlog-tiles, for any static file server.

Owns the directory. An export adds only what is new, file by file, each of them whole; the checkpoint comes last, so
that whatever it promises is there. A directory of another log, or of a longer one, is refused.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from gatekeeper.errors import ConflictError, TamperError, UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.database_verifier import newest_checkpoint, root_at
from gatekeeper.ledger.log_reader import DirectoryReader
from gatekeeper.ledger.note import NoteError, parse_note
from gatekeeper.ledger.stored_tiles import tile_bytes
from gatekeeper.ledger.tiles import WIDTH, Tile, tiles_between
from gatekeeper.ledger.verifier import CHECKPOINT
from gatekeeper.ledger.whole_file import write_whole
from gatekeeper.storage.database import Database


@dataclass(frozen=True, slots=True)
class Exported:
    """How many entries the directory has now and had before, and how many tiles and bundles were written."""

    size: int
    before: int
    files: int


def export_log(database: Database, directory: Path) -> Exported:
    """Bring a directory up to the newest published checkpoint.

    Raises ConflictError when the directory holds something else, UnavailableError when nothing is published or the
    directory cannot be written, TamperError when the database does not hold what was published.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _alone(directory), database.read() as connection:
            return _export(connection, directory)
    except OSError as error:
        detail = f"{error.filename or directory} cannot be written: {error.strerror}."
        raise UnavailableError(detail, code="not_written") from error


def _export(connection: Connection, directory: Path) -> Exported:
    published = newest_checkpoint(connection)
    if published is None:
        raise UnavailableError("Nothing is published yet: there is no checkpoint.", code="not_published")
    checkpoint = published.checkpoint
    if root_at(connection, checkpoint.size) != checkpoint.root:
        raise TamperError("The database does not hold the entries that were published.")
    before = _exported_size(connection, directory, checkpoint)
    added = list(tiles_between(before, checkpoint.size))
    for tile in added:
        _write(directory / tile.path, _tile_content(connection, tile, checkpoint.size))
    _write(directory / CHECKPOINT, published.note.encoded)
    for tile in added:
        if tile.width == WIDTH:
            shutil.rmtree(directory / f"{tile.path}.p", ignore_errors=True)
    return Exported(checkpoint.size, before, len(added))


def _exported_size(connection: Connection, directory: Path, newest: Checkpoint) -> int:
    """How many entries the directory holds already. Raises ConflictError when they are not the first of this log."""
    encoded = DirectoryReader(directory).read(CHECKPOINT)
    if encoded is None:
        return 0
    try:
        exported = parse_checkpoint(parse_note(encoded).text)
    except NoteError as error:
        raise ConflictError(
            f"{directory} has a checkpoint that is not one: {error}.", code="other_log"
        ) from error
    if exported.origin != newest.origin:
        raise ConflictError(f"{directory} holds another log, {exported.origin}.", code="other_log")
    if exported.size > newest.size:
        raise ConflictError(
            f"{directory} holds {exported.size} entries, more than the {newest.size} of this log.",
            code="other_log",
        )
    if root_at(connection, exported.size) != exported.root:
        raise ConflictError(f"{directory} holds another history of this log.", code="other_log")
    return exported.size


def _tile_content(connection: Connection, tile: Tile, size: int) -> bytes:
    try:
        content = tile_bytes(connection, tile, size)
    except KeyError as error:
        raise TamperError(f"The database does not hold all of {tile.path}.") from error
    if content is None:
        raise ValueError(f"{tile.path} is not within {size} entries")
    return content


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One export into a directory at a time."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
