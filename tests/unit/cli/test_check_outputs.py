"""What `check` prints: the object of the contract, SARIF, and text for people."""

import io
from datetime import UTC, datetime

import jsonschema
import pytest

from gatekeeper.canonical import canonical_json
from gatekeeper.cli.check_text import print_checked
from gatekeeper.cli.checked import Checked, check_inputs, checked_to_json
from gatekeeper.cli.rendering import position
from gatekeeper.cli.report_inputs import JSON, ReportInput
from gatekeeper.cli.sarif import sarif_document
from gatekeeper.environment import read_settings
from gatekeeper.errors import FieldError, InvalidInputError, UnavailableError
from gatekeeper.judge import build_judge
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import report_to_json
from tests.support.reports import a_report

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TEXT = "First line \u202e stays\nthen\n```sql\nDROP TABLE users;\n```\n"

# What every consumer relies on, from the SARIF 2.1.0 schema: names, types, required members.
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {
                        "uri": {"type": "string", "format": "uri-reference"},
                        "index": {"type": "integer", "minimum": 0},
                    },
                    "additionalProperties": False,
                },
                "region": {
                    "type": "object",
                    "properties": {
                        "charOffset": {"type": "integer", "minimum": 0},
                        "charLength": {"type": "integer", "minimum": 0},
                        "snippet": {"type": "object", "required": ["text"]},
                    },
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {"type": "object", "required": ["id"]},
                                    }
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "type": "array",
                        "items": {"type": "object", "required": ["executionSuccessful"]},
                    },
                    "artifacts": {"type": "array"},
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message", "ruleId", "ruleIndex"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"type": "object", "required": ["text"]},
                                "locations": {"type": "array", "items": LOCATION},
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "properties": {"type": "object"},
                            },
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def judge():
    return build_judge(read_settings({}))


def checked_report(judge, source="report.json", **changes):
    content = canonical_json(report_to_json(a_report(**changes)))
    (checked,) = check_inputs([ReportInput(source, JSON, content)], judge, NOW, 100_000)
    return checked


def not_a_report():
    error = InvalidInputError("No.", errors=[FieldError("/severity", "is missing")], code="not_a_report")
    return Checked("bad.json", error)


def test_the_object_has_exactly_the_members_of_the_contract(judge):
    report = a_report(proposal=TEXT)
    content = canonical_json(report_to_json(report))
    (checked,) = check_inputs([ReportInput("a.json", JSON, content)], judge, NOW, 100_000)
    value = checked_to_json(checked)
    assert list(value) == [
        "source",
        "id",
        "digest",
        "outcome",
        "severity",
        "findings",
        "reasons",
        "policy",
    ]
    assert (value["source"], value["id"], value["digest"]) == ("a.json", report.id, report_digest(report))
    assert set(value["severity"]) == {
        "claimed",
        "assessed",
        "effective",
        "likelihood",
        "damage",
        "reversibility",
    }
    assert value["findings"]
    for finding in value["findings"]:
        assert set(finding) == {"rule", "hazard", "title", "start", "end", "excerpt", "confidence"}
    for reason in value["reasons"]:
        assert set(reason) == {"code", "effect", "message", "remedy"}
    assert value["policy"] == {"revision": judge.revision, "engine": "embedded"}


def test_an_input_that_is_no_report_says_where_it_is_wrong(judge):
    assert checked_to_json(not_a_report()) == {
        "source": "bad.json",
        "error": {"code": "not_a_report", "errors": [{"pointer": "/severity", "detail": "is missing"}]},
    }


def test_one_that_could_not_be_decided_does_not_stop_the_next(judge):
    class FaultyJudge:
        def __init__(self):
            self.calls = 0

        def judge(self, report, now):
            self.calls += 1
            if self.calls == 1:
                raise UnavailableError("Down.", code="engine_down")
            if self.calls == 2:
                raise ZeroDivisionError
            return judge.judge(report, now)

    inputs = [ReportInput(str(n), JSON, canonical_json(report_to_json(a_report()))) for n in range(3)]
    answers = list(check_inputs(inputs, FaultyJudge(), NOW, 100_000))
    assert [answer.exit_code.value for answer in answers] == [4, 4, 0]
    assert checked_to_json(answers[0])["error"]["code"] == "engine_down"
    assert checked_to_json(answers[1])["error"]["code"] == "internal"


def test_sarif_is_of_its_schema_and_places_are_in_the_text(judge):
    document = sarif_document(
        [
            checked_report(judge, "a.json", proposal=TEXT),
            checked_report(judge, "/abs/with space.jsonl:7", severity=60),
            not_a_report(),
        ]
    )
    jsonschema.Draft202012Validator(SARIF).validate(document)
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    regions = [
        place["region"]
        for result in run["results"]
        for place in [result["locations"][0]["physicalLocation"]]
        if "region" in place
    ]
    assert regions
    for region in regions:
        end = region["charOffset"] + region["charLength"]
        assert TEXT[region["charOffset"] : end].startswith(region["snippet"]["text"].rstrip("…"))
    assert run["artifacts"][1]["location"]["uri"] == "file:///abs/with%20space.jsonl%3A7"
    assert run["invocations"][0]["executionSuccessful"] is False
    assert [each["descriptor"]["id"] for each in run["invocations"][0]["toolExecutionNotifications"]] == [
        "not_a_report"
    ]


def test_sarif_without_failures_says_that_the_run_succeeded(judge):
    (run,) = sarif_document([checked_report(judge)])["runs"]
    assert run["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize(
    ("changes", "level"), [({"severity": 60}, "error"), ({"severity": 30, "mitigations": ()}, "warning")]
)
def test_the_level_of_a_reason_is_its_effect(judge, changes, level):
    (run,) = sarif_document([checked_report(judge, **changes)])["runs"]
    assert level in {result["level"] for result in run["results"]}


def printed(monkeypatch, *answers, width=None, **environ):
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    print_checked(answers)
    return stream.getvalue()


def test_text_says_outcome_severity_reasons_remedies_and_places(judge, monkeypatch):
    text = printed(monkeypatch, checked_report(judge, "a.json", proposal=TEXT, severity=60))
    assert "✕ BLOCKED  a.json" in text
    assert "claimed 60" in text
    assert "→ " in text
    assert "4:1 " in text
    assert "DROP TABLE users" in text


def test_text_has_no_escapes_and_no_trailing_blanks_where_there_is_no_terminal(judge, monkeypatch):
    evil = TEXT.replace("users", "users -- \x1b[2J\x1b]0;owned\x07")
    text = printed(monkeypatch, checked_report(judge, "a\x1b[31m.json", proposal=evil), not_a_report())
    assert "\x1b" not in text
    assert "\x07" not in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_text_adds_up_several(judge, monkeypatch):
    text = printed(monkeypatch, checked_report(judge), checked_report(judge, severity=60), not_a_report())
    assert text.splitlines()[-1] == "3 reports: 1 allowed, 1 blocked, 1 not a report"


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [("abc", 0, "1:1"), ("abc", 2, "1:3"), ("a\nb", 2, "2:1"), ("a\n\nxyz", 5, "3:3"), ("äö\nü", 3, "2:1")],
)
def test_places_are_lines_and_columns_counted_from_one(text, offset, place):
    assert position(text, offset) == place
