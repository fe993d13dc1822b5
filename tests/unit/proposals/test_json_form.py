"""The JSON form: strict for any bytes, every fault named, bounded work."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import FieldError, InvalidInputError, TooLargeError
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import parse_json, report_to_json
from gatekeeper.proposals.schema import compiled_validator
from gatekeeper.proposals.schema_faults import reference_validator
from tests.support.generated_reports import reports
from tests.support.reports import a_report
from tests.support.workspace import shared_file

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


@given(reports(), st.binary(max_size=6), st.integers(0, 10_000), st.integers(0, 4))
def test_no_damage_raises_anything_else(report, junk, at, cut):
    raw = json.dumps(report_to_json(report)).encode()
    at %= len(raw) + 1
    try:
        parse_json(raw[:at] + junk + raw[at + cut :])
    except InvalidInputError as error:
        assert 1 <= len(error.errors) <= 50


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(raw: bytes):
    with pytest.raises(InvalidInputError):
        parse_json(raw)


def test_both_validators_agree_on_every_real_report():
    with shared_file("corpus/reports.jsonl").open("rb") as lines:
        reports = [json.loads(line)["report"] for line in lines]
    assert [compiled_validator().is_valid(report) for report in reports] == [True] * 788
    assert [reference_validator().is_valid(report) for report in reports] == [True] * 788
