"""What paths on a command line mean."""

import io
import json
import os
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.cli.report_inputs import JSON, MARKDOWN, Reading, ReportInput, read_inputs
from gatekeeper.errors import GatekeeperError

READING = Reading(form=None, member=None, limit_bytes=1_000)


def inputs_of(*paths, reading=READING):
    return list(read_inputs([str(path) for path in paths], reading))


def codes_of(inputs):
    return [item.content.code if isinstance(item.content, GatekeeperError) else None for item in inputs]


def test_a_file_is_read_in_the_form_its_name_tells(tmp_path):
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "b.MD").write_bytes(b"# x")
    assert inputs_of(tmp_path / "b.MD", tmp_path / "a.json") == [
        ReportInput(f"{tmp_path}/b.MD", MARKDOWN, b"# x"),
        ReportInput(f"{tmp_path}/a.json", JSON, b"{}"),
    ]


def test_a_folder_gives_its_report_files_at_any_depth_sorted_without_hidden_ones(tmp_path):
    for name in ("b.md", "a.jsonl", "sub/z.json", "sub/.hidden.json", ".git/c.md", "notes.txt", ".d.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}\n")
    sources = [item.source.removeprefix(f"{tmp_path}/") for item in inputs_of(tmp_path)]
    assert sources == ["a.jsonl:1", "b.md", "sub/z.json"]


def test_lines_are_named_by_file_and_number_and_blank_ones_are_not_reports(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_bytes(b'{"a":1}\n\n  \r\n{"b":2}\r\n{"c":3}')
    assert inputs_of(path) == [
        ReportInput(f"{path}:1", JSON, b'{"a":1}'),
        ReportInput(f"{path}:4", JSON, b'{"b":2}'),
        ReportInput(f"{path}:5", JSON, b'{"c":3}'),
    ]


def test_a_line_over_the_limit_is_an_error_and_the_next_line_is_read(tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"x" * 1_000 + b"\n" + b"x" * 1_001 + b"\n" + b"x" * 5_000 + b"\n{}\n" + b"y" * 3_000)
    found = inputs_of(path)
    assert [item.source.rpartition(":")[2] for item in found] == ["1", "2", "3", "4", "5"]
    assert codes_of(found) == [None, "too_large", "too_large", None, "too_large"]


def test_of_a_file_over_the_limit_no_more_is_read_than_shows_it(tmp_path):
    path = tmp_path / "long.json"
    path.write_bytes(b"x" * 5_000)
    (found,) = inputs_of(path)
    assert len(found.content) == 1_001


@pytest.mark.parametrize("name", ["empty.jsonl", "folder"])
def test_a_path_without_any_report_is_an_error_not_silence(tmp_path, name):
    if name == "folder":
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").touch()
    else:
        (tmp_path / name).write_bytes(b"\n\n")
    assert codes_of(inputs_of(tmp_path / name)) == ["no_reports"]


def test_what_cannot_be_read_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.json").write_bytes(b"{}")
    found = inputs_of(tmp_path / "missing.json", tmp_path / "a.json", tmp_path / "report.txt")
    assert codes_of(found) == ["unreadable", None, "unsupported_form"]


def test_a_form_may_be_said_for_names_that_tell_none(tmp_path):
    (tmp_path / "report").write_bytes(b"# x")
    reading = Reading("markdown", None, 1_000)
    assert inputs_of(tmp_path / "report", reading=reading) == [
        ReportInput(f"{tmp_path}/report", MARKDOWN, b"# x")
    ]


def test_standard_input_is_read_in_the_form_said(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b'{"a":1}\n{"b":2}\n')))
    assert inputs_of("-", reading=Reading("jsonl", None, 1_000)) == [
        ReportInput("stdin:1", JSON, b'{"a":1}'),
        ReportInput("stdin:2", JSON, b'{"b":2}'),
    ]


def test_a_report_is_taken_from_the_member_named(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({"report": {"id": 1}, "markdown": "# FSAR\n"}) + "\n")
    as_json = inputs_of(path, reading=Reading(None, "report", 1_000))
    as_markdown = inputs_of(path, reading=Reading(None, "markdown", 1_000))
    assert [*as_json, *as_markdown] == [
        ReportInput(f"{path}:1", JSON, b'{"id":1}'),
        ReportInput(f"{path}:1", MARKDOWN, b"# FSAR\n"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        b'{"other": {}}',
        b'["report"]',
        b"nonsense",
        b'{"report": {"severity": 60, "severity": 1}}',
        b'{"report": {}, "report": {}}',
        b'{"report": {"p_fail": NaN}}',
        b'{"report": {"p_fail": 1e999}}',
        b"\xff\xfe",
        b"[" * 900 + b"]" * 900,
    ],
)
def test_a_line_whose_member_is_not_plain_is_refused(tmp_path, line):
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(line + b"\n")
    found = inputs_of(path, reading=Reading(None, "report", 10_000))
    assert codes_of(found) == ["invalid_input"]


def test_a_name_that_is_not_text_can_still_be_reported(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.json"
    with open(path, "wb") as file:
        file.write(b"{}")
    (found,) = inputs_of(os.fsdecode(path))
    assert found == ReportInput(f"{tmp_path}/\ufffd.json", JSON, b"{}")


@given(st.binary(max_size=400), st.sampled_from([None, "report"]))
def test_no_bytes_of_a_jsonl_file_break_the_reading(tmp_path_factory, content, member):
    path = tmp_path_factory.mktemp("any") / "any.jsonl"
    path.write_bytes(content)
    found = inputs_of(path, reading=Reading(None, member, 100))
    said = [line for line in content.split(b"\n") if line.strip()]
    assert len(found) == max(1, len(said))
