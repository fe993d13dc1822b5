"""Forms by media type and by file name."""

import json
from pathlib import Path

import pytest

from gatekeeper.errors import InvalidInputError, TooLargeError, UnsupportedFormError
from gatekeeper.proposals.forms import JSON, MARKDOWN, form_of_path, parse_report
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.markdown_form import render_markdown
from tests.support.reports import a_report

REPORT = a_report()
RAW = {JSON: json.dumps(report_to_json(REPORT)).encode(), MARKDOWN: render_markdown(REPORT).encode()}


@pytest.mark.parametrize("form", [JSON, MARKDOWN])
@pytest.mark.parametrize(
    "parameters", ["", "; charset=utf-8", ';charset="UTF-8"', "; variant=CommonMark; Charset=utf8", " ;"]
)
def test_each_form_is_read_whatever_harmless_parameters_it_has(form, parameters):
    assert parse_report(RAW[form], form + parameters) == REPORT
    assert parse_report(RAW[form], form.upper() + parameters) == REPORT


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/xml",
        "application/json+x",
        "multipart/form-data",
        "application/json; charset=utf-16",
        "text/markdown;charset=iso-8859-1",
        "application/json, text/markdown",
    ],
)
def test_any_other_form_is_refused_unread(media_type):
    with pytest.raises(UnsupportedFormError):
        parse_report(b"\xff", media_type)


@pytest.mark.parametrize("form", [JSON, MARKDOWN])
def test_the_limit_counts_bytes_in_every_form(form):
    size = len(RAW[form])
    assert parse_report(RAW[form], form, limit_bytes=size) == REPORT
    with pytest.raises(TooLargeError):
        parse_report(RAW[form], form, limit_bytes=size - 1)


@pytest.mark.parametrize("form", [JSON, MARKDOWN])
def test_one_form_is_not_taken_for_the_other(form):
    other = JSON if form == MARKDOWN else MARKDOWN
    with pytest.raises(InvalidInputError) as refused:
        parse_report(RAW[form], other)
    assert refused.value.code == "not_a_report"


@pytest.mark.parametrize(
    ("path", "form"),
    [("a.json", JSON), ("b/c.MD", MARKDOWN), (Path("x.markdown"), MARKDOWN), ("a.md.json", JSON)],
)
def test_a_file_name_tells_its_form(path, form):
    assert form_of_path(path) == form


@pytest.mark.parametrize("path", ["a.txt", "json", ".json", "a.json.gz", "a.jsonl", ""])
def test_other_file_names_tell_none(path):
    with pytest.raises(UnsupportedFormError):
        form_of_path(path)
