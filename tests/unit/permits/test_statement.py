"""One permit, one spelling: what is written is read back, and no other bytes are a permit."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.canonical import canonical_json
from gatekeeper.permits.permit import Permit
from gatekeeper.permits.signing_keys import thumbprint
from gatekeeper.permits.statement import NotAPermitError, parse_statement, statement
from tests.support.permits import BINDING, KEY, PERMIT, REFERENCE, permits

STATEMENT = statement(PERMIT)
VALUE = json.loads(STATEMENT)


def test_a_statement_is_an_in_toto_statement_of_the_binding() -> None:
    executor = thumbprint(KEY.public.public)
    assert json.loads(statement(replace(PERMIT, executor=executor))) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": f"{REFERENCE.id}@4", "digest": {"sha256": BINDING.digest}}],
        "predicateType": "https://gatekeeper.dev/permit/v1",
        "predicate": {
            "permitId": PERMIT.id,
            "nonce": "0123456789abcdef" * 2,
            "proposal": {"id": REFERENCE.id, "revision": 4, "digest": REFERENCE.digest},
            "action": {"type": "deploy", "target": "service/ledger", "params_digest": "sha256:" + "b" * 64},
            "audience": "deployer-1",
            "cnf": {"jkt": executor},
            "nbf": "2026-03-01T00:00:00Z",
            "exp": "2026-03-01T00:05:00Z",
            "maxUses": 1,
            "policyDigest": "sha256:" + "c" * 64,
            "rollback": ["sha256:" + "d" * 64],
            "verdictLeaf": 7,
            "approvals": [5, 6],
        },
    }


@given(permits())
def test_what_is_written_is_read_back(permit: Permit) -> None:
    assert parse_statement(statement(permit)) == permit


def with_predicate(**changes: object) -> bytes:
    return canonical_json(VALUE | {"predicate": VALUE["predicate"] | changes})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        STATEMENT + b"\n",
        STATEMENT.replace(b",", b", ", 1),
        STATEMENT.replace(b'"maxUses":1', b'"maxUses":1,"maxUses":1'),
        STATEMENT.replace(b'"audience":"deployer-1"', b'"audience":"thief","audience":"deployer-1"'),
        STATEMENT.replace(b"deployer", rb"\u0064eployer"),
        STATEMENT.replace(b"deployer", b"\xff"),
        with_predicate(maxUses=2),
        with_predicate(maxUses=True),
        with_predicate(verdictLeaf=7.5),
        with_predicate(nonce=None),
        with_predicate(nonce=int("1" * 15)),
        with_predicate(nonce=""),
        with_predicate(nonce="0123456789abcdef"),
        with_predicate(nonce="0123456789ABCDEF" * 2),
        with_predicate(approvals=[5, True]),
        with_predicate(approvals={}),
        with_predicate(more=1),
        with_predicate(exp="2026-03-01T00:15:01Z"),
        with_predicate(exp="2026-03-01T00:05:00+00:00"),
        with_predicate(exp="2026-03-01T00:05:00.5Z"),
        with_predicate(exp=None),
        with_predicate(cnf={}),
        with_predicate(cnf={"jkt": 1}),
        with_predicate(action=None),
        with_predicate(action=VALUE["predicate"]["action"] | {"target": "service/payments"}),
        with_predicate(proposal=VALUE["predicate"]["proposal"] | {"revision": 5}),
        with_predicate(proposal=VALUE["predicate"]["proposal"] | {"more": 1}),
        canonical_json({name: item for name, item in VALUE.items() if name != "_type"}),
        canonical_json(VALUE | {"_type": "https://in-toto.io/Statement/v0.1"}),
        canonical_json(VALUE | {"predicateType": "https://gatekeeper.dev/consumption/v1"}),
        canonical_json(VALUE | {"subject": VALUE["subject"] * 2}),
        canonical_json(VALUE | {"subject": []}),
        canonical_json(VALUE | {"more": 1}),
    ],
)
def test_other_bytes_are_no_permit(raw: bytes) -> None:
    with pytest.raises(NotAPermitError):
        parse_statement(raw)


@pytest.mark.parametrize("name", sorted(VALUE["predicate"]))
def test_nothing_may_be_missing(name: str) -> None:
    predicate = {each: item for each, item in VALUE["predicate"].items() if each != name}
    with pytest.raises(NotAPermitError):
        parse_statement(canonical_json(VALUE | {"predicate": predicate}))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(VALUE["predicate"])), JUNK)
def test_any_value_in_the_place_of_a_field_is_refused_in_one_way(name: str, junk: object) -> None:
    raw = json.dumps(VALUE | {"predicate": VALUE["predicate"] | {name: junk}}).encode()
    if raw != STATEMENT:
        with pytest.raises(NotAPermitError):
            parse_statement(raw)


@given(st.integers(0, len(STATEMENT) - 1), st.binary(max_size=2))
def test_edited_bytes_are_another_permit_or_none(at: int, put: bytes) -> None:
    edited = STATEMENT[:at] + put + STATEMENT[at + 1 :]
    try:
        assert statement(parse_statement(edited)) == edited
    except NotAPermitError:
        assert edited != STATEMENT
