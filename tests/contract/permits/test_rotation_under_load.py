"""Keys are rotated while permits are issued: every permit verifies with the published keys, and is redeemed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gatekeeper.app import Gatekeeper
from gatekeeper.clock import utc_now
from gatekeeper.executions.obstacle import obstacle_of
from gatekeeper.identity.principal import Principal
from gatekeeper.permits.rotation import PUBLISHED_AHEAD
from gatekeeper.permits.service import Issued, Patience, PermitService, Wanted, new_permit_id
from gatekeeper.permits.verification import verify_permit
from gatekeeper.permits.witnessed import WitnessedLog
from tests.support.house import NOW
from tests.support.office import Office, terms_of

THREADS = 3
ROUNDS = 6


def patient_desk(house: Gatekeeper) -> PermitService:
    """A desk where all of them may wait, for long; each is somebody else, for nobody waits twice."""
    return PermitService(
        house.database,
        WitnessedLog(house.database, house.log, most_waiting=THREADS + 1),
        terms_of(house, house.bundle.revision),
        obstacle_of,
        new_permit_id,
        Patience(60.0, 60.0),
    )


@pytest.mark.timeout(240)
def test_no_permit_is_lost_between_two_keys(office: Office):
    policy = office.house.log.policy()
    assert policy is not None
    rotated = threading.Event()
    patient = patient_desk(office.house)

    askers = [office.house.identity.add(f"asker{number}", ["operator"], NOW)[0] for number in range(THREADS)]

    def issue(by: Principal = office.people.bot) -> Issued:
        issued = patient.issue(Wanted(office.passed().id, "bot"), by, utc_now)
        verify(issued)
        return issued

    def issue_until_rotated(number: int) -> list[Issued]:
        issued: list[Issued] = []
        while not rotated.is_set() or not issued:
            issued.append(issue(askers[number]))
        return issued

    def verify(issued: Issued) -> None:
        binding = issued.record.permit.binding
        keys = office.keys.published()
        permit = verify_permit(issued.bundle, keys, policy, binding.digest, "bot", utc_now())
        assert permit == issued.record.permit

    with ThreadPoolExecutor(THREADS) as pool:
        working = [pool.submit(issue_until_rotated, number) for number in range(THREADS)]
        try:
            for number in range(ROUNDS):
                before = len(office.keys.published())
                seed = b"%032d" % number
                ahead = PUBLISHED_AHEAD if number % 3 == 2 else PUBLISHED_AHEAD * 0
                rotation = office.keys.rotate(seed, utc_now(), ahead)
                assert [key.kid for key in office.keys.published()][before:] == [rotation.kid]
                issue()
        finally:
            rotated.set()
        everything = [permit for worker in working for permit in worker.result()]
    names = {permit.bundle.envelope.keyid for permit in everything}
    assert names <= {key.kid for key in office.keys.published()}
    for permit in everything:
        verify(permit)
        spent = office.redeem(permit.record.permit.id, None, office.people.bot, utc_now())
        assert spent.record.permit == permit.record.permit
