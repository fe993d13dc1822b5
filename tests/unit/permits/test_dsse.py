"""Envelopes: signed as DSSE v1 says, read in one spelling only, and no byte of payload or signature can be changed."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.permits.dsse import Envelope, EnvelopeError, envelope_of, pae, sign, verify
from tests.support.permits import KEY, a_permit_key

ENVELOPE = sign("application/example", b"hello world", KEY)
OTHER = a_permit_key("another")
ENVELOPES = st.builds(
    Envelope, st.text(max_size=9), st.binary(max_size=99), st.text(max_size=9), st.binary(max_size=64)
)


def test_what_is_signed_is_the_published_example() -> None:
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert pae("é", b"") == b"DSSEv1 2 \xc3\xa9 0 "


@given(
    st.tuples(st.text(max_size=5), st.binary(max_size=9)),
    st.tuples(st.text(max_size=5), st.binary(max_size=9)),
)
def test_no_two_payloads_are_signed_alike(one: tuple[str, bytes], other: tuple[str, bytes]) -> None:
    assert (pae(*one) == pae(*other)) == (one == other)


def test_the_key_that_signed_is_found_whatever_the_hint_says() -> None:
    assert verify(ENVELOPE, [OTHER.public, KEY.public]) == KEY.public
    assert verify(replace(ENVELOPE, keyid=OTHER.kid), [OTHER.public, KEY.public]) == KEY.public


def test_nobody_else_signed_it() -> None:
    for keys in ([], [OTHER.public]):
        with pytest.raises(EnvelopeError, match="no known key"):
            verify(replace(ENVELOPE, keyid=OTHER.kid), keys)


def test_another_type_is_not_what_was_signed() -> None:
    with pytest.raises(EnvelopeError):
        verify(replace(ENVELOPE, payload_type="application/exampl"), [KEY.public])


def test_every_changed_byte_of_payload_and_signature_is_seen() -> None:
    value = ENVELOPE.value
    encoded = {"payload": value["payload"], "sig": value["signatures"][0]["sig"]}
    for field, text in encoded.items():
        for at in range(len(text)):
            for put in ("A", "Q", "/", "=", "", "_", "\n", "é"):
                edited = text[:at] + put + text[at + 1 :]
                if edited == text:
                    continue
                changed = encoded | {field: edited}
                signatures = [{"keyid": KEY.kid, "sig": changed["sig"]}]
                with pytest.raises(EnvelopeError):
                    verify(
                        envelope_of(value | {"payload": changed["payload"], "signatures": signatures}),
                        [KEY.public],
                    )


@given(ENVELOPES)
def test_what_is_written_is_read_back(envelope: Envelope) -> None:
    assert envelope_of(envelope.value) == envelope


SIGNATURE = ENVELOPE.value["signatures"][0]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        ENVELOPE.value | {"more": 1},
        ENVELOPE.value | {"payload": None},
        ENVELOPE.value | {"payload": base64.b64encode(b"hello world").decode().rstrip("=")},
        ENVELOPE.value | {"payloadType": 1},
        ENVELOPE.value | {"signatures": {}},
        ENVELOPE.value | {"signatures": []},
        ENVELOPE.value | {"signatures": [SIGNATURE, SIGNATURE]},
        ENVELOPE.value
        | {
            "signatures": [
                SIGNATURE,
                sign("application/example", b"hello world", OTHER).value["signatures"][0],
            ]
        },
        ENVELOPE.value | {"signatures": [SIGNATURE | {"more": 1}]},
        ENVELOPE.value | {"signatures": [{"sig": SIGNATURE["sig"]}]},
        ENVELOPE.value | {"signatures": [SIGNATURE | {"keyid": 1}]},
    ],
)
def test_what_has_another_form_is_no_envelope(value: object) -> None:
    with pytest.raises(EnvelopeError):
        envelope_of(value)
