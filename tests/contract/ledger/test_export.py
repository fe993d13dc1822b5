"""The export of both databases: the files of the specification, only new ones written, and no other log overwritten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gatekeeper.errors import ConflictError, TamperError, UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.export import Exported, export_log
from gatekeeper.ledger.log_reader import DirectoryReader
from gatekeeper.ledger.verifier import Verdict, verify_log
from gatekeeper.ledger.witness_policy import log_keys_policy
from gatekeeper.storage.database import Database
from tests.contract.storage.test_log import disarm
from tests.support.exported_logs import (
    LOG,
    WITNESS,
    a_key,
    files_of,
    publish,
    read_files,
    record,
    write_files,
)

POLICY = log_keys_policy([LOG.verifier.vkey])


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "log"


def entries(database: Database) -> list[bytes]:
    with database.read() as connection:
        return log.entries(connection, 0, log.size(connection))


@pytest.mark.parametrize("size", [0, 1, 256, 600])
def test_the_export_is_the_published_log_as_files(database: Database, directory: Path, size: int):
    record(database, size)
    publish(database)
    record(database, 1)
    files = files_of(entries(database)[:size])
    assert export_log(database, directory) == Exported(size, 0, len(files) - 1)
    assert read_files(directory) == files
    found = verify_log(DirectoryReader(directory).read, POLICY)
    assert (found.verdict, found.first_bad_index) == (Verdict.WHOLE, None)


def test_a_later_export_adds_only_what_is_new_and_drops_what_became_full(database: Database, directory: Path):
    record(database, 300)
    publish(database)
    export_log(database, directory)
    full = directory / "tile/entries/000"
    os.utime(full, (1, 1))
    assert export_log(database, directory) == Exported(300, 300, 0)
    record(database, 300)
    publish(database, LOG, WITNESS)
    assert export_log(database, directory) == Exported(600, 300, 5)
    whole = files_of(entries(database), LOG, WITNESS)
    kept = {"tile/1/000.p/1"}
    assert set(read_files(directory)) == set(whole) | kept
    assert {path: content for path, content in read_files(directory).items() if path not in kept} == whole
    assert full.stat().st_mtime == 1


def test_an_export_that_was_broken_off_is_done_again(database: Database, directory: Path):
    record(database, 300)
    publish(database)
    (directory / "tile/entries").mkdir(parents=True)
    (directory / "tile/entries/000").write_bytes(b"half")
    (directory / "tile/entries/.000.draft").write_bytes(b"ha")
    export_log(database, directory)
    assert read_files(directory) == files_of(entries(database))


def test_a_directory_of_something_else_stays_as_it_is(database: Database, tmp_path: Path):
    record(database, 5)
    publish(database)
    longer, same = [b"a"] * 6, [b"a"] * 5
    others = {
        "holds another log, example.org/other": files_of(same, a_key("example.org/other")),
        "holds 6 entries, more than the 5 of this log": files_of(longer),
        "holds another history of this log": files_of(same),
        "has a checkpoint that is not one": {"checkpoint": b"not a note"},
    }
    for number, (said, files) in enumerate(others.items()):
        other = write_files(files, tmp_path / str(number))
        with pytest.raises(ConflictError, match=said):
            export_log(database, other)
        assert read_files(other) == files


def test_nothing_is_exported_before_something_is_published(database: Database, directory: Path):
    record(database, 5)
    with pytest.raises(UnavailableError, match="Nothing is published yet"):
        export_log(database, directory)
    assert read_files(directory) == {}


def test_a_directory_that_cannot_be_written_is_unavailable(database: Database, directory: Path):
    record(database, 5)
    publish(database)
    directory.mkdir()
    (directory / "tile").write_bytes(b"a file in the way")
    with pytest.raises(UnavailableError, match="cannot be written"):
        export_log(database, directory)
    with pytest.raises(UnavailableError, match="cannot be written"):
        export_log(database, directory / "tile")


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("DELETE FROM events WHERE leaf = 3", "does not hold all of tile/entries/000.p/5"),
        ("DELETE FROM log_nodes WHERE position = 0", "does not hold all of tile/0/000.p/5"),
        (
            "UPDATE log_nodes SET hash = (SELECT hash FROM log_nodes WHERE position = 0) WHERE position = 6",
            "does not hold the entries that were published",
        ),
        ("UPDATE log_checkpoints SET note = 'nothing'", "the newest checkpoint is not one"),
    ],
)
def test_a_damaged_database_publishes_no_checkpoint(
    database: Database, directory: Path, attack: str, said: str
):
    record(database, 5)
    publish(database)
    with database.write() as connection:
        disarm(connection)
        connection.exec_driver_sql(attack)
    with pytest.raises(TamperError, match=said):
        export_log(database, directory)
    assert not (directory / "checkpoint").exists()
