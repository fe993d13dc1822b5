"""A backup holds every row, and is restored whole or not at all."""

import gzip
import re
from datetime import UTC, datetime, timedelta

import pytest

from gatekeeper import app
from gatekeeper.cli.backup_file import restore_backup, write_backup
from gatekeeper.environment import read_settings
from gatekeeper.errors import ConflictError, InvalidInputError
from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.checkpoints import latest_checkpoint, store_checkpoint
from gatekeeper.ledger.note import Note
from gatekeeper.storage.database import Database
from tests.support.databases import new_sqlite
from tests.support.reports import a_blocked_report, a_report, a_report_for_review
from tests.support.trees import LOG_KEY

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def empty(tmp_path, name):
    return Database(new_sqlite(tmp_path / name))


@pytest.fixture
def lived_in(tmp_path):
    """A gate with people, proposals in several states, votes, a freeze."""
    environ = {
        "GATEKEEPER_DATABASE_URL": new_sqlite(tmp_path / "old.db"),
        "GATEKEEPER_DATA_DIR": str(tmp_path / "var"),
    }
    house = app.build(read_settings(environ))
    rita, _ = house.identity.add("rita", ["reviewer", "operator"], NOW)
    bot, _ = house.identity.add("bot", ["submitter"], NOW)
    house.identity.add("abot", ["reviewer"], NOW, acts_for="bot")
    blocked = a_blocked_report()
    house.gate.submit_many([a_report(), blocked, a_report_for_review()], bot, NOW)
    house.gate.submit(a_report(), bot, NOW, idempotency_key="once")
    digest = house.dossiers.get(blocked.id).digest
    house.reviews.vote(blocked.id, "reject", "No.", digest, rita, NOW + timedelta(hours=1))
    house.closures.freeze("Drill.", rita, NOW)
    with house.database.write() as connection:
        checkpoint = Checkpoint(LOG_KEY.name, *log.root(connection))
        note = Note(checkpoint.text, (LOG_KEY.sign(checkpoint, 0),))
        store_checkpoint(connection, checkpoint, note, NOW)
    yield house
    house.database.close()


def published(database):
    with database.read() as connection:
        return latest_checkpoint(connection)


def test_a_restored_database_says_the_same(lived_in, tmp_path):
    rows = write_backup(lived_in.database, tmp_path / "backup", NOW)
    restored = empty(tmp_path, "new.db")
    assert restore_backup(restored, tmp_path / "backup") == rows
    assert log.verify(restored) == log.verify(lived_in.database)
    assert published(restored) == published(lived_in.database) is not None
    assert write_backup(restored, tmp_path / "again", NOW) == rows
    assert gzip.decompress((tmp_path / "again").read_bytes()) == gzip.decompress(
        (tmp_path / "backup").read_bytes()
    )
    restored.close()


def test_only_its_owner_may_read_a_backup(lived_in, tmp_path):
    write_backup(lived_in.database, tmp_path / "backup", NOW)
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600


def test_a_backup_replaces_no_file(lived_in, tmp_path):
    (tmp_path / "backup").write_text("mine")
    with pytest.raises(FileExistsError):
        write_backup(lived_in.database, tmp_path / "backup", NOW)


def test_a_backup_is_not_restored_over_anything(lived_in, tmp_path):
    write_backup(lived_in.database, tmp_path / "backup", NOW)
    before = log.verify(lived_in.database)
    with pytest.raises(ConflictError):
        restore_backup(lived_in.database, tmp_path / "backup")
    assert log.verify(lived_in.database) == before


def lines_of(path):
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw, lines: raw[: len(raw) // 2],
        lambda raw, lines: raw[:-20],
        lambda raw, lines: b"",
        lambda raw, lines: b"PK\x03\x04 something else",
        lambda raw, lines: gzip.compress(b"".join(lines[1:])),
        lambda raw, lines: gzip.compress(b"".join(lines[:-1])),
        lambda raw, lines: gzip.compress(b"".join(lines[:5] + lines[6:])),
        lambda raw, lines: gzip.compress(b"".join([re.sub(rb'"\d{4}"', b'"0000"', lines[0]), *lines[1:]])),
        lambda raw, lines: gzip.compress(
            b"".join([*lines[:3], b'{"table":"nobody","row":{}}\n', *lines[3:]])
        ),
        lambda raw, lines: gzip.compress(b"".join([*lines[:3], b"nonsense\n", *lines[3:]])),
    ],
)
def test_a_damaged_backup_is_not_restored_at_all(lived_in, tmp_path, damage):
    write_backup(lived_in.database, tmp_path / "backup", NOW)
    raw, lines = (tmp_path / "backup").read_bytes(), lines_of(tmp_path / "backup")
    (tmp_path / "damaged").write_bytes(damage(raw, lines))
    restored = empty(tmp_path, "new.db")
    with pytest.raises(InvalidInputError):
        restore_backup(restored, tmp_path / "damaged")
    assert log.verify(restored).size == 0
    restored.close()
