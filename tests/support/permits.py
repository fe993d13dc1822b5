"""A permit that everything fits, its signed bundle in a small witnessed log, and strategies for permits of any kind."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.ledger.keys import SigningKey as LogKey
from gatekeeper.ledger.merkle import inclusion_proof
from gatekeeper.ledger.proof import Proof
from gatekeeper.permits import dsse
from gatekeeper.permits.bundle import Bundle
from gatekeeper.permits.permit import ActionBinding, Permit
from gatekeeper.permits.signing_keys import SigningKey, new_key
from gatekeeper.permits.statement import PAYLOAD_TYPE, statement
from gatekeeper.proposals.report import Action
from tests.support.exported_logs import LOG, SECONDS, WITNESS, signed, some_entries, tree_of

NOW = datetime.fromtimestamp(SECONDS, UTC)
REFERENCE = ProposalRef("fsar_6c6ffd3c-1f7d-4ac6-a77a-2f3a4d3e5f60", 4, "sha256:" + "a" * 64)
BINDING = ActionBinding(REFERENCE, Action("deploy", "service/ledger", "sha256:" + "b" * 64))
PERMIT = Permit(
    id="permit_9b2f8f5e-6c4e-4d1a-9a58-0f1c2d3e4f50",
    nonce="0123456789abcdef" * 2,
    binding=BINDING,
    audience="deployer-1",
    executor=None,
    not_before=NOW,
    expires_at=NOW + timedelta(seconds=300),
    policy_revision="sha256:" + "c" * 64,
    rollback=("sha256:" + "d" * 64,),
    verdict_leaf=7,
    approvals=(5, 6),
)


def a_permit_key(name: str) -> SigningKey:
    """The key of this name: always the same."""
    return new_key(hashlib.sha256(name.encode()).digest())


KEY = a_permit_key("permits")


def issued_leaf(envelope: dsse.Envelope, permit: Permit, index: int) -> bytes:
    """The leaf of a permit that was issued, as the gate records it."""
    facts = {
        "permit": permit.id,
        "statement": f"sha256:{hashlib.sha256(envelope.payload).hexdigest()}",
        "key": envelope.keyid,
    }
    event = Event(EventType.PERMIT_ISSUED, permit.not_before, "prn_1", permit.binding.proposal, facts)
    return event.body(index)


def logged(entry: bytes, index: int, *keys: LogKey) -> Proof:
    """The proof of an entry in a log of twice its index and one, signed by LOG and WITNESS unless by `keys`."""
    entries = some_entries(2 * index + 1)
    entries[index] = entry
    root, nodes = tree_of(entries)
    checkpoint = Checkpoint(LOG.name, len(entries), root)
    hashes = inclusion_proof(index, len(entries), lambda wanted: [nodes[each] for each in wanted])
    return Proof(index, tuple(hashes), signed(checkpoint, *(keys or (LOG, WITNESS))))


def bundle_for(permit: Permit = PERMIT, key: SigningKey = KEY) -> Bundle:
    """A permit as the gate hands it out."""
    envelope = dsse.sign(PAYLOAD_TYPE, statement(permit), key)
    entry = issued_leaf(envelope, permit, 9)
    return Bundle(envelope, entry, logged(entry, 9))


DIGESTS = st.binary(min_size=32, max_size=32).map(lambda value: f"sha256:{value.hex()}")
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
BINDINGS = st.builds(
    ActionBinding,
    st.builds(ProposalRef, TEXTS, st.integers(1, 2**53 - 1), DIGESTS),
    st.none() | st.builds(Action, TEXTS, TEXTS, DIGESTS),
)
LEAVES = st.integers(0, 2**53 - 1)


@st.composite
def permits(draw: st.DrawFn) -> Permit:
    """Any permit there can be."""
    not_before = datetime.fromtimestamp(draw(st.integers(0, 2**32)), UTC)
    return Permit(
        id=f"permit_{draw(st.uuids(version=4))}",
        nonce=draw(st.binary(min_size=16, max_size=16)).hex(),
        binding=draw(BINDINGS),
        audience=draw(TEXTS.filter(lambda text: text.isprintable() and text == text.strip())),
        executor=draw(st.none() | st.binary(min_size=32, max_size=32).map(lambda key: new_key(key).kid)),
        not_before=not_before,
        expires_at=not_before + timedelta(seconds=draw(st.integers(1, 900))),
        policy_revision=draw(DIGESTS),
        rollback=tuple(draw(st.lists(DIGESTS, max_size=3))),
        verdict_leaf=draw(LEAVES),
        approvals=tuple(draw(st.lists(LEAVES, max_size=3))),
    )
