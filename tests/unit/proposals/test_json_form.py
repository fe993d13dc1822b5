"""The JSON form: strict for any bytes, every fault named, bounded work."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import FieldError, InvalidInputError, TooLargeError
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import parse_json, report_to_json
from gatekeeper.proposals.schema import compiled_validator, reference_validator
from tests.support.reports import a_report
from tests.support.workspace import EXAMPLES, shared_file

GOOD = report_to_json(a_report())


def faults(raw: bytes) -> list[FieldError]:
    with pytest.raises(InvalidInputError) as refused:
        parse_json(raw)
    return list(refused.value.errors)


def test_a_report_survives_the_round_trip():
    report = a_report(
        severity=24,
        likelihood=4,
        damage=3,
        reversibility=2,
        ai_model="m",
        p_fail=0.25,
        rollback=("sha256:" + "a" * 64,),
    )
    assert parse_json(json.dumps(report_to_json(report)).encode()) == report


def test_a_whole_number_written_as_a_fraction_is_the_same_report():
    raw = json.dumps(GOOD | {"severity": 4.0}).encode()
    assert parse_json(raw) == parse_json(json.dumps(GOOD).encode())


def test_the_digest_does_not_depend_on_how_it_was_written():
    one = parse_json(json.dumps(GOOD).encode())
    other = parse_json(json.dumps(dict(reversed(GOOD.items())), indent=3).encode())
    assert report_digest(one) == report_digest(other)


@pytest.mark.parametrize("name", sorted(json.loads((EXAMPLES / "invalid/expected.json").read_text())))
def test_every_invalid_example_names_its_faulty_fields(name: str):
    from gatekeeper.proposals.forms import form_of_path, parse_report

    expected = json.loads((EXAMPLES / "invalid/expected.json").read_text())[name]
    with pytest.raises(InvalidInputError) as refused:
        parse_report((EXAMPLES / "invalid" / name).read_bytes(), form_of_path(name))
    assert sorted(fault.pointer for fault in refused.value.errors) == sorted(expected)


def test_an_unknown_field_is_told_its_nearest_name():
    assert faults(json.dumps(GOOD | {"severty": 1}).encode()) == [
        FieldError("/severty", "is not a field of a report; did you mean severity?")
    ]


def test_over_the_limit_it_is_not_even_read():
    with pytest.raises(TooLargeError):
        parse_json(b"x" * 101, limit_bytes=100)


@pytest.mark.parametrize(
    "raw",
    [
        b"{" + b",".join(b'"k":%d' % n for n in range(120_000)) + b"}",
        json.dumps(GOOD | {"risks": [1] * 300_000}).encode(),
        json.dumps(GOOD | {f"unknown{n}": n for n in range(40_000)}).encode(),
        b"[" * 500_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=["one key again and again", "many faults", "many unknown fields", "brackets", "objects"],
)
def test_hostile_bulk_is_refused_with_few_faults(raw: bytes):
    with pytest.raises(InvalidInputError) as refused:
        parse_json(raw, limit_bytes=1 << 24)
    assert 1 <= len(refused.value.errors) <= 50


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(raw: bytes):
    with pytest.raises(InvalidInputError):
        parse_json(raw)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 100) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(GOOD)), JSON_VALUES)
def test_both_validators_agree_on_any_changed_field(name: str, value: object):
    changed = GOOD | {name: value}
    assert compiled_validator().is_valid(changed) == reference_validator().is_valid(changed)


@given(JSON_VALUES)
def test_both_validators_agree_on_any_value(value: object):
    assert compiled_validator().is_valid(value) == reference_validator().is_valid(value)


@given(st.sampled_from(["id", "timestamp", "proposal"]), st.text(max_size=40))
def test_both_validators_agree_on_any_text(name: str, text: str):
    changed = GOOD | {name: text}
    assert compiled_validator().is_valid(changed) == reference_validator().is_valid(changed)


@pytest.mark.parametrize(
    "timestamp",
    ["2026-01-01T06:48:04.934Z", "2026-01-01T06:48:04+02:00", "2026-02-30T00:00:00Z", "2026-01-01", "", "Z"],
)
def test_both_validators_agree_on_timestamps(timestamp: str):
    changed = GOOD | {"timestamp": timestamp}
    assert compiled_validator().is_valid(changed) == reference_validator().is_valid(changed)


def test_both_validators_agree_on_every_real_report():
    with shared_file("corpus/reports.jsonl").open("rb") as lines:
        reports = [json.loads(line)["report"] for line in lines]
    assert [compiled_validator().is_valid(report) for report in reports] == [True] * 788
    assert [reference_validator().is_valid(report) for report in reports] == [True] * 788
