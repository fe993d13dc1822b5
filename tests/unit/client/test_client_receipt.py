"""Receipts: a key that counts signed that this very permit was spent, in its time, by whoever asked for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.client.answers import Issued, Spent
from gatekeeper.client.receipt import require_receipt, require_receipt_for
from gatekeeper.errors import UnavailableError
from gatekeeper.permits import dsse
from gatekeeper.permits.permit import Permit
from gatekeeper.permits.receipt import receipt
from gatekeeper.permits.signing_keys import PermitKey, SigningKey
from gatekeeper.permits.statement import PAYLOAD_TYPE, statement
from tests.support.permits import KEY, NOW, PERMIT, a_permit_key, bundle_for

ISSUED = Issued(PERMIT.id, bundle_for())
ASKER = json.loads(ISSUED.bundle.entry)["actor"]
ISSUED_LEAF = ISSUED.bundle.proof.index
OTHER = a_permit_key("another")
SECOND, MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
SPENT_AT = NOW + 60 * SECOND
TRUSTED = (OTHER.public, KEY.public)


def a_receipt(
    permit: Permit = PERMIT, executor: str = ASKER, leaf: int = ISSUED_LEAF + 1, at: datetime = SPENT_AT
) -> bytes:
    """What the gate signs when a permit is spent."""
    return receipt(permit, sha256_name(statement(permit)), executor, leaf, at)


RECEIPT = a_receipt()
VALUE = json.loads(RECEIPT)


def is_taken(
    payload: bytes = RECEIPT,
    keys: Sequence[PermitKey] = TRUSTED,
    *,
    signer: SigningKey = KEY,
    permit_id: str = PERMIT.id,
    payload_type: str = PAYLOAD_TYPE,
) -> bool:
    """Whether something may run on this."""
    spent = Spent(permit_id, "exec_1", dsse.sign(payload_type, payload, signer))
    return is_passed(lambda: require_receipt(spent, ISSUED, PERMIT, keys))


def is_passed(require: Callable[[], None]) -> bool:
    """A refusal has its one code."""
    try:
        require()
    except UnavailableError as refused:
        assert refused.code == "receipt_wrong"
        return False
    return True


def test_the_receipt_of_the_permit_that_was_spent_is_taken() -> None:
    assert is_taken()
    assert is_taken(with_predicate())
    assert is_taken(a_receipt(leaf=2**53 - 1))
    assert is_taken(signer=OTHER)


def test_only_a_trusted_key_signs_it_as_a_statement() -> None:
    assert not is_taken(keys=(OTHER.public,))
    assert not is_taken(keys=())
    assert not is_taken(payload_type="text/plain")
    assert not is_taken(permit_id=PERMIT.id.replace("9", "8"))


@pytest.mark.parametrize(
    "other",
    [
        replace(PERMIT, id="permit_00000000-0000-4000-8000-000000000000"),
        replace(PERMIT, nonce="0" * 32),
        replace(PERMIT, audience="deployer-2"),
        replace(PERMIT, binding=replace(PERMIT.binding, action=None)),
        replace(
            PERMIT, binding=replace(PERMIT.binding, proposal=replace(PERMIT.binding.proposal, revision=5))
        ),
    ],
)
def test_the_receipt_of_another_permit_is_none(other: Permit) -> None:
    assert not is_taken(a_receipt(other))


def test_whoever_asked_spent_it_after_it_was_logged() -> None:
    assert not is_taken(a_receipt(executor="prn_2"))
    assert not is_taken(a_receipt(leaf=ISSUED_LEAF))
    assert not is_taken(a_receipt(leaf=-1))


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        (NOW - 30 * SECOND - MICROSECOND, False),
        (NOW - 30 * SECOND, True),
        (PERMIT.expires_at - MICROSECOND, True),
        (PERMIT.expires_at, False),
        (datetime.max.replace(tzinfo=NOW.tzinfo), False),
    ],
)
def test_a_permit_is_spent_in_its_time(at: datetime, taken: bool) -> None:
    assert is_taken(a_receipt(at=at)) == taken


@pytest.mark.parametrize(
    ("at", "retired_at", "taken"),
    [
        (SPENT_AT, SPENT_AT + SECOND, True),
        (SPENT_AT, SPENT_AT, False),
        (SPENT_AT, SPENT_AT - SECOND, False),
        (SPENT_AT, NOW, False),
        (SPENT_AT, NOW - SECOND, False),
        (NOW - 20 * SECOND, NOW + SECOND, True),
        (NOW - 20 * SECOND, NOW, False),
        (NOW - 20 * SECOND, NOW - 10 * SECOND, False),
    ],
)
def test_a_key_signs_until_it_is_retired_and_nothing_for_a_later_permit(
    at: datetime, retired_at: datetime, taken: bool
) -> None:
    keys = (OTHER.public, replace(KEY.public, retired_at=retired_at))
    assert is_taken(a_receipt(at=at), keys) == taken
    assert is_taken(a_receipt(at=at), keys, signer=OTHER)


def with_predicate(**changes: object) -> bytes:
    """As canonical as the changes allow."""
    value = VALUE | {"predicate": VALUE["predicate"] | changes}
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"{}",
        b'{"predicate":1}',
        RECEIPT + b"\n",
        RECEIPT.replace(b'"leaf":', b'"leaf":11,"leaf":'),
        canonical_json(VALUE | {"subject": []}),
        canonical_json(VALUE | {"subject": VALUE["subject"] * 2}),
        canonical_json(VALUE | {"subject": [VALUE["subject"][0] | {"digest": {"sha256": "e" * 64}}]}),
        canonical_json(VALUE | {"predicateType": "https://gatekeeper.dev/permit/v1"}),
        canonical_json(VALUE | {"_type": "https://in-toto.io/Statement/v0.1"}),
        canonical_json(VALUE | {"more": 1}),
        with_predicate(more=1),
        with_predicate(leaf=True),
        with_predicate(leaf="11"),
        with_predicate(consumedAt=None),
        with_predicate(consumedAt="2026-03-01"),
        with_predicate(consumedAt="2026-03-01T00:01:00Z"),
        with_predicate(consumedAt="2026-03-01T00:01:00.000000"),
        with_predicate(consumedAt="2026-03-01T01:01:00.000000+01:00"),
        with_predicate(consumedAt="0001-01-01T00:00:00.000000+23:00"),
    ],
)
def test_signed_bytes_that_are_no_receipt_are_none(payload: bytes) -> None:
    assert not is_taken(payload)


JUNK: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just({})
)


@given(st.sampled_from(sorted(VALUE["predicate"])), JUNK)
def test_any_value_in_the_place_of_a_field_is_refused_in_one_way(name: str, junk: object) -> None:
    if not (name == "leaf" and type(junk) is int and junk > ISSUED_LEAF):
        assert not is_taken(with_predicate(**{name: junk}))


def is_taken_for_anybody(payload: bytes = RECEIPT) -> bool:
    """Whether it says that this permit was spent, by whomever."""
    spent = Spent(PERMIT.id, "exec_1", dsse.sign(PAYLOAD_TYPE, payload, KEY))
    return is_passed(lambda: require_receipt(spent, ISSUED, PERMIT, TRUSTED, is_askers=False))


def is_taken_by_id(
    payload: bytes = RECEIPT,
    keys: Sequence[PermitKey] = TRUSTED,
    *,
    permit_id: str = PERMIT.id,
    payload_type: str = PAYLOAD_TYPE,
) -> bool:
    """Whether it is enough for whoever knows the id alone."""
    spent = Spent(permit_id, "exec_1", dsse.sign(payload_type, payload, KEY))
    return is_passed(lambda: require_receipt_for(PERMIT.id, spent, keys))


def test_where_another_asked_anybody_may_have_spent_it() -> None:
    assert is_taken_for_anybody()
    assert is_taken_for_anybody(a_receipt(executor="prn_2"))
    assert not is_taken_for_anybody(with_predicate(executor=2))
    assert not is_taken_for_anybody(a_receipt(replace(PERMIT, nonce="0" * 32), executor="prn_2"))
    assert not is_taken_for_anybody(a_receipt(executor="prn_2", leaf=ISSUED_LEAF))
    assert not is_taken_for_anybody(a_receipt(executor="prn_2", at=PERMIT.expires_at))


def test_for_an_id_alone_a_trusted_key_signed_that_this_id_was_spent() -> None:
    assert is_taken_by_id()
    assert is_taken_by_id(a_receipt(replace(PERMIT, nonce="0" * 32), executor="prn_2"))
    assert not is_taken_by_id(keys=(OTHER.public,))
    assert not is_taken_by_id(payload_type="text/plain")
    other = "permit_00000000-0000-4000-8000-000000000000"
    assert not is_taken_by_id(permit_id=other)
    assert not is_taken_by_id(a_receipt(replace(PERMIT, id=other)))
    for retired_at, taken in ((SPENT_AT + SECOND, True), (SPENT_AT, False)):
        assert is_taken_by_id(keys=(replace(KEY.public, retired_at=retired_at),)) == taken


@pytest.mark.parametrize(
    "payload",
    [
        b"{}",
        statement(PERMIT),
        canonical_json(VALUE | {"predicateType": "https://gatekeeper.dev/permit/v1"}),
        canonical_json(VALUE | {"_type": "https://in-toto.io/Statement/v0.1"}),
        with_predicate(permitId=None),
        with_predicate(permitId=[PERMIT.id]),
        with_predicate(executor=None),
        with_predicate(leaf=True),
        with_predicate(consumedAt="2026-03-01T00:01:00.000000"),
        with_predicate(consumedAt="0001-01-01T00:00:00.000000+23:00"),
    ],
)
def test_what_is_no_receipt_is_none_for_an_id_either(payload: bytes) -> None:
    assert not is_taken_by_id(payload)


@pytest.mark.parametrize(
    "entry",
    [b"", b"[]", b"{}", b'{"actor":null}', b'{"actor":["prn_1"]}', b'{"actor":"prn_1","actor":"prn_1"}'],
)
def test_a_leaf_that_names_no_asker_gives_no_receipt(entry: bytes) -> None:
    spent = Spent(PERMIT.id, "exec_1", dsse.sign(PAYLOAD_TYPE, RECEIPT, KEY))
    with pytest.raises(UnavailableError):
        require_receipt(spent, replace(ISSUED, bundle=replace(ISSUED.bundle, entry=entry)), PERMIT, TRUSTED)
