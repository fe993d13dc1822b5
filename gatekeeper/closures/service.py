"""Freeze and thaw the gate. While frozen nothing new is allowed and no verdict becomes `pass`; reads stay open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, insert, or_, select, update

from gatekeeper.closures.tables import freezes
from gatekeeper.errors import ConflictError
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.identity.service import known_principals
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.stated_reason import stated_reason
from gatekeeper.storage.database import Database


@dataclass(frozen=True, slots=True)
class Freeze:
    """The freeze in force. `frozen_by` is a principal's name."""

    id: int
    reason: str
    frozen_by: str
    frozen_at: datetime


class ClosureService:
    """The use-cases of closing and opening the gate."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self) -> Freeze | None:
        """The freeze in force, if any."""
        with self._database.read() as connection:
            return current_freeze(connection)

    def freeze(self, reason: str, by: Principal, now: datetime) -> Freeze:
        """Close the gate at once. Operators only; a second freeze is a conflict."""
        by.require(Role.OPERATOR, "freeze the gate")
        reason = stated_reason(reason)
        with self._database.write() as connection:
            if current_freeze(connection):
                raise ConflictError("The gate is frozen already.", code="already_frozen")
            connection.execute(insert(freezes).values(reason=reason, frozen_by=by.id, frozen_at=now))
            log.append(connection, [Event(EventType.GATE_FROZEN, now, actor=by.id)])
            freeze = current_freeze(connection)
        if freeze is None:
            raise ConflictError("The freeze was lifted at the same moment.", code="not_frozen")
        return freeze

    def thaw(self, by: Principal, now: datetime) -> None:
        """Open the gate again. Operators only."""
        by.require(Role.OPERATOR, "thaw the gate")
        with self._database.write() as connection:
            freeze = current_freeze(connection)
            if freeze is None:
                raise ConflictError("The gate is not frozen.", code="not_frozen")
            connection.execute(
                update(freezes).where(freezes.c.id == freeze.id).values(thawed_by=by.id, thawed_at=now)
            )
            log.append(connection, [Event(EventType.GATE_THAWED, now, actor=by.id)])


def current_freeze(connection: Connection) -> Freeze | None:
    """The freeze in force as this transaction sees it."""
    row = connection.execute(select(freezes).where(freezes.c.thawed_at.is_(None))).one_or_none()
    if row is None:
        return None
    operator = known_principals(connection, [row.frozen_by])[row.frozen_by]
    return Freeze(row.id, row.reason, operator.name, row.frozen_at)


def is_frozen(connection: Connection) -> bool:
    """Whether the gate is frozen as this transaction sees it."""
    return connection.execute(select(freezes.c.id).where(freezes.c.thawed_at.is_(None))).first() is not None


def newest_freeze(connection: Connection) -> int:
    """The number of the latest freeze, whether it is in force or over; 0 before the first."""
    return int(connection.execute(select(func.max(freezes.c.id))).scalar() or 0)


def frozen_since(seen: int) -> ColumnElement[bool]:
    """SQL: the gate is frozen, or it was frozen after the freeze with the number `seen`."""
    return exists().where(or_(freezes.c.id > seen, freezes.c.thawed_at.is_(None)))
