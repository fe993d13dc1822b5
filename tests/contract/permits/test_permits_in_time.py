"""When a permit is good, on both databases: neither early nor late, and no longer than the pass it stands on.

Each attack has its control: the same permit, left alone, is redeemed.
"""

from __future__ import annotations

from datetime import timedelta

from gatekeeper.permits.permit import Standing
from gatekeeper.permits.service import Wanted
from tests.support.house import HOUR, MINUTE, NOW
from tests.support.office import Office
from tests.support.permit_attacks import code_of, redeem, size_of, standing
from tests.support.reports import a_blocked_report

SECOND = timedelta(seconds=1)
OUTAGE = "Checkout is down for every customer since 09:40."


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
