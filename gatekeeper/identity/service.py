"""Add, prove and disable principals; open and end browser sessions.

Identity comes from credentials, never from the body of a request.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, literal, or_, select, update

from gatekeeper.errors import (
    ConflictError,
    FieldError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
)
from gatekeeper.identity.principal import Principal, PrincipalRecord, Role, checked_name, checked_roles
from gatekeeper.identity.tables import browser_sessions, principals, tokens
from gatekeeper.identity.token import Token
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.storage.database import Database

_GET_ONE = "Whoever runs the gate issues one with: gatekeeper principal token NAME"


class IdentityService:
    """The use-cases of identity. `entropy(n)` gives n random bytes."""

    def __init__(
        self,
        database: Database,
        session_seconds: int,
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._database = database
        self._session_lifetime = timedelta(seconds=session_seconds)
        self._entropy = entropy

    def add(
        self, name: str, roles: Iterable[str], now: datetime, *, acts_for: str | None = None
    ) -> tuple[Principal, str]:
        """A new principal and its token, which is shown this once. Names are unique for ever."""
        name, known_roles = checked_name(name), checked_roles(roles)
        with self._database.write() as connection:
            if _find(connection, principals.c.name == name):
                raise ConflictError(f"The name {name} is taken.", code="name_taken")
            person = self._person_behind(connection, acts_for) if acts_for else name
            principal = Principal("prn_" + self._entropy(12).hex(), name, known_roles, person)
            connection.execute(
                insert(principals).values(
                    id=principal.id,
                    name=name,
                    roles=" ".join(sorted(known_roles)),
                    person=person,
                    acts_for=acts_for,
                    created_at=now,
                )
            )
            facts = {"principal": principal.id, "roles": sorted(known_roles), "alias": person != name}
            log.append(connection, [Event(EventType.PRINCIPAL_ADDED, now, facts=facts)])
            return principal, self._new_token(connection, principal.id, now)

    def issue_token(self, name: str, now: datetime) -> str:
        """One more token for a principal, shown this once; older ones stay good until revoked."""
        with self._database.write() as connection:
            row = _require(connection, name)
            return self._new_token(connection, row.id, now)

    def disable(self, name: str, now: datetime) -> None:
        """End every credential of a principal. Its past stays on record."""
        with self._database.write() as connection:
            row = _require(connection, name)
            connection.execute(update(principals).where(principals.c.id == row.id).values(disabled_at=now))
            connection.execute(
                update(tokens)
                .where(tokens.c.principal_id == row.id, tokens.c.revoked_at.is_(None))
                .values(revoked_at=now)
            )
            facts = {"principal": row.id}
            log.append(connection, [Event(EventType.PRINCIPAL_DISABLED, now, facts=facts)])

    def principals(self) -> list[PrincipalRecord]:
        """Everyone, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(principals).order_by(principals.c.name)).all()
        return [
            PrincipalRecord(_principal(row), row.acts_for, row.created_at, row.disabled_at) for row in rows
        ]

    def authenticate(self, text: str) -> Principal:
        """The principal a bearer token proves; raises NotAuthenticatedError for any other text."""
        token = Token.parse(text)
        if token is None:
            raise NotAuthenticatedError(f"The token is not one of ours. {_GET_ONE}", code="token_unknown")
        with self._database.read() as connection:
            row = connection.execute(
                select(principals, tokens.c.secret_digest)
                .join(tokens, tokens.c.principal_id == principals.c.id)
                .where(
                    tokens.c.id == token.id, tokens.c.revoked_at.is_(None), principals.c.disabled_at.is_(None)
                )
            ).one_or_none()
        if row is None or not token.matches(row.secret_digest):
            raise NotAuthenticatedError(
                f"The token is unknown, revoked or disabled. {_GET_ONE}", code="token_unknown"
            )
        return _principal(row)

    def open_session(self, principal: Principal, now: datetime) -> str:
        """A secret for the browser's cookie; only its digest is stored."""
        secret = self._entropy(32).hex()
        with self._database.write() as connection:
            connection.execute(
                insert(browser_sessions).values(
                    digest=_session_digest(secret),
                    principal_id=principal.id,
                    expires_at=now + self._session_lifetime,
                )
            )
        return secret

    def session_principal(self, secret: str, now: datetime) -> Principal:
        """The principal signed in with a session; raises NotAuthenticatedError when it ended or expired."""
        with self._database.read() as connection:
            row = connection.execute(_live_session(secret, now)).one_or_none()
        if row is None:
            raise NotAuthenticatedError("Your session has ended. Sign in again.", code="session_ended")
        return _principal(row)

    def end_session(self, secret: str, now: datetime) -> None:
        """Sign out; ending an ended session is no error."""
        with self._database.write() as connection:
            connection.execute(
                update(browser_sessions)
                .where(browser_sessions.c.digest == _session_digest(secret))
                .values(ended_at=now)
            )

    def _new_token(self, connection: Connection, principal_id: str, now: datetime) -> str:
        token = Token.mint(self._entropy(40))
        connection.execute(
            insert(tokens).values(
                id=token.id, principal_id=principal_id, secret_digest=token.secret_digest, created_at=now
            )
        )
        facts = {"principal": principal_id, "token": token.id}
        log.append(connection, [Event(EventType.TOKEN_ISSUED, now, facts=facts)])
        return token.text

    def _person_behind(self, connection: Connection, acts_for: str) -> str:
        row = _find(connection, principals.c.name == acts_for)
        if row is None:
            detail = f"nobody is called {acts_for}"
            raise InvalidInputError(
                f"Cannot act for {acts_for}: {detail}.", errors=[FieldError("/acts_for", detail)]
            )
        return str(row.person)


