"""What the owner of the database and its log can do to a permit, on both databases: it gets nothing."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gatekeeper.cli.backup_file import restore_backup, write_backup
from gatekeeper.executions.service import ExecutionService, new_execution_id
from gatekeeper.ledger import log
from gatekeeper.permits.permit import Standing, proof_message
from gatekeeper.storage import migration
from gatekeeper.storage.database import Database
from tests.support.house import HOUR, NOW, at
from tests.support.office import Office, terms_of
from tests.support.permit_attacks import code_of, redeem, size_of
from tests.support.ports import wait_until
from tests.support.postgres import Cluster

RESTORED = "state = 'issued', consumed_at = NULL, consumed_leaf = NULL, revoked_at = NULL"


def rewrite(office: Office, change: str) -> None:
    with office.house.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE permits SET {change}")


def test_a_row_that_came_back_from_a_backup_is_not_redeemed_again(office: Office):
    spent, revoked = office.issue(office.passed()).record, office.issue(office.passed()).record
    redeem(office, spent)
    office.permits.revoke(revoked.permit.id, "Enough.", office.people.rita, NOW)
    rewrite(office, RESTORED)
    assert [code_of(lambda each=each: redeem(office, each)) for each in (spent, revoked)] == [
        "consumed",
        "revoked",
    ]


def test_a_whole_database_that_came_back_from_a_backup_spends_nothing(
    office: Office, request: pytest.FixtureRequest, tmp_path: Path
):
    record = office.issue(office.passed()).record
    write_backup(office.house.database, tmp_path / "backup", NOW)
    redeem(office, record)
    with office.house.database.read() as connection:
        newest = log.size(connection)
    wait_until(lambda: signed_size(office) >= newest, 10, "what was spent is not signed")
    restored = Database(another_database(office.house.database, request, tmp_path))
    migration.upgrade(restored)
    restore_backup(restored, tmp_path / "backup")
    terms = terms_of(office.house, office.house.bundle.revision)
    desk = ExecutionService(restored, terms, HOUR, new_execution_id)
    before = size_of(restored)
    assert code_of(lambda: desk.begin(record.permit.id, None, office.people.bot, at(NOW))) == "log_set_back"
    assert size_of(restored) == before
    restored.close()


def test_while_a_refusal_to_sign_is_in_force_nothing_is_issued_or_spent(office: Office):
    dossier = office.passed()
    record = office.issue(dossier).record
    office.log.end()
    office.house.log.refusals.keep("another history was signed", NOW)
    before = size_of(office.house.database)
    assert code_of(lambda: redeem(office, record)) == "log_set_back"
    assert code_of(lambda: office.issue(dossier)) == "log_set_back"
    assert size_of(office.house.database) == before
    office.house.log.refusals.put_aside(NOW)
    assert redeem(office, record).record.standing is Standing.CONSUMED


def test_without_the_signers_key_nobody_knows_what_was_signed_and_nothing_is_spent(office: Office):
    record = office.issue(office.passed()).record
    office.log.end()
    key = office.house.log.signer_key
    key.rename(key.with_name("elsewhere"))
    assert code_of(lambda: redeem(office, record)) == "no_key"
    key.with_name("elsewhere").rename(key)
    assert redeem(office, record).record.standing is Standing.CONSUMED


def signed_size(office: Office) -> int:
    signed = office.house.log.signed()
    return 0 if signed is None else signed.size


def another_database(like: Database, request: pytest.FixtureRequest, directory: Path) -> str:
    """An empty one of the same kind, where a backup can be restored."""
    if like.is_sqlite:
        return f"sqlite:///{directory / 'restored.db'}"
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    return cluster.create()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("executor_id = (SELECT id FROM principals WHERE name = 'oscar')", "permit_tampered"),
        ("executor_key = NULL", "permit_tampered"),
        ("executor_key = 'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg='", "permit_tampered"),
        ("statement = replace(statement, '10:05:00Z', '10:15:00Z')", "permit_tampered"),
        ("leaf = leaf - 1", "permit_tampered"),
        ("kid = 'another'", "permit_tampered"),
        ("expires_at = '2026-03-02T11:00:00.000000+00:00'", "undecided"),
        ("not_before = '2026-03-02T09:00:00.000000+00:00'", "undecided"),
        ("policy_revision = 'sha256:0'", "undecided"),
        ("approvals = '[0]'", "undecided"),
    ],
)
def test_a_row_that_was_changed_is_not_redeemed(office: Office, change: str, code: str):
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    record = office.issue(office.passed(), executor_key=public).record
    proof = base64.b64encode(key.sign(proof_message(record.permit.id, record.statement_digest))).decode()
    rewrite(office, change)
    by = office.people.oscar if "oscar" in change else office.people.bot
    assert code_of(lambda: redeem(office, record, proof=proof, by=by)) == code


def test_a_permit_for_another_is_not_its_askers_because_a_row_says_so(office: Office):
    record = office.issue(office.passed(), audience="both").record
    rewrite(office, "executor_id = issued_by")
    assert code_of(lambda: redeem(office, record)) == "permit_tampered"


def test_a_permit_for_nobody_of_this_gate_is_its_askers_whoever_gets_that_name_later(office: Office):
    record = office.issue(office.passed(), audience="deployer-9").record
    office.house.identity.add("deployer-9", ["submitter"], NOW)
    assert redeem(office, record).record.standing is Standing.CONSUMED
    other = office.issue(office.passed(), audience="deployer-9").record
    rewrite(office, "executor_id = issued_by WHERE state = 'issued'")
    assert code_of(lambda: redeem(office, other)) == "permit_tampered"


def test_a_freeze_that_a_row_claims_to_have_seen_voids_it_all_the_same(office: Office):
    record = office.issue(office.passed()).record
    office.house.closures.freeze("An agent loops.", office.people.olga, NOW)
    office.house.closures.thaw(office.people.olga, NOW)
    rewrite(office, "freeze_seen = 9")
    assert code_of(lambda: redeem(office, record)) == "undecided"
