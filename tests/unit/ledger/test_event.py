"""What an event records, byte for byte, and how digests chain."""

import hashlib
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.ledger.event import GENESIS, Event, EventType, ProposalRef, chained_digest

AT = datetime(2026, 3, 1, 12, 30, 0, 5, tzinfo=UTC)


def test_an_event_is_recorded_as_canonical_json_with_its_place_in_the_chain():
    event = Event(
        EventType.VOTE_CAST, AT, "prn_1", ProposalRef("fsar_x", 2, "sha256:aa"), {"vote": "approve"}
    )
    assert event.body(7) == (
        b'{"actor":"prn_1","at":"2026-03-01T12:30:00.000005Z","facts":{"vote":"approve"},"index":7,'
        b'"proposal":{"digest":"sha256:aa","id":"fsar_x","revision":2},"type":"vote.cast","v":1}'
    )


def test_an_event_of_the_gate_itself_names_no_actor_and_no_proposal():
    assert Event(EventType.GATE_THAWED, AT).body(0) == (
        b'{"actor":null,"at":"2026-03-01T12:30:00.000005Z","facts":{},"index":0,"type":"gate.thawed","v":1}'
    )


@given(st.binary(max_size=60))
def test_a_chained_digest_covers_the_digest_before_it_and_the_bytes(body):
    expected = hashlib.sha256(GENESIS.encode() + b"\n" + body).hexdigest()
    assert chained_digest(GENESIS, body) == f"sha256:{expected}"


@given(st.binary(min_size=1, max_size=60), st.data())
def test_any_flipped_bit_changes_the_digest(body, data):
    position = data.draw(st.integers(0, len(body) * 8 - 1))
    flipped = bytearray(body)
    flipped[position // 8] ^= 1 << position % 8
    assert chained_digest(GENESIS, bytes(flipped)) != chained_digest(GENESIS, body)
