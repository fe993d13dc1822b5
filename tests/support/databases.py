"""Databases of each kind with the newest schema: copies of one that was migrated once for all tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from gatekeeper.storage import migration
from gatekeeper.storage.database import Database
from tests.support.postgres import Cluster


def new_sqlite(path: Path) -> str:
    """A new database at `path`; its URL."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(_migrated_sqlite())
    return f"sqlite:///{path}"


@cache
def _migrated_sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gatekeeper.db"
        _migrate(f"sqlite:///{path}")
        return path.read_bytes()


def _migrate(url: str) -> None:
    database = Database(url)
    migration.upgrade(database)
    database.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> str:
    """The name of a database that others are copied from."""
    url = postgres_cluster.create()
    _migrate(url)
    return url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database of each kind in turn."""
    if request.param == "sqlite":
        yield new_sqlite(tmp_path / "gatekeeper.db")
        return
    template: str = request.getfixturevalue("postgres_template")
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    url = cluster.create(template)
    yield url
    cluster.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, open."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind in turn, without any schema."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'gatekeeper.db'}" if is_sqlite else request.getfixturevalue("postgres_url")
    database = Database(url)
    yield database
    database.close()
