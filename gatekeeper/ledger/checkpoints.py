"""The published checkpoints of the log, as rows: the newest is what `/log/checkpoint` serves.

Owns the rows. Each is kept for good; one of the same size only gains signatures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.note import Note, parse_note
from gatekeeper.ledger.tables import log_checkpoints


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint with the signatures it has."""

    checkpoint: Checkpoint
    note: Note


def latest_checkpoint(connection: Connection) -> Published | None:
    """Return the newest checkpoint, None before the first. Raises NoteError when the row holds none."""
    newest = select(log_checkpoints.c.note).order_by(log_checkpoints.c.size.desc()).limit(1)
    encoded = connection.execute(newest).scalar()
    return None if encoded is None else _published(encoded)


def checkpoints_over(connection: Connection, leaf: int, limit: int) -> Iterator[Published]:
    """Yield the newest checkpoints that cover a leaf, newest first. Raises NoteError when a row holds none."""
    over = select(log_checkpoints.c.note).where(log_checkpoints.c.size > leaf)
    for row in connection.execute(over.order_by(log_checkpoints.c.size.desc()).limit(limit)):
        yield _published(row.note)


def first_checkpoints_over(connection: Connection, leaf: int, limit: int) -> Iterator[Published]:
    """Yield the first checkpoints that cover a leaf, oldest first. Raises NoteError when a row holds none."""
    over = select(log_checkpoints.c.note).where(log_checkpoints.c.size > leaf)
    for row in connection.execute(over.order_by(log_checkpoints.c.size).limit(limit)):
        yield _published(row.note)


def checkpoint_of_size(connection: Connection, size: int) -> Published | None:
    """Return the published checkpoint of so many leaves, None when none has them."""
    encoded = connection.execute(
        select(log_checkpoints.c.note).where(log_checkpoints.c.size == size)
    ).scalar()
    return None if encoded is None else _published(encoded)


def published_size(connection: Connection) -> int:
    """Return how many leaves the newest checkpoint covers."""
    newest = select(log_checkpoints.c.size).order_by(log_checkpoints.c.size.desc()).limit(1)
    return int(connection.execute(newest).scalar() or 0)


def store_checkpoint(connection: Connection, checkpoint: Checkpoint, note: Note, at: datetime) -> None:
    """Keep a checkpoint. One of the same size and text keeps the signatures of others that it has already."""
    same_size = log_checkpoints.c.size == checkpoint.size
    stored = connection.execute(select(log_checkpoints.c.note).where(same_size)).scalar()
    if stored is not None:
        note = _joined(_published(stored).note, note)
        connection.execute(delete(log_checkpoints).where(same_size))
    row = {"size": checkpoint.size, "note": note.encoded.decode(), "at": at}
    connection.execute(insert(log_checkpoints), [row])


def _published(encoded: str) -> Published:
    note = parse_note(encoded.encode())
    return Published(parse_checkpoint(note.text), note)


def _joined(stored: Note, added: Note) -> Note:
    if stored.text != added.text:
        return added
    signers = {(each.name, each.key_id) for each in added.signatures}
    kept = [each for each in stored.signatures if (each.name, each.key_id) not in signers]
    return Note(added.text, (*added.signatures, *kept))
