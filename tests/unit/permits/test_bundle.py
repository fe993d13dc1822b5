"""Bundles: read as they are written, refused field by field otherwise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from gatekeeper.errors import FieldError, InvalidInputError, TooLargeError
from gatekeeper.permits.bundle import MOST_BYTES, bundle_of, parse_bundle
from gatekeeper.permits.permit import Permit
from tests.support.permits import bundle_for, permits

BUNDLE = bundle_for()


@given(permits())
def test_what_is_written_is_read_back(permit: Permit) -> None:
    bundle = bundle_for(permit)
    assert parse_bundle(bundle.encoded) == bundle
    assert bundle_of(json.loads(json.dumps(bundle.value))) == bundle


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, FieldError("", "must have dsse, entry, tlogProof and nothing else")),
        (
            {"dsse": BUNDLE.envelope.value},
            FieldError("", "must have dsse, entry, tlogProof and nothing else"),
        ),
        (BUNDLE.value | {"more": 1}, FieldError("", "must have dsse, entry, tlogProof and nothing else")),
        (BUNDLE.value | {"entry": {}}, FieldError("/entry", "must be text")),
        (BUNDLE.value | {"entry": "\ud800"}, FieldError("/entry", "has half of a surrogate pair")),
        (BUNDLE.value | {"tlogProof": None}, FieldError("/tlogProof", "must be text")),
        (BUNDLE.value | {"tlogProof": ""}, FieldError("/tlogProof", "is no proof: this is not a proof")),
        (
            BUNDLE.value | {"tlogProof": "\ud800"},
            FieldError("/tlogProof", "has half of a surrogate pair"),
        ),
        (
            BUNDLE.value | {"dsse": {}},
            FieldError(
                "/dsse", "is no envelope: an object has payload, payloadType, signatures and nothing else"
            ),
        ),
    ],
)
def test_what_has_another_form_is_refused_by_its_field(value: object, fault: FieldError) -> None:
    with pytest.raises(InvalidInputError) as caught:
        bundle_of(value)
    assert (caught.value.code, caught.value.errors) == ("not_a_bundle", (fault,))


@pytest.mark.parametrize("name", ["dsse", "payload", "entry", "tlogProof", "sig"])
def test_a_name_that_is_given_twice_is_refused(name: str) -> None:
    raw = BUNDLE.encoded.replace(f'"{name}":'.encode(), f'"{name}":"x","{name}":'.encode(), 1)
    with pytest.raises(InvalidInputError) as caught:
        parse_bundle(raw)
    assert [fault.detail for fault in caught.value.errors] == ["is given twice"]


def test_a_bundle_is_not_read_without_end() -> None:
    with pytest.raises(TooLargeError):
        parse_bundle(b" " * (MOST_BYTES + 1))
