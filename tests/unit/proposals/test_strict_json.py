"""Strict JSON: what parsers differ on is refused, with a pointer, in linear time."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import FieldError
from gatekeeper.proposals.strict_json import (
    MAX_DEPTH,
    MAX_FAULTS,
    NotStrictJsonError,
    json_faults,
    pointer_to,
    read_json,
)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


def faults(raw: bytes) -> list[FieldError]:
    with pytest.raises(NotStrictJsonError) as refused:
        read_json(raw)
    return refused.value.faults


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_ordinary_json_is_its_value(value, ascii_only, indent):
    assert read_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()) == value


@given(st.binary(max_size=300))
def test_any_bytes_are_a_value_or_faults(raw):
    try:
        read_json(raw)
    except NotStrictJsonError as error:
        assert 1 <= len(error.faults) <= MAX_FAULTS


@given(st.text(alphabet='{}[]",:0123456789.eE-+ \\u\ud800NaInfitylsr\n', max_size=60))
def test_any_near_json_is_a_value_or_faults(text):
    try:
        read_json(text.encode("utf-8", "surrogatepass"))
    except NotStrictJsonError as error:
        assert 1 <= len(error.faults) <= MAX_FAULTS


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a": 1, "b": 2, "a": 1}', [FieldError("/a", "is given twice")]),
        (b'{"x": [1, {"a/b": 1, "a/b": 2}]}', [FieldError("/x/1/a~1b", "is given twice")]),
        (b'{"a": 1, "\\u0061": 2}', [FieldError("/a", "is given twice")]),
        (b'{"": 1, "": 2}', [FieldError("/", "is given twice")]),
        (b"NaN", [FieldError("", "must be a finite number")]),
        (b'{"a": [-Infinity, Infinity]}', [FieldError(f"/a/{n}", "must be a finite number") for n in (0, 1)]),
        (b'{"a": 1e999}', [FieldError("/a", "must be a finite number")]),
        (b'{"a": ' + b"9" * 5000 + b"}", [FieldError("/a", "must be a finite number")]),
        (b'["\\ud800"]', [FieldError("/0", "has half of a surrogate pair")]),
        (b'{"\\udfff": 1}', [FieldError("/\\udfff", "has half of a surrogate pair in its name")]),
        (b"\xef\xbb\xbf{}", [FieldError("", "begins with a byte order mark; send UTF-8 without one")]),
        (b'"\xff"', [FieldError("", "is not valid UTF-8 at byte 1")]),
        (b'"\xed\xa0\x80"', [FieldError("", "is not valid UTF-8 at byte 1")]),
    ],
)
def test_what_parsers_differ_on_is_refused_where_it_stands(raw, expected):
    assert faults(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"01",
        b"1.",
        b"+1",
        b".5",
        b"'a'",
        b"{'a': 1}",
        b"[1,]",
        b"// c\n1",
        b"1 2",
        b"\0",
        b'"\0"',
    ],
)
def test_what_is_no_json_at_all_is_one_fault_of_the_whole(raw):
    (fault,) = faults(raw)
    assert fault.pointer == ""
    assert fault.detail.startswith("is not JSON: ")


@pytest.mark.parametrize("depth", [990, 1000, 1010, 1100, 100_000])
@pytest.mark.parametrize(("before", "after"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_any_depth_ends_in_a_value_or_faults(depth, before, after):
    raw = before * depth + b"1" + after * depth
    try:
        assert json_faults(read_json(raw))[0].detail == f"is nested more than {MAX_DEPTH} levels deep"
    except NotStrictJsonError as error:
        assert len(error.faults) == 1


def test_values_that_came_about_otherwise_are_held_to_the_same():
    value = {"a": [1.5, math.nan], "b": "\ud800"}
    assert json_faults(value) == [
        FieldError("/a/1", "must be a finite number"),
        FieldError("/b", "has half of a surrogate pair"),
    ]


def test_a_name_without_end_is_cut_in_its_pointer():
    assert pointer_to("/a", "b" * 1000) == "/a/" + "b" * 128 + "..."
