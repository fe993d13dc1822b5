"""The log of both databases beside what was published of it and what was pinned."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.database_verifier import verify_database
from gatekeeper.ledger.verifier import Verdict, Verification
from gatekeeper.ledger.witness_policy import log_keys_policy, parse_policy
from gatekeeper.storage.database import Database
from tests.contract.ledger.test_publisher import rewrite
from tests.contract.storage.test_log import disarm
from tests.support.exported_logs import LOG, WITNESS, a_key, publish, record, signed

POLICY = log_keys_policy([LOG.verifier.vkey])


def tampered(detail: str, index: int | None = None) -> Verification:
    return Verification(Verdict.TAMPERED, detail, index)


def test_a_log_of_which_nothing_is_published_is_whole_and_has_no_checkpoint_to_check(database: Database):
    record(database, 3)
    found = verify_database(database)
    assert (found.verdict, found.note) == (Verdict.WHOLE, None)
    assert found.detail.endswith("; nothing published yet")
    untold = Verification(Verdict.CANNOT_TELL, "nothing was published: there is no checkpoint to check")
    assert verify_database(database, POLICY) == untold
    assert verify_database(database, pin=Checkpoint(LOG.name, 0, b"")) == untold


def test_the_published_checkpoint_is_compared_and_its_signatures_with_a_key(database: Database):
    record(database, 300)
    checkpoint = publish(database)
    record(database, 2)
    note = signed(checkpoint, LOG)
    unsigned, checked = verify_database(database), verify_database(database, POLICY, checkpoint)
    assert (unsigned.verdict, unsigned.note, checked.note) == (Verdict.WHOLE, note, note)
    assert unsigned.detail.endswith("; published up to 300, signatures not checked, for want of a key")
    assert checked.detail == unsigned.detail.replace("not checked, for want of a key", "hold")
    assert checked.detail.startswith("302 entries, root ")


def test_progress_is_told(database: Database):
    record(database, 1200)
    told: list[tuple[int, int]] = []
    verify_database(database, progress=lambda done, size: told.append((done, size)))
    assert told == [(1000, 1200), (1200, 1200)]


def test_a_checkpoint_that_is_not_of_these_entries_is_tampered(database: Database):
    record(database, 3)
    whole = publish(database)
    record(database, 1)
    for published, said in (
        (
            Checkpoint(LOG.name, 3, b"x" * 32),
            tampered("the entries do not lead to the root that was published"),
        ),
        (Checkpoint(LOG.name, 9, whole.root), tampered("9 entries were published, the log has 4", 4)),
    ):
        note = signed(published, LOG).encoded.decode()
        with database.write() as connection:
            connection.execute(text("UPDATE log_checkpoints SET note = :note"), {"note": note})
        assert verify_database(database) == said
    with database.write() as connection:
        connection.execute(text("UPDATE log_checkpoints SET note = 'nothing'"))
    assert verify_database(database) == tampered(
        "the newest checkpoint is not one: the note has no signatures"
    )


def test_signatures_and_quorum_are_those_of_the_policy(database: Database):
    record(database, 3)
    publish(database)
    other = log_keys_policy([a_key("example.org/other").verifier.vkey])
    assert verify_database(database, other) == tampered("no known log signed this checkpoint")
    policy = parse_policy(f"log {LOG.verifier.vkey}\nwitness w {WITNESS.verifier.vkey}\nquorum w\n")
    assert verify_database(database, policy) == Verification(
        Verdict.CANNOT_TELL, "not witnessed: the quorum w is not met by 0 cosignatures"
    )
    publish(database, LOG, WITNESS)
    assert verify_database(database, policy).verdict is Verdict.WHOLE


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        (Checkpoint(LOG.name, 4, b"x" * 32), "ROLLBACK 4>3: the log is shorter than it was"),
        (Checkpoint(LOG.name, 2, b"x" * 32), "FORK: the first 2 entries are not those that were pinned"),
    ],
)
def test_a_pin_is_held_against_the_published_log(database: Database, pin: Checkpoint, said: str):
    record(database, 3)
    publish(database)
    found = verify_database(database, POLICY, pin)
    assert (found.verdict, found.detail) == (Verdict.TAMPERED, said)


def test_a_database_that_its_owner_cut_or_rewrote_and_signed_anew_is_caught_by_a_pin_only(database: Database):
    record(database, 10)
    pin = publish(database)
    rewrite(database, 6, forget=True)
    publish(database)
    assert verify_database(database, POLICY).verdict is Verdict.WHOLE
    assert verify_database(database, POLICY, pin) == tampered(
        "ROLLBACK 10>6: the log is shorter than it was", 6
    )
    record(database, 6)
    publish(database)
    assert verify_database(database, POLICY).verdict is Verdict.WHOLE
    fork = "FORK: the first 10 entries are not those that were pinned"
    assert verify_database(database, POLICY, pin) == tampered(fork)


def test_an_entry_that_was_rewritten_is_named_before_all_else(database: Database):
    record(database, 5)
    publish(database)
    with database.write() as connection:
        disarm(connection)
        connection.exec_driver_sql(
            "UPDATE events SET body = replace(body, '\"n\":3', '\"n\":9') WHERE leaf = 3"
        )
    assert verify_database(database, POLICY) == tampered("entry 3 does not match its leaf hash", 3)
