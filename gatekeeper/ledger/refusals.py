"""The evidence of a refusal: what the signer or a witness would not sign. Files, because the database is in doubt.

Owns the files. While `refusal` is there the gate is not fit to decide; when the log is published again it is put aside,
never removed. The log itself says so too, in a leaf with the evidence's digest: in the database that was refused, and
in the one that is published again, of which it is then a part that is signed.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from gatekeeper.canonical import sha256_name
from gatekeeper.clock import rfc3339
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.tables import events
from gatekeeper.ledger.whole_file import write_whole
from gatekeeper.storage.database import Database


class Refusals:
    """The evidence below one directory."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "refusal"

    @property
    def path(self) -> Path:
        """Where the evidence of the refusal in force is."""
        return self._path

    def keep(self, evidence: str, now: datetime) -> None:
        """Keep the evidence whole; what is there from the same trouble stays as it was first found. Raises OSError."""
        self._path.touch()  # from here on the refusal is in force, also when the disk is full or this process is killed
        if self._path.stat().st_size == 0:
            write_whole(self._path, f"{rfc3339(now)}\n{evidence}".encode())

    def put_aside(self, now: datetime) -> None:
        """The log goes on: the refusal is no longer in force, its evidence stays."""
        with suppress(FileNotFoundError):
            self._path.rename(self._path.with_name(f"refusal.{now:%Y%m%dT%H%M%S%f}"))

    def is_in_force(self) -> bool:
        """Tell whether the last thing that happened was a refusal."""
        return self._path.exists()

    def record(self, database: Database, now: datetime) -> None:
        """Have the log say that a checkpoint of it was refused, once for the refusal in force.

        Opens the write transaction when the leaf is missing. Raises OSError when the evidence cannot be read.
        """
        digest = sha256_name(self._path.read_bytes())
        with database.read() as connection:
            if _is_recorded(connection, digest, 0):
                return
            size = log.size(connection)
        with database.write() as connection:
            if not _is_recorded(connection, digest, size):
                refused = Event(EventType.LOG_CHECKPOINT_REFUSED, now, facts={"evidence": digest})
                log.append(connection, [refused])


def _is_recorded(connection: Connection, digest: str, first: int) -> bool:
    """Tell whether a leaf from `first` on names this evidence."""
    named = events.c.body.contains(digest, autoescape=True)
    kind = events.c.type == EventType.LOG_CHECKPOINT_REFUSED.value
    return (
        connection.execute(select(events.c.leaf).where(events.c.leaf >= first, kind, named)).first()
        is not None
    )
