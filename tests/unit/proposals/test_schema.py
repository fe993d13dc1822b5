"""The report's schema: the compiled validator and the reference agree, and the reference says what is wrong."""

import json
from datetime import timedelta, timezone

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.proposals.json_form import report_from_value, report_to_json
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.schema import (
    compiled_validator,
    report_schema,
    validate_report,
)
from gatekeeper.proposals.schema_faults import reference_validator
from tests.support.generated_reports import reports
from tests.support.reports import a_report
from tests.support.workspace import EXAMPLES

GOOD = report_to_json(a_report())
NAMES = sorted(report_schema()["properties"])
TOO_MANY = ["a"] * 1001


def agreed(value: object) -> bool:
    """What both validators say."""
    compiled, reference = compiled_validator().is_valid(value), reference_validator().is_valid(value)
    assert compiled == reference
    return compiled


def faults(value: object) -> list[FieldError]:
    with pytest.raises(InvalidInputError) as refused:
        validate_report(value)
    assert refused.value.code == "not_a_report"
    return list(refused.value.errors)


def test_the_schema_is_a_json_schema():
    jsonschema.Draft202012Validator.check_schema(report_schema())


def test_the_schema_has_the_fields_of_a_report():
    assert set(NAMES) == set(Report.__dataclass_fields__)
    assert report_schema()["required"] == [
        "id",
        "timestamp",
        "severity",
        "block_execution",
        "proposal",
        "risks",
        "mitigations",
    ]


@given(reports())
def test_every_report_is_valid_and_comes_back_from_its_json(report):
    value = report_to_json(report)
    assert agreed(value)
    assert report_from_value(value) == report


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "a", "\n", "\0", "x" * 1025, "sha256:" + "a" * 64, "sha256:" + "a" * 64 + "\n"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*NAMES, "type", "target", "params_digest", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(reports(), st.sampled_from([*NAMES, "severty", "note"]), JSON)
def test_both_agree_on_a_report_with_one_field_changed(report, name, value):
    agreed({**report_to_json(report), name: value})


@given(reports(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_both_agree_on_a_report_without_some_fields(report, absent):
    value = {name: item for name, item in report_to_json(report).items() if name not in absent}
    assert agreed(value) == (not absent & set(report_schema()["required"]))


@given(JSON)
def test_both_agree_on_anything(value):
    agreed(value)


@given(
    st.sampled_from(["action", "truth"]), st.dictionaries(st.text(max_size=3), JSON, max_size=2), st.data()
)
def test_both_agree_on_the_inner_objects(name, additions, data):
    inner = {
        "action": {"type": "a", "target": "b", "params_digest": "sha256:" + "0" * 64},
        "truth": {"assumptions": [], "unknowns": ["u"], "falsifiable_claims": [], "confidence": 0.5},
    }[name]
    dropped = data.draw(st.sets(st.sampled_from(sorted(inner)), max_size=1))
    changed = {key: item for key, item in inner.items() if key not in dropped}
    agreed({**GOOD, name: {**changed, **additions}})


def test_both_agree_on_every_example():
    texts = [path.read_text() for path in (EXAMPLES / "valid").glob("*.json")]
    assert all(agreed(json.loads(text)) for text in texts)
    for path in (EXAMPLES / "invalid").glob("*.json"):
        try:
            value = json.loads(path.read_bytes())
        except ValueError:
            continue
        if not any(word in path.name for word in ("nan", "infinite", "surrogate", "deep")):
            agreed(value)


OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=OFFSETS), st.sampled_from("Tt"), st.sampled_from(["", ".0", ".123456789012"]))
def test_both_agree_on_moments(at, separator, fraction):
    offset = at.strftime("%z")
    text = at.strftime(f"{at.year:04}-%m-%d{separator}%H:%M:%S") + fraction + f"{offset[:3]}:{offset[3:5]}"
    assert agreed(GOOD | {"timestamp": text})


