"""A whole gate in this process behind its WSGI application: the fast way to put many requests to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.clock import utc_now
from gatekeeper.environment import read_settings
from gatekeeper.ledger import log
from tests.support.databases import new_sqlite
from tests.support.documented import Answer, Automation


@dataclass(frozen=True)
class InProcessGate:
    """A gate over a fresh database, and clients of it."""

    house: Gatekeeper
    flask: Flask

    @classmethod
    def open(cls, directory: Path, **settings: str) -> InProcessGate:
        """Build it; `settings` are GATEKEEPER_ variables without their prefix."""
        environ = {
            "DATABASE_URL": new_sqlite(directory / "gate.db"),
            "DATA_DIR": str(directory),
            **settings,
        }
        house = app.build(read_settings({f"GATEKEEPER_{name}": text for name, text in environ.items()}))
        return cls(house, app.create_flask(house))

    def principal(self, name: str, *roles: str, acts_for: str | None = None) -> Automation:
        """Somebody new with a token."""
        _, token = self.house.identity.add(name, roles, utc_now(), acts_for=acts_for)
        return Automation(self.send, token)

    def nobody(self) -> Automation:
        """Somebody without a token."""
        return Automation(self.send, None)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """One request."""
        response = self.flask.test_client(use_cookies=False).open(
            target, method=method, headers=list(headers.items()), data=body, buffered=True
        )
        names = {name.lower(): text for name, text in response.headers.items()}
        return Answer(response.status_code, names, response.data)

    def recorded_events(self) -> int:
        """How many steps are on record: what must not grow when nothing was decided."""
        with self.house.database.read() as connection:
            return log.size(connection)
