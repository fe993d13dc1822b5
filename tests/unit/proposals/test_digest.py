"""The digest names one value, however it was written."""

import hashlib
import json
from dataclasses import replace

import rfc8785
from hypothesis import given

from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import parse_json, report_to_json
from gatekeeper.proposals.markdown_form import parse_markdown, render_markdown
from tests.support.generated_reports import reports
from tests.support.reports import a_report


@given(reports())
def test_it_is_the_hash_of_the_rfc_8785_form(report):
    canonical = rfc8785.dumps(report_to_json(report))
    assert report_digest(report) == "sha256:" + hashlib.sha256(canonical).hexdigest()


@given(reports())
def test_both_forms_and_any_spelling_have_one_digest(report):
    value = report_to_json(report)
    spellings = [
        json.dumps(value),
        json.dumps(dict(reversed(value.items())), ensure_ascii=False, indent=3),
        json.dumps(value | {"severity": float(report.severity)}),
    ]
    digests = {report_digest(parse_json(spelling.encode())) for spelling in spellings}
    digests.add(report_digest(parse_markdown(render_markdown(report).encode()).report))
    assert digests == {report_digest(report)}


def test_one_and_one_point_zero_are_one_value():
    assert report_digest(a_report(id="x", p_fail=1)) == report_digest(a_report(id="x", p_fail=1.0))


def test_any_change_changes_it():
    report = a_report()
    changes = [
        {"severity": 5},
        {"block_execution": True},
        {"proposal": report.proposal + " "},
        {"risks": ()},
        {"mitigations": report.mitigations * 2},
        {"ai_model": "planner"},
        {"rollback": ()},
        {"p_fail": 0},
    ]
    digests = {report_digest(replace(report, **change)) for change in changes}
    assert len(digests | {report_digest(report)}) == len(changes) + 1
