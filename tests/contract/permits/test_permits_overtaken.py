"""What changes after a permit was issued, or while it is: on both databases, the permit gets nothing.

Each attack has its control: the same permit, left alone, is redeemed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from gatekeeper import app
from gatekeeper.permits.permit import Standing
from gatekeeper.permits.service import PermitService, Wanted, new_permit_id
from gatekeeper.permits.witnessed import WitnessedLog
from gatekeeper.review.votes import VoteKind
from tests.support.house import NOW, at
from tests.support.office import Office, terms_of
from tests.support.permit_attacks import code_of, redeem, standing, unseen
from tests.support.ports import wait_until
from tests.support.reports import a_blocked_report, a_report
from tests.support.workspace import another_policy

OTHER_POLICY = "sha256:" + "0" * 64
ANOTHER_TEXT = "Reword the greeting of the daily summary so that it names the day."


def edited(office: Office, proposal_id: str) -> str:
    """The same proposal with another text, which passes too: its digest."""
    report = a_report(id=proposal_id, proposal=ANOTHER_TEXT)
    return office.house.gate.submit(report, office.people.bot, NOW).dossier.digest


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
    assert code_of(lambda: redeem(other, record)) == "policy_changed"
    assert code_of(lambda: redeem(office, record)) == "policy_not_in_force"
    back = office.with_policy(office.house.bundle.revision)
    assert redeem(back, record).record.standing is Standing.CONSUMED


def test_a_policy_that_changed_before_issue_prevents_it(office: Office):
    dossier = office.passed()
    elsewhere = office.with_policy(OTHER_POLICY)
    assert code_of(lambda: elsewhere.issue(dossier)) == "policy_changed"
    assert code_of(lambda: office.issue(dossier)) == "policy_not_in_force"


def test_votes_that_another_policy_counted_get_no_permit(office: Office, tmp_path: Path):
    dossier = office.house.gate.submit(a_blocked_report(), office.people.bot, NOW).dossier
    other = app.build(replace(office.house.settings, policies_dir=another_policy(tmp_path / "other")))
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
    again = partial(office.issue, dossier, office.people.olga)
    later = Thread(target=lambda: outcomes.append(again().record.standing.value))
    later.start()
    wait_until(lambda: [each.permit.id for each in unseen(office, dossier.id)] != [first], 10, "not replaced")
    office.log.is_witness_silent = False
    earlier.join()
    later.join()
    assert sorted(outcomes) == ["issued", "revoked"]
