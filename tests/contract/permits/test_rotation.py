"""Keys take over without a gap, on both databases: exactly one signs at every moment, and it was published before."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.permits.permit import LONGEST_LIFE
from gatekeeper.permits.rotation import PUBLISHED_AHEAD, PermitKeys, Rotation, signing_public_key
from gatekeeper.permits.signing_keys import PermitKey, new_key
from gatekeeper.storage.database import Database
from tests.support.databases import new_sqlite
from tests.support.permits import NOW

SECOND = timedelta(seconds=1)


def seed(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


def kid(number: int) -> str:
    return new_key(seed(number)).kid


@pytest.fixture
def keys(database: Database, tmp_path: Path) -> PermitKeys:
    return PermitKeys(database, tmp_path / "permits")


def signing(keys: PermitKeys, database: Database, at) -> str:
    with database.write() as connection:
        return keys.signing(connection, at).kid


def leaves(database: Database) -> list[dict]:
    with database.read() as connection:
        return [json.loads(entry) for entry in log.entries(connection, 0, log.size(connection))]


def test_without_a_key_nothing_is_signed(keys: PermitKeys, database: Database):
    with pytest.raises(UnavailableError) as caught:
        signing(keys, database, NOW)
    assert caught.value.code == "no_permit_key"


def test_the_first_key_is_made_once_and_signs_at_once(keys: PermitKeys, database: Database, tmp_path: Path):
    assert keys.make_first(seed(0), NOW) == Rotation(kid(0), None, NOW)
    assert keys.make_first(seed(1), NOW) is None
    assert PermitKeys(database, tmp_path / "permits").published() == [new_key(seed(0)).public]
    assert signing(keys, database, NOW) == kid(0)
    (leaf,) = leaves(database)
    assert (leaf["type"], leaf["actor"], leaf["facts"]) == (
        "key.rotated",
        None,
        {"key": kid(0), "replaces": None, "signs_from": "2026-03-01T00:00:00.000000Z"},
    )


def test_a_new_key_is_published_before_it_signs_and_the_old_one_signs_until_then(
    keys: PermitKeys, database: Database
):
    keys.make_first(seed(0), NOW)
    at = NOW + timedelta(hours=1, microseconds=1)
    turn = NOW + timedelta(hours=1) + PUBLISHED_AHEAD + SECOND
    assert keys.rotate(seed(1), at) == Rotation(kid(1), kid(0), turn)
    old, new = keys.published()
    assert (old, new) == (PermitKey(new_key(seed(0)).public.public, turn), new_key(seed(1)).public)
    assert signing(keys, database, at) == kid(0)
    assert signing(keys, database, turn - timedelta(microseconds=1)) == kid(0)
    assert signing(keys, database, turn) == kid(1)
    assert leaves(database)[-1]["facts"] == {
        "key": kid(1),
        "replaces": kid(0),
        "signs_from": "2026-03-01T01:05:01.000000Z",
    }


def test_after_a_theft_every_other_key_is_retired_at_once(keys: PermitKeys, database: Database):
    keys.make_first(seed(0), NOW)
    keys.rotate(seed(1), NOW + SECOND)
    keys.rotate(seed(2), NOW + 2 * SECOND, timedelta(0))
    assert [key.retired_at for key in keys.published()] == [NOW + 2 * SECOND, NOW + 2 * SECOND, None]
    assert signing(keys, database, NOW + 2 * SECOND) == kid(2)


def test_a_key_is_not_retired_before_what_it_has_signed_already(keys: PermitKeys, database: Database):
    keys.make_first(seed(0), NOW)
    later = NOW + 10 * SECOND
    with database.write() as connection:
        log.append(connection, [Event(EventType.PERMIT_ISSUED, later)])
    assert keys.rotate(seed(1), NOW, timedelta(0)).signs_from == later


def test_a_key_whose_file_is_lost_signs_nothing_until_another_takes_over(
    keys: PermitKeys, database: Database, tmp_path: Path
):
    keys.make_first(seed(0), NOW)
    (tmp_path / "permits" / f"{kid(0)}.key").unlink()
    with pytest.raises(UnavailableError) as caught:
        signing(keys, database, NOW)
    assert caught.value.code == "no_permit_key"
    keys.rotate(seed(1), NOW, timedelta(0))
    assert signing(keys, database, NOW) == kid(1)


STEPS = st.lists(
    st.tuples(st.sampled_from([0, 1, 300, 900]), st.integers(-1_000_000, 400_000_000)), max_size=6
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_however_keys_are_rotated_there_is_no_gap(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
):
    directory = tmp_path_factory.mktemp("keys")
    database = Database(new_sqlite(directory / "gatekeeper.db"))
    keys, now = PermitKeys(database, directory / "permits"), NOW
    keys.make_first(seed(0), now)
    for number, (ahead, microseconds) in enumerate(steps, 1):
        now += timedelta(microseconds=microseconds)
        rotation = keys.rotate(seed(number), now, timedelta(seconds=ahead))
        assert (rotation.replaces, rotation.signs_from >= now + timedelta(seconds=ahead)) == (
            kid(number - 1),
            True,
        )
    published = keys.published()
    database.close()
    assert [key.kid for key in published] == [kid(number) for number in range(len(steps) + 1)]
    for at in (now + timedelta(seconds=second) for second in range(0, 1300, 7)):
        signer = signing_public_key(published, at)
        assert signer.retired_at is None or at.replace(microsecond=0) < signer.retired_at
    assert signing_public_key(published, now + LONGEST_LIFE + 10 * SECOND).kid == kid(len(steps))
