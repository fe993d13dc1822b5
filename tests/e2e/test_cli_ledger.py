"""The log from the database to a stranger's verification: exported, served, verified, attacked by its own operator."""

import sqlite3
from contextlib import closing

import pytest

from gatekeeper.storage.database import Database
from tests.e2e.test_cli_serve import gatekeeper
from tests.support.databases import new_sqlite
from tests.support.exported_logs import LOG, publish, record

VKEY = LOG.verifier.vkey


@pytest.fixture
def home(database_url, tmp_path):
    """A database of each kind with a published log of 300 entries."""
    environ = {"GATEKEEPER_DATA_DIR": str(tmp_path / "var"), "GATEKEEPER_DATABASE_URL": database_url}
    database = Database(database_url)
    record(database, 300)
    publish(database)
    database.close()
    return environ


def test_what_is_exported_is_what_the_database_has(home, tmp_path):
    exported = gatekeeper("ledger", "export", str(tmp_path / "log"), **home)
    assert (exported.returncode, exported.stdout) == (
        0,
        f"{tmp_path / 'log'} has 300 entries, 300 of them new, in 5 new files.\n",
    )
    outside = gatekeeper("ledger", "verify", "--dir", str(tmp_path / "log"), "--vkey", VKEY)
    inside = gatekeeper("ledger", "verify", "--vkey", VKEY, **home)
    assert (outside.returncode, inside.returncode) == (0, 0)
    assert inside.stdout == outside.stdout.replace(".\n", "; published up to 300, signatures hold.\n")


def test_an_operator_with_every_key_who_rewrites_history_is_caught_by_a_pin(tmp_path):
    environ = {"GATEKEEPER_DATA_DIR": str(tmp_path / "var")}
    database = Database(new_sqlite(tmp_path / "var" / "gatekeeper.db"))
    record(database, 5)
    publish(database)
    pinned = ("--vkey", VKEY, "--pin", str(tmp_path / "pin"))
    assert gatekeeper("ledger", "export", str(tmp_path / "log"), **environ).returncode == 0
    first = gatekeeper("ledger", "verify", "--dir", str(tmp_path / "log"), *pinned, "--update-pin")
    assert first.returncode == 0
    with closing(sqlite3.connect(tmp_path / "var" / "gatekeeper.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for table in ("events", "log_nodes", "log_checkpoints"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("UPDATE log_head SET size = 0, edge = x''")
        connection.commit()
    record(database, 7, fact="m")
    publish(database)
    database.close()
    alone = gatekeeper("ledger", "verify", "--vkey", VKEY, **environ)
    caught = gatekeeper("ledger", "verify", *pinned, **environ)
    refused = gatekeeper("ledger", "export", str(tmp_path / "log"), **environ)
    assert [each.returncode for each in (alone, caught, refused)] == [0, 1, 1]
    assert caught.stdout == "TAMPERED: FORK: the first 5 entries are not those that were pinned.\n"
    assert refused.stderr == f"gatekeeper: {tmp_path / 'log'} holds another history of this log.\n"
