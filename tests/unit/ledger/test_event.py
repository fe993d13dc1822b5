"""What an event records, byte for byte."""

from datetime import UTC, datetime

from gatekeeper.ledger.event import Event, EventType, ProposalRef

AT = datetime(2026, 3, 1, 12, 30, 0, 5, tzinfo=UTC)


def test_an_event_is_recorded_as_canonical_json_with_its_place_in_the_log():
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
