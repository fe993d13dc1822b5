"""A real, throw-away PostgreSQL cluster for the session, and empty databases in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.support.ports import free_port, wait_until
from tests.support.workspace import require_service

_numbers = count(1)
_ACCOUNT = "postgres"
_VOLATILE = ["-c", "fsync=off", "-c", "full_page_writes=off"]


@dataclass(frozen=True)
class Cluster:
    """A running cluster that trusts the loopback address."""

    port: int

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://{_ACCOUNT}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """A new database, empty or a copy of another one; its URL."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def postgres_binaries() -> Path | None:
    """The folder of the newest installed server, if any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def running_cluster(binaries: Path, *, durable: bool = True) -> Iterator[Cluster]:
    """A new cluster, gone at the end. What is not durable survives kills of everything but the cluster itself."""
    home = Path(tempfile.mkdtemp(prefix="gatekeeper-postgres-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        if os.geteuid() == 0:
            shutil.chown(home, _ACCOUNT, _ACCOUNT)
        data = home / "data"
        initdb = [binaries / "initdb", "-D", data, "-U", _ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run(_unprivileged(initdb), check=True, capture_output=True)
        port = free_port()
        options = [
            "-p",
            str(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"unix_socket_directories={home}",
        ]
        options += ["-c", "max_connections=200", *([] if durable else _VOLATILE)]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                _unprivileged([binaries / "postgres", "-D", data, *options]), stdout=log, stderr=log
            )
        cluster = Cluster(port)
        wait_until(lambda: _answers(cluster), 30, "PostgreSQL does not answer")
        yield cluster
    finally:
        if server is not None:
            server.terminate()
            server.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """One cluster for all tests of the session."""
    binaries = postgres_binaries()
    require_service("PostgreSQL", binaries is not None)
    assert binaries is not None
    with running_cluster(binaries, durable=False) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """An empty PostgreSQL database."""
    url = postgres_cluster.create()
    yield url
    postgres_cluster.drop(url)


def _unprivileged(command: list[object]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    return ["setpriv", f"--reuid={_ACCOUNT}", f"--regid={_ACCOUNT}", "--init-groups", *words]


def _answers(cluster: Cluster) -> bool:
    try:
        with psycopg.connect(cluster.url("postgres"), connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
