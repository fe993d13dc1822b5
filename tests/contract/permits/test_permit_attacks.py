"""What must get nothing, on both databases: permits that are replayed, stale, stolen, early, late or unseen.

Each attack has its control: the same permit, left alone, is redeemed.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from gatekeeper import app
from gatekeeper.cli.backup_file import restore_backup, write_backup
from gatekeeper.environment import read_settings
from gatekeeper.errors import ConflictError, GatekeeperError, InvalidInputError, UnavailableError
from gatekeeper.executions.service import ExecutionService, new_execution_id
from gatekeeper.ledger import log
from gatekeeper.permits.permit import Standing, proof_message
from gatekeeper.permits.record import PermitRecord
from gatekeeper.permits.service import PermitService, Wanted, new_permit_id
from gatekeeper.permits.witnessed import WitnessedLog
from gatekeeper.review.votes import VoteKind
from gatekeeper.storage import migration
from gatekeeper.storage.database import Database
from tests.support.house import HOUR, MINUTE, NOW, at
from tests.support.office import Office, terms_of
from tests.support.ports import wait_until
from tests.support.postgres import Cluster
from tests.support.reports import a_blocked_report, a_report
from tests.support.workspace import REPOSITORY

SECOND = timedelta(seconds=1)
OTHER_POLICY = "sha256:" + "0" * 64
OUTAGE = "Checkout is down for every customer since 09:40."
ANOTHER_TEXT = "Reword the greeting of the daily summary so that it names the day."


def code_of(to_do: Callable[[], object]) -> str:
    """The code with which something is refused."""
    with pytest.raises(GatekeeperError) as refused:
        to_do()
    return refused.value.code


def redeem(office: Office, record: PermitRecord, now=NOW, proof: str | None = None, by=None):
    return office.redeem(record.permit.id, proof, by or office.people.bot, now)


def standing(office: Office, record: PermitRecord, now=NOW) -> Standing:
    return office.permits.get(record.permit.id, office.people.olga, now).standing


def size_of(database: Database) -> int:
    with database.read() as connection:
        return log.size(connection)


def edited(office: Office, proposal_id: str) -> str:
    """The same proposal with another text, which passes too: its digest."""
    report = a_report(id=proposal_id, proposal=ANOTHER_TEXT)
    return office.house.gate.submit(report, office.people.bot, NOW).dossier.digest


# what changes after a permit was issued


def test_an_edit_supersedes_the_permit(office: Office):
    dossier = office.passed()
    record = office.issue(dossier).record
    digest = edited(office, dossier.id)
    assert (code_of(lambda: redeem(office, record)), standing(office, record)) == (
        "superseded",
        Standing.SUPERSEDED,
    )
    fresh = office.issue(dossier).record
    assert (fresh.proposal.revision, fresh.proposal.digest) == (2, digest)
    assert redeem(office, fresh).record.standing is Standing.CONSUMED


def test_an_edit_that_is_blocked_supersedes_it_too(office: Office):
    dossier = office.passed()
    record = office.issue(dossier).record
    office.house.gate.submit(a_blocked_report(id=dossier.id), office.people.bot, NOW)
    assert code_of(lambda: redeem(office, record)) == "superseded"
    assert code_of(lambda: office.issue(dossier)) == "verdict_not_pass"


def test_a_freeze_voids_the_permit_and_a_thaw_does_not_bring_it_back(office: Office):
    dossier = office.passed()
    record = office.issue(dossier).record
    office.house.closures.freeze("An agent loops.", office.people.olga, NOW)
    assert code_of(lambda: redeem(office, record)) == "gate_frozen"
    assert code_of(lambda: office.issue(dossier)) == "gate_frozen"
    office.house.closures.thaw(office.people.olga, NOW)
    assert (code_of(lambda: redeem(office, record)), standing(office, record)) == ("voided", Standing.VOIDED)
    fresh = office.issue(dossier).record
    assert code_of(lambda: redeem(office, record)) == "revoked"
    assert redeem(office, fresh).record.standing is Standing.CONSUMED


def test_a_policy_that_changed_after_issue_ends_the_permit(office: Office):
    dossier = office.passed()
    record = office.issue(dossier).record
    other = office.with_policy(OTHER_POLICY)
    assert code_of(lambda: other.redeem(record.permit.id, None, office.people.bot, NOW)) == "policy_changed"
    assert redeem(office, record).record.standing is Standing.CONSUMED


def test_a_policy_that_changed_before_issue_prevents_it(office: Office):
    dossier = office.passed()
    elsewhere = office.with_policy(OTHER_POLICY)
    assert code_of(lambda: elsewhere.issue(dossier)) == "policy_changed"


def test_votes_that_another_policy_counted_get_no_permit(office: Office, database_url: str, tmp_path: Path):
    dossier = office.house.gate.submit(a_blocked_report(), office.people.bot, NOW).dossier
    policies = tmp_path / "policies"
    shutil.copytree(REPOSITORY / "policies", policies)
    with (policies / "approval" / "approval.rego").open("a") as file:
        file.write("\n# another revision that decides the same\n")
    environ = {"GATEKEEPER_DATABASE_URL": database_url, "GATEKEEPER_DATA_DIR": str(tmp_path / "var")}
    other = app.build(read_settings({**environ, "GATEKEEPER_POLICIES_DIR": str(policies)}))
    for voter in (office.people.rita, office.people.ravi):
        other.reviews.vote(dossier.id, VoteKind.APPROVE, "Fine.", dossier.digest, voter, NOW)
    other.database.close()
    assert office.house.dossiers.get(dossier.id).verdict.outcome == "pass"
    assert code_of(lambda: office.issue(dossier)) == "policy_changed"


def test_an_approver_who_was_disabled_stands_for_nothing(office: Office):
    dossier = office.approved()
    record = office.issue(dossier).record
    office.house.identity.disable("ravi", NOW)
    assert code_of(lambda: redeem(office, record)) == "approvals_changed"
    assert code_of(lambda: office.issue(dossier)) == "approvals_changed"


def test_a_reviewer_who_lost_the_role_stands_for_nothing(office: Office):
    record = office.issue(office.approved()).record
    with office.house.database.write() as connection:
        connection.execute(text("UPDATE principals SET roles = 'auditor' WHERE name = 'rita'"))
    assert code_of(lambda: redeem(office, record)) == "approvals_changed"
    with office.house.database.write() as connection:
        connection.execute(text("UPDATE principals SET roles = 'auditor reviewer' WHERE name = 'rita'"))
    assert redeem(office, record).record.standing is Standing.CONSUMED


def test_a_bystander_who_was_disabled_changes_nothing(office: Office):
    record = office.issue(office.approved()).record
    office.house.identity.disable("oscar", NOW)
    assert redeem(office, record).record.standing is Standing.CONSUMED


@pytest.mark.parametrize(
    "rewriting",
    [
        "UPDATE reviews SET vote = 'reject'",
        "DELETE FROM reviews WHERE id = (SELECT max(id) FROM reviews)",
        "UPDATE reviews SET reviewer = (SELECT id FROM principals WHERE name = 'both')",
    ],
)
def test_votes_that_are_not_those_of_the_log_get_no_permit(office: Office, rewriting: str):
    dossier = office.approved()
    record = office.issue(dossier).record
    with office.house.database.write() as connection:
        connection.execute(text(rewriting))
    assert code_of(lambda: redeem(office, record)) == "approvals_changed"
    assert code_of(lambda: office.issue(dossier)) == "approvals_changed"


def test_a_verdict_that_only_the_database_says_gets_no_permit(office: Office):
    dossier = office.house.gate.submit(a_blocked_report(), office.people.bot, NOW).dossier
    with office.house.database.write() as connection:
        connection.execute(
            text(
                "UPDATE revisions SET state = 'passed', verdict = 'pass', verdict_leaf = 0 WHERE proposal_id = :id"
            ),
            {"id": dossier.id},
        )
    assert code_of(lambda: office.issue(dossier)) == "approvals_changed"


def meddled(office: Office, meddle: Callable[[], object]) -> PermitService:
    """A desk where something happens between the first look and the transaction that issues."""
    to_come = [meddle]

    def obstacle_of(_connection: object, _proposal: object) -> None:
        if to_come:
            to_come.pop()()

    witnessed = WitnessedLog(office.house.database, office.house.log)
    terms = terms_of(office.house, office.house.bundle.revision)
    return PermitService(office.house.database, witnessed, terms, obstacle_of, new_permit_id)


def test_everything_is_checked_again_in_the_transaction_that_issues(office: Office):
    house, people = office.house, office.people
    dossier, approved = office.passed(), office.approved()
    wanted, other = Wanted(dossier.id, "bot"), Wanted(approved.id, "bot")
    edit = meddled(office, lambda: edited(office, dossier.id))
    assert code_of(lambda: edit.issue(wanted, people.bot, at(NOW))) == "not_current"
    leave = meddled(office, lambda: house.identity.disable("rita", NOW))
    assert code_of(lambda: leave.issue(other, people.bot, at(NOW))) == "approvals_changed"
    freeze = meddled(office, lambda: house.closures.freeze("Stop.", people.olga, NOW))
    assert code_of(lambda: freeze.issue(wanted, people.bot, at(NOW))) == "gate_frozen"
    for proposal in (dossier, approved):
        assert office.permits.of_proposal(proposal.id, people.bot, NOW) == []


def test_of_two_permits_asked_for_at_the_same_moment_the_later_stands(office: Office):
    dossier = office.passed()
    office.issue(dossier)
    office.log.is_witness_silent = True
    outcomes: list[str] = []
    earlier = Thread(target=lambda: outcomes.append(code_of(lambda: office.issue(dossier))))
    earlier.start()
    wait_until(lambda: len(unseen(office, dossier.id)) == 1, 10, "no permit is waiting for its witness")
    first = unseen(office, dossier.id)[0].permit.id
    later = Thread(target=lambda: outcomes.append(office.issue(dossier).record.standing.value))
    later.start()
    wait_until(lambda: [each.permit.id for each in unseen(office, dossier.id)] != [first], 10, "not replaced")
    office.log.is_witness_silent = False
    earlier.join()
    later.join()
    assert sorted(outcomes) == ["issued", "revoked"]


def unseen(office: Office, proposal_id: str) -> list[PermitRecord]:
    """The permits that were committed and that no witness has seen yet."""
    listed = office.permits.of_proposal(proposal_id, office.people.bot, NOW)
    return [each for each in listed if each.standing is Standing.ISSUED and each.witnessed_at is None]


# whose permit it is


def test_another_principal_redeems_nothing(office: Office):
    record = office.issue(office.passed(), audience="both").record
    for other in (office.people.bot, office.people.olga, office.people.alias):
        assert code_of(lambda other=other: redeem(office, record, by=other)) == "not_the_audience"
    assert redeem(office, record, by=office.people.both).record.standing is Standing.CONSUMED


def test_an_executor_who_was_disabled_redeems_nothing(office: Office):
    record = office.issue(office.passed(), audience="both").record
    office.house.identity.disable("both", NOW)
    assert code_of(lambda: redeem(office, record, by=office.people.both)) == "executor_disabled"


def test_what_somebody_asked_for_who_was_disabled_is_worth_nothing(office: Office):
    record = office.issue(office.passed(), audience="both").record
    office.house.identity.disable("bot", NOW)
    assert code_of(lambda: redeem(office, record, by=office.people.both)) == "asker_disabled"


def test_a_stolen_permit_is_worth_nothing_without_the_executors_key(office: Office):
    key, thief = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    record = office.issue(office.passed(), executor_key=public).record
    other = office.issue(office.passed(), executor_key=public).record

    def signed(by: Ed25519PrivateKey, permit: PermitRecord) -> str:
        message = proof_message(permit.permit.id, permit.statement_digest)
        return base64.b64encode(by.sign(message)).decode()

    assert code_of(lambda: redeem(office, record)) == "proof_missing"
    for wrong in (signed(thief, record), signed(key, other), base64.b64encode(bytes(64)).decode(), ""):
        assert code_of(lambda wrong=wrong: redeem(office, record, proof=wrong)) == "proof_wrong"
    with pytest.raises(InvalidInputError) as faulty:
        redeem(office, record, proof="not base64!")
    assert [fault.pointer for fault in faulty.value.errors] == ["/proof"]
    assert redeem(office, record, proof=signed(key, record)).record.standing is Standing.CONSUMED


def test_a_proof_for_a_permit_without_a_key_is_refused_and_not_ignored(office: Office):
    record = office.issue(office.passed()).record
    assert code_of(lambda: redeem(office, record, proof="AAAA")) == "invalid_input"


# what the owner of the database can do to its row

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


# when


def test_a_permit_expires_at_the_second(office: Office):
    for late in (timedelta(0), SECOND):
        record = office.issue(office.passed(), ttl_seconds=60).record
        assert (
            code_of(lambda record=record, late=late: redeem(office, record, NOW + MINUTE + late)) == "expired"
        )
        assert standing(office, record, NOW + MINUTE + late) is Standing.EXPIRED
    record = office.issue(office.passed(), ttl_seconds=60, now=NOW + MINUTE).record
    assert redeem(office, record, NOW + 2 * MINUTE - SECOND).record.standing is Standing.CONSUMED


def test_what_is_expired_by_the_log_is_expired_for_a_clock_that_is_a_little_late(office: Office):
    record = office.issue(office.passed(), ttl_seconds=60).record
    office.house.identity.add("carl", ["submitter"], NOW + MINUTE)
    assert code_of(lambda: redeem(office, record, NOW + MINUTE - 20 * SECOND)) == "expired"


def test_a_permit_begins_when_it_is_its_turn_and_not_when_it_was_asked_for(office: Office):
    moments = iter([NOW, NOW + MINUTE, NOW + MINUTE + SECOND])
    wanted = Wanted(office.passed().id, "bot", ttl_seconds=60)
    record = office.permits.issue(wanted, office.people.bot, lambda: next(moments)).record
    assert (record.permit.not_before, record.permit.expires_at) == (NOW + MINUTE, NOW + 2 * MINUTE)
    assert (record.issued_at, record.witnessed_at) == (NOW + MINUTE, NOW + MINUTE + SECOND)


def test_a_clock_that_was_set_back_decides_nothing(office: Office):
    dossier = office.passed()
    record = office.issue(dossier).record
    past = NOW - HOUR
    before = size_of(office.house.database)
    assert code_of(lambda: redeem(office, record, past)) == "clock_behind"
    assert code_of(lambda: office.issue(dossier, now=past)) == "clock_behind"
    assert code_of(lambda: redeem(office, record, NOW - 31 * SECOND)) == "clock_behind"
    assert size_of(office.house.database) == before
    assert redeem(office, record, NOW - 30 * SECOND).record.standing is Standing.CONSUMED


def test_a_permit_from_broken_glass_ends_with_the_pass(office: Office):
    people, glass = office.people, office.house.break_glass
    dossier = office.house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    asked = glass.request(dossier.id, dossier.digest, OUTAGE, 600, people.olga, NOW)
    glass.second(asked.id, people.rita, NOW)
    record = office.issue(dossier, ttl_seconds=900).record
    assert record.permit.expires_at == NOW + 10 * MINUTE
    assert len(record.permit.approvals) == 2
    assert code_of(lambda: redeem(office, record, NOW + 10 * MINUTE)) == "expired"
    assert code_of(lambda: office.issue(dossier, now=NOW + 10 * MINUTE)) == "verdict_expired"
    assert redeem(office, record, NOW + 10 * MINUTE - SECOND).record.standing is Standing.CONSUMED


def test_whoever_broke_the_glass_has_to_stand_for_it_still(office: Office):
    people, glass = office.people, office.house.break_glass
    dossier = office.house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    asked = glass.request(dossier.id, dossier.digest, OUTAGE, 600, people.olga, NOW)
    glass.second(asked.id, people.rita, NOW)
    record = office.issue(dossier).record
    office.house.identity.disable("olga", NOW)
    assert code_of(lambda: office.redeem(record.permit.id, None, people.bot, NOW)) == "approvals_changed"


def test_broken_glass_gets_no_permit_while_the_gate_is_frozen(office: Office):
    people, glass = office.people, office.house.break_glass
    dossier = office.house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    office.house.closures.freeze("All hands.", people.olga, NOW)
    asked = glass.request(dossier.id, dossier.digest, OUTAGE, 600, people.olga, NOW)
    glass.second(asked.id, people.rita, NOW)
    assert code_of(lambda: office.issue(dossier)) == "gate_frozen"


# who has seen it


def test_a_verdict_that_no_witness_has_seen_gets_no_permit(office: Office):
    office.log.is_witness_silent = True
    dossier = office.passed()
    assert code_of(lambda: office.issue(dossier)) == "verdict_not_witnessed"
    assert office.permits.of_proposal(dossier.id, office.people.bot, NOW) == []
    office.log.is_witness_silent = False
    wait_until(lambda: issued_at_last(office, dossier), 10, "no permit although the witness is back")


def issued_at_last(office: Office, dossier) -> bool:
    with suppress(ConflictError, UnavailableError):
        return redeem(office, office.issue(dossier).record).record.standing is Standing.CONSUMED
    return False


def test_a_permit_that_no_witness_sees_is_revoked_and_nobody_gets_it(office: Office):
    dossier = office.passed()
    office.issue(dossier)
    office.log.is_witness_silent = True
    assert code_of(lambda: office.issue(dossier)) == "not_witnessed"
    latest = office.permits.of_proposal(dossier.id, office.people.bot, NOW)[0]
    assert (latest.standing, latest.revocation, latest.witnessed_at) == (
        Standing.REVOKED,
        "not_witnessed",
        None,
    )
    assert code_of(lambda: redeem(office, latest)) == "revoked"


def test_a_permit_cannot_be_redeemed_before_a_witness_has_seen_it(office: Office):
    dossier = office.passed()
    office.issue(dossier)
    office.log.is_witness_silent = True
    asking = Thread(target=lambda: issued_at_last(office, dossier))
    asking.start()

    wait_until(lambda: bool(unseen(office, dossier.id)), 10, "no permit is waiting for its witness")
    refused = code_of(lambda: redeem(office, unseen(office, dossier.id)[0]))
    office.log.is_witness_silent = False
    asking.join()
    assert refused == "not_witnessed"


# what cannot be written


@pytest.mark.parametrize("leaf", ["permit.issued", "permit.consumed", "permit.revoked"])
def test_without_its_leaf_nothing_happens(office: Office, leaf: str):
    dossier = office.passed()
    record = office.issue(dossier).record
    before = size_of(office.house.database)
    refuse_leaf(office.house.database, leaf)
    attempt = {
        "permit.issued": lambda: office.issue(dossier),
        "permit.consumed": lambda: redeem(office, record),
        "permit.revoked": lambda: office.permits.revoke(record.permit.id, "Enough.", office.people.rita, NOW),
    }[leaf]
    assert code_of(attempt) == "database_unavailable"
    assert (size_of(office.house.database), standing(office, record)) == (before, Standing.ISSUED)
    assert [each.permit for each in office.permits.of_proposal(dossier.id, office.people.bot, NOW)] == [
        record.permit
    ]
    admit_leaf(office.house.database)
    assert redeem(office, record).record.standing is Standing.CONSUMED


def test_when_the_database_is_gone_nothing_is_granted(
    office: Office, database_url: str, request: pytest.FixtureRequest
):
    dossier = office.passed()
    record = office.issue(dossier).record
    office.log.end()
    destroy(office.house.database, database_url, request)
    assert code_of(lambda: redeem(office, record)) == "database_unavailable"
    assert code_of(lambda: office.issue(dossier)) == "database_unavailable"


def refuse_leaf(database: Database, kind: str) -> None:
    """Let the database refuse entries of one kind."""
    statements = [
        f"CREATE TRIGGER full_disk BEFORE INSERT ON events WHEN NEW.type = '{kind}' "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    ]
    if not database.is_sqlite:
        statements = [
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'disk full'; END$$",
            "CREATE TRIGGER full_disk BEFORE INSERT ON events FOR EACH ROW "
            f"WHEN (NEW.type = '{kind}') EXECUTE FUNCTION full_disk()",
        ]
    with database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def admit_leaf(database: Database) -> None:
    on_table = "" if database.is_sqlite else " ON events"
    with database.write() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER full_disk{on_table}")


def destroy(database: Database, url: str, request: pytest.FixtureRequest) -> None:
    """What is left when a disk dies or a server is gone."""
    if not database.is_sqlite:
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        cluster.drop(url)
        return
    database.close()
    path = Path(url.removeprefix("sqlite:///"))
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    path.mkdir()
