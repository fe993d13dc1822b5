"""A wired house over a fresh database, and its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.environment import read_settings
from gatekeeper.identity.principal import Principal
from gatekeeper.storage.database import Database

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class People:
    """Principals of a small company. `alias` acts for `bot`; `both` submits and reviews."""

    bot: Principal
    alias: Principal
    both: Principal
    rita: Principal
    ravi: Principal
    olga: Principal
    oscar: Principal


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


@pytest.fixture
def house(database: Database, database_url: str, tmp_path: Path) -> Iterator[Gatekeeper]:
    """Everything wired over a fresh database with the shipped policy and the embedded engine."""
    environ = {"GATEKEEPER_DATABASE_URL": database_url, "GATEKEEPER_DATA_DIR": str(tmp_path / "var")}
    gatekeeper = app.build(read_settings(environ))
    yield gatekeeper
    gatekeeper.database.close()


@pytest.fixture
def people(house: Gatekeeper) -> People:
    """Everyone, with the roles their names suggest."""

    def add(name: str, *roles: str, acts_for: str | None = None) -> Principal:
        return house.identity.add(name, roles, NOW - DAY, acts_for=acts_for)[0]

    return People(
        bot=add("bot", "submitter"),
        alias=add("alias", "reviewer", "operator", acts_for="bot"),
        both=add("both", "submitter", "reviewer"),
        rita=add("rita", "reviewer"),
        ravi=add("ravi", "reviewer"),
        olga=add("olga", "operator"),
        oscar=add("oscar", "operator"),
    )
