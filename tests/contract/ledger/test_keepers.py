"""A change of the keys that keep the log is a leaf of it, on both databases."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from gatekeeper.errors import TamperError
from gatekeeper.ledger import log
from gatekeeper.ledger.keepers import record_keepers
from gatekeeper.ledger.keys import new_key
from gatekeeper.ledger.witness_policy import WitnessPolicy, parse_policy
from gatekeeper.storage.database import Database
from tests.support.exported_logs import LOG, OTHER_WITNESS, WITNESS

AT = datetime(2026, 3, 1, tzinfo=UTC)
SECOND = new_key(LOG.name, LOG.kind, b"2" * 32)
ONE = f"witness one {WITNESS.verifier.vkey}"
TWO = f"witness two {OTHER_WITNESS.verifier.vkey} https://two.example"


def policy(*lines: str) -> WitnessPolicy:
    return parse_policy("\n".join(lines) + "\n")


def named(key) -> str:
    return f"{key.name}+{key.verifier.key_id.hex()}"


def quorum(*lines: str) -> str:
    return "sha256:" + hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def recorded(database: Database) -> list[tuple[str, object, object]]:
    with database.read() as connection:
        bodies = [json.loads(body) for body in log.entries(connection, 0, log.size(connection))]
    return [(each["type"], each["actor"], each["facts"]) for each in bodies]


def test_the_first_keepers_and_the_same_ones_leave_no_leaf(database: Database):
    for _ in range(3):
        record_keepers(database, policy(f"log {LOG.verifier.vkey}", TWO, "quorum two"), AT)
    elsewhere = TWO.replace("https://two", "https://2")
    record_keepers(database, policy(f"log {LOG.verifier.vkey}", elsewhere, "quorum two"), AT)
    assert recorded(database) == []


def test_every_change_is_a_leaf_that_names_the_keys_before_and_after(database: Database):
    log_one, log_two = f"log {LOG.verifier.vkey}", f"log {SECOND.verifier.vkey}"
    bare = TWO.removesuffix(" https://two.example")
    for lines in (
        (log_one, ONE, "quorum one"),
        (log_two, log_one, ONE, "quorum one"),
        (log_two, log_one, ONE, TWO, "quorum one"),
        (log_two, log_one, ONE, TWO, "quorum one"),
        (log_two, ONE, TWO, "quorum none"),
    ):
        record_keepers(database, policy(*lines), AT)
    witnesses = [named(WITNESS), named(OTHER_WITNESS)]
    both = quorum(ONE, bare, "quorum one")
    assert recorded(database) == [
        ("log.key_rotated", None, {"old": [named(LOG)], "new": [named(SECOND), named(LOG)]}),
        (
            "witness.changed",
            None,
            {
                "old": witnesses[:1],
                "new": witnesses,
                "old_quorum": quorum(ONE, "quorum one"),
                "new_quorum": both,
            },
        ),
        ("log.key_rotated", None, {"old": [named(SECOND), named(LOG)], "new": [named(SECOND)]}),
        (
            "witness.changed",
            None,
            {
                "old": witnesses,
                "new": witnesses,
                "old_quorum": both,
                "new_quorum": quorum(ONE, bare, "quorum none"),
            },
        ),
    ]
    assert log.verify(database).ok


def test_a_damaged_row_is_said_and_not_taken_for_the_first(database: Database):
    record_keepers(database, policy(f"log {LOG.verifier.vkey}", "quorum none"), AT)
    with database.write() as connection:
        connection.execute(text("UPDATE log_keepers SET policy = 'nothing'"))
    with pytest.raises(TamperError, match="who kept the log before is damaged"):
        record_keepers(database, policy(f"log {SECOND.verifier.vkey}", "quorum none"), AT)
    assert recorded(database) == []
