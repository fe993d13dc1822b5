"""The fast path of RFC 8785 is the standard's, to the byte."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.canonical import canonical_json, sha256_name

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_both_paths_give_the_same_bytes(value: object):
    assert canonical_json(value) == rfc8785.dumps(value)


@given(st.floats(0.0001, 1.0001) | st.decimals(0, 1, places=4).map(float))
def test_a_share_of_one_has_the_same_bytes_on_both_paths(value: float):
    assert canonical_json([value]) == rfc8785.dumps([value])


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), {"a": float("inf")}])
def test_what_the_standard_cannot_carry_is_refused(value: object):
    with pytest.raises(ValueError, match=r"."):
        canonical_json(value)


def test_the_published_example_of_sorting_holds():
    value = {"\u20ac": "Euro", "\r": "CR", "1": "One", "\U0001f600": "Smiley", "\u0080": "Control", "ö": "o"}
    keys = list(rfc8785.dumps(value).decode().replace("{", "").split('"')[1::4])
    assert canonical_json(value) == rfc8785.dumps(value)
    assert keys == ["\\r", "1", "\u0080", "ö", "€", "\U0001f600"]


def test_a_name_is_the_hex_of_the_hash():
    assert sha256_name(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
