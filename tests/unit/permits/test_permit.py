"""A permit says what it may and nothing else, and what has become of it depends on nothing but what happened since."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.permit import (
    ActionBinding,
    Since,
    Standing,
    checked_audience,
    standing_at,
)
from tests.support.permits import BINDING, BINDINGS, NOW, PERMIT, REFERENCE

UNTOUCHED = Since(current_revision=4, seen_freeze=2, newest_freeze=2)


def test_a_binding_is_the_digest_of_exactly_this_revision_and_action() -> None:
    canonical = (
        '{"action":{"params_digest":"sha256:' + "b" * 64 + '","target":"service/ledger","type":"deploy"},'
        '"proposal":{"digest":"sha256:' + "a" * 64 + '","id":"fsar_6c6ffd3c-1f7d-4ac6-a77a-2f3a4d3e5f60",'
        '"revision":4}}'
    ).encode()
    assert BINDING.canonical == canonical
    assert BINDING.digest == hashlib.sha256(canonical).hexdigest()
    assert ActionBinding(REFERENCE, None).canonical == b'{"action":null,' + canonical.partition(b"},")[2]


@given(BINDINGS, BINDINGS)
def test_no_two_bindings_share_a_digest(one: ActionBinding, other: ActionBinding) -> None:
    assert (one.digest == other.digest) == (one == other)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "permit_1"},
        {"id": PERMIT.id + "\n"},
        {"nonce": ""},
        {"nonce": "0" * 31},
        {"nonce": "0" * 33},
        {"nonce": "0" * 32 + "\n"},
        {"nonce": "A" * 32},
        {"audience": ""},
        {"audience": " deployer"},
        {"audience": "deploy\ner"},
        {"audience": "x" * 201},
        {"executor": "short"},
        {"binding": replace(BINDING, proposal=ProposalRef(REFERENCE.id, 0, REFERENCE.digest))},
        {"binding": replace(BINDING, proposal=ProposalRef(REFERENCE.id, 4, "sha256:A"))},
        {"policy_revision": "c" * 64},
        {"rollback": ("sha256:" + "D" * 64,)},
        {"verdict_leaf": -1},
        {"approvals": (3, -1)},
        {"expires_at": NOW},
        {"expires_at": NOW + timedelta(seconds=901)},
        {"expires_at": NOW + timedelta(seconds=300, microseconds=1)},
        {"not_before": NOW.replace(tzinfo=None)},
        {"not_before": NOW.astimezone(timezone(timedelta(hours=1)))},
    ],
)
def test_a_permit_that_could_not_be_signed_cannot_be_built(changes: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        replace(PERMIT, **changes)


def test_a_permit_may_last_fifteen_minutes() -> None:
    assert replace(PERMIT, expires_at=NOW + timedelta(seconds=900)).expires_at == NOW + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("recorded", "since", "seconds", "standing"),
    [
        (Standing.ISSUED, UNTOUCHED, 0, Standing.ISSUED),
        (Standing.ISSUED, UNTOUCHED, 299, Standing.ISSUED),
        (Standing.ISSUED, UNTOUCHED, 300, Standing.EXPIRED),
        (Standing.ISSUED, UNTOUCHED, 301, Standing.EXPIRED),
        (Standing.ISSUED, replace(UNTOUCHED, current_revision=5), 0, Standing.SUPERSEDED),
        (Standing.ISSUED, replace(UNTOUCHED, newest_freeze=3), 0, Standing.VOIDED),
        (Standing.ISSUED, replace(UNTOUCHED, newest_freeze=3), 400, Standing.VOIDED),
        (Standing.CONSUMED, replace(UNTOUCHED, current_revision=5, newest_freeze=3), 400, Standing.CONSUMED),
        (Standing.REVOKED, replace(UNTOUCHED, current_revision=5, newest_freeze=3), 400, Standing.REVOKED),
    ],
)
def test_standing(recorded: Standing, since: Since, seconds: int, standing: Standing) -> None:
    assert standing_at(recorded, PERMIT, since, NOW + timedelta(seconds=seconds)) is standing


STEPS = st.lists(st.sampled_from(["wait", "edit", "freeze"]), max_size=6)


@given(STEPS)
def test_a_permit_that_fell_never_stands_again(steps: list[str]) -> None:
    since, now, fallen = UNTOUCHED, NOW, False
    for step in steps:
        now += timedelta(seconds=200 if step == "wait" else 0)
        since = replace(
            since,
            current_revision=since.current_revision + (step == "edit"),
            newest_freeze=since.newest_freeze + (step == "freeze"),
        )
        fallen = fallen or step != "wait" or now >= PERMIT.expires_at
        assert (standing_at(Standing.ISSUED, PERMIT, since, now) is not Standing.ISSUED) == fallen


def test_an_audience_that_names_nobody_names_the_field() -> None:
    detail = "must be 1 to 200 printable characters, without a blank at either end"
    for name in ("", " ", "a\tb", "a ", "x" * 201):
        with pytest.raises(InvalidInputError) as caught:
            checked_audience(name)
        assert caught.value.errors == (FieldError("/audience", detail),)
    assert checked_audience("Deployer 1, Zürich") == "Deployer 1, Zürich"