def _live_session(secret: str, now: datetime) -> Select[Any]:
    return (
        select(principals)
        .join(browser_sessions, browser_sessions.c.principal_id == principals.c.id)
        .where(
            browser_sessions.c.digest == _session_digest(secret),
            browser_sessions.c.ended_at.is_(None),
            browser_sessions.c.expires_at > now,
            principals.c.disabled_at.is_(None),
        )
    )


def _session_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _find(connection: Connection, condition: Any) -> Row[Any] | None:
    return connection.execute(select(principals).where(condition)).one_or_none()


def _require(connection: Connection, name: str) -> Row[Any]:
    row = _find(connection, principals.c.name == name)
    if row is None or row.disabled_at is not None:
        raise NotFoundError(f"No active principal is called {name}.", code="principal_unknown")
    return row


def _principal(row: Row[Any]) -> Principal:
    roles = () if row.disabled_at else row.roles.split()
    return Principal(row.id, row.name, frozenset(map(Role, roles)), row.person)


def known_principals(connection: Connection, principal_ids: Iterable[str]) -> dict[str, Principal]:
    """Some principals as they are now, by id. A disabled one holds no role."""
    rows = connection.execute(select(principals).where(principals.c.id.in_(set(principal_ids))))
    return {row.id: _principal(row) for row in rows}


def named_principal(connection: Connection, name: str) -> tuple[Principal, bool] | None:
    """Whoever has a name, and whether they are enabled; None when nobody ever had it."""
    row = _find(connection, principals.c.name == name)
    return None if row is None else (_principal(row), row.disabled_at is None)


def count_enabled(principal_ids: Collection[str], roles: Iterable[Role]) -> ColumnElement[int]:
    """SQL: how many of some principals are enabled and hold one of the roles."""
    held = literal(" ") + principals.c.roles + literal(" ")
    query = select(func.count()).where(
        principals.c.id.in_(set(principal_ids)),
        principals.c.disabled_at.is_(None),
        or_(*(held.contains(f" {role.value} ") for role in roles)),
    )
    return query.select_from(principals).scalar_subquery()
