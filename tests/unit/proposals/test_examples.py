"""The examples that ship with the house: the first things a new user sees, so they have to be right."""

import json
from pathlib import Path

import pytest

from gatekeeper.errors import InvalidInputError
from gatekeeper.proposals.forms import form_of_path, parse_report
from gatekeeper.proposals.json_form import parse_json, report_to_json
from gatekeeper.proposals.markdown_form import parse_markdown, render_markdown
from gatekeeper.proposals.report import Report
from tests.support.workspace import EXAMPLES

VALID = sorted((EXAMPLES / "valid").iterdir())
EXPECTED: dict[str, list[str]] = json.loads((EXAMPLES / "invalid" / "expected.json").read_text())


def read(path: Path) -> Report:
    return parse_report(path.read_bytes(), form_of_path(path))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_valid_example_is_the_same_report_in_both_forms(path: Path):
    report = read(path)
    assert parse_json(json.dumps(report_to_json(report)).encode()) == report
    assert parse_markdown(render_markdown(report).encode()).report == report


@pytest.mark.parametrize("path", [path for path in VALID if path.suffix == ".md"], ids=lambda path: path.name)
def test_a_valid_example_in_markdown_is_written_as_we_write_it(path: Path):
    parsed = parse_markdown(path.read_bytes())
    assert render_markdown(parsed.report, parsed.preamble).encode() == path.read_bytes()


def test_valid_examples_are_proposals_of_their_own():
    assert len({read(path).id for path in VALID}) == len(VALID)
    assert {path.suffix for path in VALID} == {".json", ".md"}


def test_valid_examples_show_every_field():
    shown = {name for path in VALID for name in report_to_json(read(path))}
    assert shown == set(Report.__dataclass_fields__)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_invalid_example_names_its_faulty_fields(name: str):
    with pytest.raises(InvalidInputError) as refused:
        read(EXAMPLES / "invalid" / name)
    assert refused.value.code == "not_a_report"
    assert [fault.pointer for fault in refused.value.errors] == EXPECTED[name]


def test_every_invalid_example_has_its_expectation():
    names = {path.name for path in (EXAMPLES / "invalid").iterdir()}
    assert names - {"expected.json"} == set(EXPECTED)
