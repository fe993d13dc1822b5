"""What no witness has seen gets nothing, on both databases.

Each attack has its control: the same permit, left alone, is redeemed.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

from gatekeeper.errors import ConflictError, UnavailableError
from gatekeeper.permits.permit import Standing
from tests.support.house import NOW
from tests.support.office import Office
from tests.support.permit_attacks import code_of, redeem, unseen
from tests.support.ports import wait_until


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
