"""Which key signs permits, which are published, and how one takes over from another without a gap.

A new key is published at once and signs later: the one before it signs until it is retired, which lets everybody who
keeps the published keys for a while know the new one first. So at every moment exactly one key signs, and which one
depends on the rows and the time alone, the same in every process. What a key signed before it was retired holds until
it expires. Keys are never taken back out: old permits stay verifiable.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, insert, or_, select, update

from gatekeeper.clock import rfc3339
from gatekeeper.errors import UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.permits.signing_keys import PermitKey, SigningKey, create_key, new_key, read_key
from gatekeeper.permits.tables import permit_keys
from gatekeeper.storage.database import Database

PUBLISHED_AHEAD = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A key that takes over: its name, the one it replaces (None for the first), and when it begins to sign."""

    kid: str
    replaces: str | None
    signs_from: datetime


class PermitKeys:
    """The keys of one installation: public ones in the database, private ones in a directory of this machine."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._database = database
        self._directory = directory

    def published(self) -> list[PermitKey]:
        """Return every key there has been, oldest first."""
        with self._database.read() as connection:
            return published_keys(connection)

    def signing(self, connection: Connection, now: datetime) -> SigningKey:
        """Return the key that signs now, as this transaction sees it. Raises UnavailableError when there is none."""
        return read_key(self._directory, signing_public_key(published_keys(connection), now).kid)

    def proven(self, now: datetime) -> str | None:
        """Return the name of the key that signs now, whose file was just read; None before there is any key.

        Raises UnavailableError when the file is not there, open to others, or not of the key that is published.
        """
        with self._database.read() as connection:
            return self.signing(connection, now).kid if published_keys(connection) else None

    def make_first(self, seed: bytes, now: datetime) -> Rotation | None:
        """Make the first key from 32 random bytes; None when there is one. Raises UnavailableError.

        Opens the write transaction: the row, the leaf and, before both, the file.
        """
        with self._database.write() as connection:
            if published_keys(connection):
                return None
            return self._put_in_place(connection, new_key(seed), now, None, now)

    def rotate(self, seed: bytes, now: datetime, ahead: timedelta = PUBLISHED_AHEAD) -> Rotation:
        """Let a new key, made from 32 random bytes, take over `ahead` from now. Raises UnavailableError.

        With no time ahead every other key is retired at once, as after a theft. Opens the write transaction, as
        `make_first` does.
        """
        with self._database.write() as connection:
            keys = published_keys(connection)
            if not keys:
                return self._put_in_place(connection, new_key(seed), now, None, now)
            retired_at = _next_second(max(now, log.last_at(connection) or now) + ahead)
            _retire(connection, keys[-1].kid if ahead else None, retired_at)
            return self._put_in_place(connection, new_key(seed), now, keys[-1].kid, retired_at)

    def _put_in_place(
        self,
        connection: Connection,
        key: SigningKey,
        now: datetime,
        replaces: str | None,
        signs_from: datetime,
    ) -> Rotation:
        """The private key is on disk before anybody hears of it; a file without a row is nobody's key."""
        create_key(self._directory, key)
        public = base64.b64encode(key.public.public).decode()
        created_at = max(now, _newest(connection) + timedelta(microseconds=1))
        connection.execute(insert(permit_keys).values(kid=key.kid, public=public, created_at=created_at))
        rotation = Rotation(key.kid, replaces, signs_from)
        facts = {"key": key.kid, "replaces": replaces, "signs_from": rfc3339(signs_from)}
        log.append(connection, [Event(EventType.KEY_ROTATED, now, facts=facts)])
        return rotation


def published_keys(connection: Connection) -> list[PermitKey]:
    """Return every key there has been, oldest first."""
    rows = connection.execute(select(permit_keys).order_by(permit_keys.c.created_at))
    return [PermitKey(base64.b64decode(row.public), row.retired_at) for row in rows]


def signing_public_key(keys: Sequence[PermitKey], now: datetime) -> PermitKey:
    """Return which of the keys, oldest first, signs: the first that is not retired yet. Raises UnavailableError."""
    for key in keys:
        if key.retired_at is None or now < key.retired_at:
            return key
    raise UnavailableError(
        "There is no key to sign permits with. Make one with: gatekeeper permit rotate-key",
        code="no_permit_key",
    )


def _newest(connection: Connection) -> datetime:
    """When the newest key was made: one that comes after it is newer, whatever the clock says."""
    found = connection.execute(select(func.max(permit_keys.c.created_at))).scalar_one()
    return found or datetime.fromtimestamp(0, UTC)


def _retire(connection: Connection, kid: str | None, at: datetime) -> None:
    """Retire one key; without a name, every key that would sign any later."""
    later = or_(permit_keys.c.retired_at.is_(None), permit_keys.c.retired_at > at)
    chosen = later if kid is None else permit_keys.c.kid == kid
    connection.execute(update(permit_keys).where(chosen).values(retired_at=at))


def _next_second(at: datetime) -> datetime:
    """The first whole second that is not before a moment."""
    return at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)
