"""Answers to a client: what is not exactly a gate's answer is no answer, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.client.answers import Issued, Spent, issued_of, spent_of, state_of, submitted_of
from gatekeeper.client.receipt import require_receipt
from gatekeeper.errors import GatekeeperError, InvalidInputError, UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.note import Note
from gatekeeper.ledger.proof import Proof
from gatekeeper.permits.bundle import Bundle
from gatekeeper.permits.dsse import Envelope, sign
from gatekeeper.permits.permit import ActionBinding
from gatekeeper.permits.receipt import PREDICATE_TYPE
from gatekeeper.permits.signing_keys import new_key
from gatekeeper.permits.statement import PAYLOAD_TYPE
from gatekeeper.proposals.digest import report_digest
from tests.support.reports import a_report

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["id", "digest", "revision", "state", "verdict", "permit", "execution", "receipt", "bundle"]
)
REPORT = a_report()
PROPOSAL = {
    "id": REPORT.id,
    "digest": report_digest(REPORT),
    "revision": 3,
    "state": "passed",
    "verdict": {"outcome": "pass"},
}
KEY, OTHER = new_key(b"k" * 32), new_key(b"o" * 32)
PERMIT = Envelope(PAYLOAD_TYPE, b"the permit", "k", b"0" * 64)
ISSUED = Issued("permit_1", Bundle(PERMIT, b"", Proof(0, (), Note(Checkpoint("o", 1, b"0" * 32).text, ()))))


@given(JSON | st.dictionaries(NAMES, JSON))
def test_whatever_answers_is_read_or_refused(answer: object) -> None:
    readings: tuple[Callable[[object], object], ...] = (
        issued_of,
        spent_of,
        lambda value: submitted_of(value, REPORT),
        lambda value: state_of(value, "exec_1"),
    )
    for read in readings:
        with pytest.raises(GatekeeperError):
            read(answer)


def test_the_binding_is_of_the_report_that_was_sent() -> None:
    submitted = submitted_of(PROPOSAL, REPORT)
    assert (submitted.state, submitted.verdict) == ("passed", "pass")
    reference = submitted.binding.proposal
    assert submitted.binding == ActionBinding(reference, REPORT.action)
    assert (reference.id, reference.revision, reference.digest) == (REPORT.id, 3, report_digest(REPORT))


@pytest.mark.parametrize(
    "change", [{"id": "fsar_2"}, {"digest": "sha256:" + "0" * 64}, {"revision": True}, {"revision": "3"}]
)
def test_an_answer_about_another_report_or_revision_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((GatekeeperError, InvalidInputError)):
        submitted_of(PROPOSAL | change, REPORT)


def receipt(**changes: Any) -> Envelope:
    """The receipt for the permit, with changes."""
    predicate = {"permitId": "permit_1", "permitDigest": sha256_name(b"the permit")} | changes
    return sign(PAYLOAD_TYPE, canonical_json({"predicateType": PREDICATE_TYPE, "predicate": predicate}), KEY)


def test_a_receipt_is_good_for_the_very_permit_that_was_spent() -> None:
    require_receipt(Spent("permit_1", "exec_1", receipt()), ISSUED, [OTHER.public, KEY.public])


@pytest.mark.parametrize(
    ("spent", "key"),
    [
        (Spent("permit_1", "exec_1", receipt()), OTHER),
        (Spent("permit_2", "exec_1", receipt()), KEY),
        (Spent("permit_1", "exec_1", receipt(permitId="permit_2")), KEY),
        (Spent("permit_1", "exec_1", receipt(permitDigest=sha256_name(b"another"))), KEY),
        (Spent("permit_1", "exec_1", sign("text/plain", receipt().payload, KEY)), KEY),
        (Spent("permit_1", "exec_1", sign(PAYLOAD_TYPE, b"[]", KEY)), KEY),
        (Spent("permit_1", "exec_1", sign(PAYLOAD_TYPE, b"{", KEY)), KEY),
        (Spent("permit_1", "exec_1", sign(PAYLOAD_TYPE, b'{"predicate":1,"predicateType":1}', KEY)), KEY),
    ],
)
def test_any_other_receipt_is_none(spent: Spent, key: Any) -> None:
    with pytest.raises(UnavailableError) as refused:
        require_receipt(spent, ISSUED, [key.public])
    assert refused.value.code == "receipt_wrong"
