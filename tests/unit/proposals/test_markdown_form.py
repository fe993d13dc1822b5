"""The Markdown form: the same value as JSON, the same bytes back, every fault named."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import InvalidInputError
from gatekeeper.proposals.json_form import parse_json
from gatekeeper.proposals.markdown_form import parse_markdown, render_markdown
from gatekeeper.proposals.report import Action, Truth
from tests.support.reports import a_report
from tests.support.workspace import EXAMPLES, shared_file

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


WORDS = st.text(string.printable + "é☃\u200b", min_size=1, max_size=60)


@given(WORDS, st.lists(WORDS, max_size=3), st.lists(WORDS, max_size=3))
def test_what_is_rendered_reads_back_and_what_cannot_is_refused(proposal, risks, mitigations):
    report = a_report(proposal=proposal, risks=tuple(risks), mitigations=tuple(mitigations))
    try:
        rendered = render_markdown(report)
    except InvalidInputError as error:
        assert error.code == "not_markdown"
        return
    assert parse_markdown(rendered.encode()).report == report


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


def test_every_valid_example_in_markdown_reads():
    names = sorted(path.name for path in (EXAMPLES / "valid").glob("*.md"))
    assert names == ["2-product-index.md", "4-payment-key.md", "6-approve-myself.md"]
    for name in names:
        parse_markdown((EXAMPLES / "valid" / name).read_bytes())