@given(
    st.tuples(*(st.integers(0, top) for top in (9999, 14, 33, 26, 62, 62))),
    st.sampled_from(
        ["Z", "z", "+00:00", "-00:00", "+23:59", "-05:30", "+24:00", "+01:60", "+0100", "", " Z"]
    ),
)
def test_both_agree_on_what_looks_like_a_moment(parts, offset):
    agreed(GOOD | {"timestamp": "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*parts) + offset})


@given(
    st.from_regex(
        r"\A[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]*)?[Zz]?\Z"
    )
)
def test_both_agree_on_the_shape_of_a_moment(text):
    agreed(GOOD | {"timestamp": text})


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2026-02-28T23:59:59Z", True),
        ("2024-02-29T00:00:00Z", True),
        ("2026-02-29T00:00:00Z", False),
        ("2016-12-31T23:59:60Z", True),
        ("2016-12-31T18:59:60-05:00", True),
        ("2016-12-31T12:00:60Z", False),
        ("2026-02-28T24:00:00Z", False),
        ("2026-02-28T10:00:00", False),
        ("2026-02-28T10:00:00Z\n", False),
        ("٢٠٢٦-02-28T10:00:00Z", False),
    ],
)
def test_a_timestamp_is_a_moment_that_exists(text, valid):
    assert agreed(GOOD | {"timestamp": text}) == valid


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"severity": "6"}, [("/severity", "must be of type integer")]),
        ({"severity": True}, [("/severity", "must be of type integer")]),
        ({"severity": 6.5}, [("/severity", "must be of type integer")]),
        ({"severity": 76}, [("/severity", "must be at most 75")]),
        ({"severity": -1}, [("/severity", "must be at least 0")]),
        ({"severity": 2**70}, [("/severity", "must be at most 75")]),
        ({"id": "fsar_7"}, [("/id", "must be fsar_ and a UUID in lower case")]),
        ({"id": f"{GOOD['id']}\n"}, [("/id", "must have at most 41 characters")]),
        ({"timestamp": "today"}, [("/timestamp", "must be a date and time as RFC 3339 writes them")]),
        ({"proposal": ""}, [("/proposal", "must not be empty")]),
        ({"proposal": "a\0b"}, [("/proposal", "must be text without NUL characters")]),
        ({"risks": ["ok", 3]}, [("/risks/1", "must be of type string")]),
        ({"risks": TOO_MANY}, [("/risks", "must have at most 1000 items")]),
        ({"ai_model": "a\nb"}, [("/ai_model", "must be one line of text")]),
        ({"ai_model": None}, [("/ai_model", "must be of type string")]),
        ({"p_fail": 1.01}, [("/p_fail", "must be at most 1")]),
        ({"severty": 1}, [("/severty", "is not a field of a report; did you mean severity?")]),
        ({"Mitigation": []}, [("/Mitigation", "is not a field of a report; did you mean mitigations?")]),
        ({"zzz": 1}, [("/zzz", "is not a field of a report")]),
        ({"a/b~": 1}, [("/a~1b~0", "is not a field of a report")]),
        (
            {"action": {"type": "a", "taget": "b", "params_digest": "x"}},
            [
                ("/action/params_digest", "must be sha256: and 64 hexadecimal digits in lower case"),
                ("/action/taget", "is not a field of a report; did you mean target?"),
                ("/action/target", "is required"),
            ],
        ),
        (
            {"likelihood": 3, "damage": 3, "reversibility": 2},
            [("/severity", "must be likelihood x damage x reversibility = 18, not 4")],
        ),
        (
            {"likelihood": 3.0, "damage": 3, "reversibility": 2},
            [("/severity", "must be likelihood x damage x reversibility = 18, not 4")],
        ),
        ({"likelihood": 0}, [("/likelihood", "must be at least 1")]),
    ],
)
def test_each_fault_is_named_in_words(changes, expected):
    assert faults(GOOD | changes) == [FieldError(*fault) for fault in expected]


def test_every_missing_field_is_named():
    assert [fault.pointer for fault in faults({})] == sorted(
        f"/{name}" for name in report_schema()["required"]
    )


@pytest.mark.parametrize("value", [None, [], "report", 3, True])
def test_what_is_no_object_is_one_fault(value):
    assert faults(value) == [FieldError("", "must be of type object")]


def test_two_factors_contradict_nothing():
    validate_report(GOOD | {"likelihood": 5, "damage": 5})


@given(reports(), st.dictionaries(st.sampled_from([*NAMES, "zz"]), JSON, min_size=1, max_size=4))
def test_faults_come_sorted_and_the_same_every_time(report, changes):
    value = report_to_json(report) | changes
    try:
        validate_report(value)
    except InvalidInputError as error:
        assert list(error.errors) == faults(dict(reversed(value.items())))
        assert [fault.pointer for fault in error.errors] == sorted(fault.pointer for fault in error.errors)
        assert "does not match the report's schema" not in {fault.detail for fault in error.errors}
