"""Whose permit it is, on both databases: nobody else redeems it, nor without the key that it is bound to.

Each attack has its control: the same permit, left alone, is redeemed.
"""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gatekeeper.errors import InvalidInputError
from gatekeeper.permits.permit import Standing, proof_message
from gatekeeper.permits.record import PermitRecord
from tests.support.house import NOW
from tests.support.office import Office
from tests.support.permit_attacks import code_of, redeem


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
