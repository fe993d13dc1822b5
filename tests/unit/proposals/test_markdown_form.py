"""The Markdown form: the same value as JSON, the same bytes back, every fault named."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import InvalidInputError
from gatekeeper.proposals.json_form import parse_json, report_to_json
from gatekeeper.proposals.markdown_form import MarkdownReport, parse_markdown, render_markdown
from gatekeeper.proposals.report import Action, Truth
from tests.support.generated_reports import reports
from tests.support.reports import a_report
from tests.support.workspace import shared_file

REPORT = a_report(risks=("One",), mitigations=("Two", "Three"))
TEXT = """# FSAR Proposal Report
- id: {id}
- timestamp: 2026-03-01T09:30:00.000Z
- severity: 4
- block_execution: false
- proposal:

{proposal}

## Risks
- One

## Mitigations
- Two
- Three"""


def text(proposal: str = REPORT.proposal) -> str:
    return TEXT.format(id=REPORT.id, proposal=proposal)


def test_a_report_is_written_in_the_shape_automation_writes():
    assert render_markdown(REPORT) == text()
    assert parse_markdown(text().encode()).report == REPORT


def test_a_leading_comment_is_kept_but_is_no_part_of_the_report():
    parsed = parse_markdown(b"<!-- note -->\n\n" + text().encode())
    assert (parsed.report, parsed.preamble) == (REPORT, "<!-- note -->\n\n")
    assert render_markdown(parsed.report, parsed.preamble) == "<!-- note -->\n\n" + text()


def test_every_real_pair_is_one_value_and_comes_back_to_the_byte():
    with shared_file("corpus/reports.jsonl").open("rb") as lines:
        pairs = [json.loads(line) for line in lines]
    assert len(pairs) == 788
    for pair in pairs:
        parsed = parse_markdown(pair["markdown"].encode())
        assert parsed.report == parse_json(json.dumps(pair["report"]).encode())
        assert render_markdown(parsed.report, parsed.preamble) == pair["markdown"]


def test_the_first_report_of_all_comes_back_to_the_byte():
    raw = shared_file("seed/fsar-proposal-report.md").read_bytes()
    parsed = parse_markdown(raw)
    assert (parsed.report.severity, parsed.report.block_execution) == (48, True)
    assert render_markdown(parsed.report, parsed.preamble).encode() == raw


def test_the_last_sections_count_even_where_the_text_holds_a_whole_report():
    proposal = f"Quoted:\n\n````md\n{text()}\n````\n\n{text('inner')}"
    assert parse_markdown(text(proposal).encode()).report == replace(REPORT, proposal=proposal)


def test_one_line_feed_at_the_end_of_the_file_is_ignored():
    assert parse_markdown(text().encode() + b"\n").report == REPORT
    with pytest.raises(InvalidInputError):
        parse_markdown(text().encode() + b"\n\n")


def test_empty_lists_stay_empty():
    report = a_report(risks=(), mitigations=())
    rendered = render_markdown(report)
    assert rendered.endswith("\n\n## Risks\n\n\n## Mitigations\n")
    assert parse_markdown(rendered.encode()).report == report


def test_fields_may_come_in_any_order():
    lines = text().split("\n")
    lines[1:5] = reversed(lines[1:5])
    assert parse_markdown("\n".join(lines).encode()).report == REPORT


@pytest.mark.parametrize(
    "body",
    [
        "- a: 1\n" * 100_000,
        "- a: [\n" * 100_000,
        "\n\n## Risks\n" * 80_000,
        "\n\n## Mitigations\n" * 50_000,
        "<!--" * 200_000,
    ],
    ids=["fields", "broken fields", "risks", "mitigations", "comments"],
)
def test_hostile_bulk_is_refused_with_few_faults(body: str):
    for raw in (body, "# FSAR Proposal Report\n" + body, text(body.strip("\n")) + "\n" + body):
        with pytest.raises(InvalidInputError) as refused:
            parse_markdown(raw.encode(), limit_bytes=1 << 24)
        assert 1 <= len(refused.value.errors) <= 50


def test_headings_and_fences_in_the_text_belong_to_the_text():
    proposal = "## Risks\n- not this one\n\n```md\n## Mitigations\n- nor this\n```\n\n## Risks\nprose"
    assert parse_markdown(text(proposal).encode()).report.proposal == proposal


def test_optional_fields_are_written_and_read():
    report = a_report(
        severity=24,
        likelihood=4,
        damage=3,
        reversibility=2,
        ai_model="planner: 2",
        p_fail=0.5,
        action=Action("deploy", "shop", "sha256:" + "b" * 64),
        rollback=("sha256:" + "c" * 64,),
        truth=Truth(("a",), (), ("c",), 0.75),
    )
    assert parse_markdown(render_markdown(report).encode()).report == report


PREAMBLES = st.lists(
    st.sampled_from(["<!-- note -->", "<!---->", "<!-- a\n- b: c -->", "\n", " ", "\t"]), max_size=4
)


@given(reports(), PREAMBLES.map("".join))
def test_every_report_has_a_form_that_reads_back_as_itself(report, preamble):
    rendered = render_markdown(report, preamble)
    assert parse_markdown(rendered.encode()) == MarkdownReport(report, preamble)
    assert parse_json(json.dumps(report_to_json(report)).encode()) == report


@given(reports(), st.text(max_size=20))
def test_an_odd_preamble_reads_back_or_is_refused(report, preamble):
    try:
        rendered = render_markdown(report, preamble)
    except InvalidInputError as error:
        assert error.code == "not_markdown"
    else:
        assert parse_markdown(rendered.encode()) == MarkdownReport(report, preamble)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"risks": ("nul \0",)}, "/risks/0"),
        ({"risks": ("",)}, "/risks/0"),
        ({"proposal": ""}, "/proposal"),
        ({"ai_model": "two\nlines"}, "/ai_model"),
        ({"severity": 99}, "/severity"),
        ({"proposal": "half \ud800"}, "/proposal"),
    ],
)
def test_what_no_parser_built_is_refused_with_its_field(changes, pointer):
    with pytest.raises(InvalidInputError) as refused:
        render_markdown(a_report(**changes))
    assert (refused.value.code, refused.value.errors[0].pointer) == ("not_markdown", pointer)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(raw: bytes):
    for candidate in (raw, b"# FSAR Proposal Report\n" + raw):
        with pytest.raises(InvalidInputError):
            parse_markdown(candidate)


@pytest.mark.parametrize(
    ("old", "new", "pointers"),
    [
        ("# FSAR Proposal Report", "# Report", {""}),
        ("- severity: 4", "- severity: high", {"/severity"}),
        ("- severity: 4", "- severity: 4\n- severity: 4", {"/severity"}),
        ("- severity: 4\n", "", {"/severity"}),
        ("- block_execution: false", "- block_execution: False", {"/block_execution"}),
        ("- proposal:", "- proposal: x", {"/proposal"}),
        ("## Mitigations", "## Measures", {"/mitigations"}),
        ("## Risks", "## Dangers", {"/risks"}),
        ("- Three", "Three", {"/mitigations/1"}),
        ("- One", "One", {"/risks/0"}),
        ("- Three", "- Three\n\n## Notes\n- more", {"/mitigations/2"}),
        ("- severity: 4", "- severity: NaN", {"/severity"}),
        ("- severity: 4", "- severity: 1e999", {"/severity"}),
        ("- severity: 4", "- severity: 76", {"/severity"}),
        ("- severity: 4", "- Severity: 4", {"/Severity", "/severity"}),
        ("- severity: 4", '- severity: "4"', {"/severity"}),
        ("- severity: 4", "- severity: 4\n- likelihood: 1\n- damage: 1\n- reversibility: 1", {"/severity"}),
        ("- severity: 4", "severity: 4", {"/block_execution", "/proposal", "/severity"}),
        ("- severity: 4", '- severity: 4\n- truth: {"a": 1, "a": 2}', {"/truth", "/truth/a"}),
        ("- severity: 4", '- severity: 4\n- rollback: ["x"]', {"/rollback/0"}),
        ("- severity: 4", "- severity: 4\n- risks: []", {"/risks"}),
        ("- severity: 4", "- severity: high\n- severty: 4", {"/severity", "/severty"}),
        ("- id: fsar_", "- id: FSAR_", {"/id"}),
        ("\n\n## Risks", "\n## Risks", {"/risks"}),
        ("\n", "\r\n", {""}),
        ("# FSAR", "<!-- # FSAR", {""}),
        ("# FSAR", "\ufeff# FSAR", {""}),
        ("Reword", "\0", {"/proposal"}),
    ],
)
def test_a_fault_names_its_field(old: str, new: str, pointers: set[str]):
    with pytest.raises(InvalidInputError) as refused:
        parse_markdown(text().replace(old, new).encode())
    assert {fault.pointer for fault in refused.value.errors} == pointers


def test_an_item_of_several_lines_goes_on_indented():
    report = a_report(risks=("One\n\n## Mitigations\n- no item",), mitigations=("Two\n", "Three"))
    rendered = render_markdown(report)
    assert rendered.endswith("- One\n  \n  ## Mitigations\n  - no item\n\n## Mitigations\n- Two\n  \n- Three")
    assert parse_markdown(rendered.encode()).report == report
