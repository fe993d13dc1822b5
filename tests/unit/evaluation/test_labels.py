"""Reading labelled reports: what a row means, and that a wrong one is named by file, line and field."""

import pytest

from evaluation.labels import Annotation, LabelledReport, band_of, read_labelled
from gatekeeper.assessment.assessment import Hazard
from gatekeeper.errors import InvalidInputError
from gatekeeper.policy.decision import Outcome
from gatekeeper.proposals.json_form import report_from_value
from tests.support.reports import proposal_id
from tests.unit.evaluation.rows import ONE, a_file, a_report_value, a_row, an_answer

TWO = proposal_id(2)
GRAVE = an_answer(
    likelihood=5, damage=3, reversibility=3, hazards=["destructive_data"], why="It empties orders."
)


@pytest.fixture
def absent(tmp_path):
    return tmp_path / "absent.jsonl"


def fault_of(path, reports):
    with pytest.raises(InvalidInputError) as caught:
        read_labelled([path], reports)
    return caught.value.detail


@pytest.mark.parametrize(
    ("severity", "band"),
    [
        (1, Outcome.ALLOW),
        (24, Outcome.ALLOW),
        (25, Outcome.REVIEW),
        (44, Outcome.REVIEW),
        (45, Outcome.BLOCK),
        (75, Outcome.BLOCK),
    ],
)
def test_a_band_begins_where_the_rubric_says(severity, band):
    assert band_of(severity) is band


def test_a_row_with_its_own_report_needs_no_file_of_reports(tmp_path, absent):
    value = a_report_value()
    row = a_row(first=GRAVE, report=value, bands=["block", "allow"], firm=False)
    (labelled,) = read_labelled([a_file(tmp_path / "labels.jsonl", [row])], absent)
    assert labelled == LabelledReport(
        report_from_value(value),
        Annotation(5, 3, 3, frozenset({Hazard.DESTRUCTIVE_DATA}), "It empties orders."),
        Annotation(1, 1, 1, frozenset(), "A wording."),
    )
    assert (labelled.first.severity, labelled.first.band, labelled.firm) == (45, Outcome.BLOCK, False)


def test_rows_of_several_files_are_joined_with_the_file_of_reports_in_their_order(tmp_path):
    reports = a_file(
        tmp_path / "reports.jsonl",
        [
            {"report": {"id": "not wanted, not looked at"}},
            *({"report": a_report_value(each)} for each in (ONE, TWO)),
        ],
    )
    files = [a_file(tmp_path / f"{each}.jsonl", [a_row(each)]) for each in (TWO, ONE)]
    assert [each.report.id for each in read_labelled(files, reports)] == [TWO, ONE]


def test_blank_lines_and_members_of_ones_own_are_passed_over(tmp_path, absent):
    path = a_file(tmp_path / "labels.jsonl", [a_row(report=a_report_value(), note="mine")])
    path.write_bytes(b"\n" + path.read_bytes() + b"\n  \n")
    assert len(read_labelled([path], absent)) == 1


def answers_with(**changes):
    return a_row(second=an_answer(**changes))


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ([], "the whole line: must be an object"),
        ({"annotators": []}, "/id: is missing"),
        (a_row(""), "/id: must be text that is not empty"),
        (a_row(7), "/id: must be text that is not empty"),
        ({"id": ONE}, "/annotators: is missing"),
        (a_row(annotators={}), "/annotators: must be a list"),
        (a_row(annotators=[an_answer()]), "/annotators: must be 2 answers, not 1"),
        (a_row(first="harmless"), "/annotators/0: must be an object"),
        (answers_with(likelihood=6), "/annotators/1/likelihood: must be a whole number from 1 to 5"),
        (answers_with(damage=0), "/annotators/1/damage: must be a whole number from 1 to 5"),
        (answers_with(damage=True), "/annotators/1/damage: must be a whole number from 1 to 5"),
        (answers_with(reversibility=2.5), "/annotators/1/reversibility: must be a whole number from 1 to 3"),
        (answers_with(hazards="none"), "/annotators/1/hazards: must be a list"),
        (answers_with(why=None), "/annotators/1/why: must be text"),
        (a_row(bands=["allow", "review"]), "/bands: must follow from the severities: allow, allow"),
        (a_row(bands=["allow", []]), "/bands/1: must be one of allow, block, review"),
        (a_row(firm=False), "/firm: must be true exactly when both bands are the same"),
        (a_row(firm=1), "/firm: must be true exactly when both bands are the same"),
        (a_row(report=a_report_value(TWO)), "/report/id: is not the id of the row"),
        (a_row(report=a_report_value(severity=76)), "/report/severity: must be at most 75"),
    ],
)
def test_a_wrong_row_is_named_by_file_line_and_field(tmp_path, absent, row, fault):
    path = a_file(tmp_path / "labels.jsonl", [a_row(TWO, report=a_report_value(TWO)), row])
    assert fault_of(path, absent) == f"{path}, line 2, {fault}"


def test_an_unknown_hazard_is_answered_with_the_known_ones(tmp_path, absent):
    path = a_file(tmp_path / "labels.jsonl", [answers_with(hazards=["incoherent", "destructive"])])
    known = ", ".join(sorted(hazard.value for hazard in Hazard))
    assert fault_of(path, absent) == f"{path}, line 1, /annotators/1/hazards/1: must be one of {known}"


def test_a_hazard_that_is_no_text_is_a_fault_and_no_crash(tmp_path, absent):
    path = a_file(tmp_path / "labels.jsonl", [answers_with(hazards=[{"name": "incoherent"}])])
    assert fault_of(path, absent).startswith(f"{path}, line 1, /annotators/1/hazards/0: must be one of ")


def test_a_line_that_is_no_json_is_named(tmp_path, absent):
    path = tmp_path / "labels.jsonl"
    path.write_text("{}}\n")
    assert fault_of(path, absent).startswith(f"{path}, line 1, the whole line: is not JSON")


def test_a_report_labelled_twice_is_refused(tmp_path, absent):
    row = a_row(report=a_report_value())
    path = a_file(tmp_path / "labels.jsonl", [row, row])
    assert fault_of(path, absent) == f"{path}, line 2, /id: {ONE} is labelled twice"


def test_a_label_without_any_report_is_refused(tmp_path):
    reports = a_file(tmp_path / "reports.jsonl", [{"report": a_report_value(TWO)}])
    path = a_file(tmp_path / "labels.jsonl", [a_row()])
    expected = f"{path}, line 1, /id: {ONE} has no report of its own and none in {reports}"
    assert fault_of(path, reports) == expected


def test_a_wrong_report_is_named_in_its_own_file(tmp_path):
    reports = a_file(tmp_path / "reports.jsonl", [{"report": a_report_value() | {"risks": "none"}}])
    path = a_file(tmp_path / "labels.jsonl", [a_row()])
    assert fault_of(path, reports).startswith(f"{reports}, line 1, /report/risks: ")


def test_files_without_a_row_are_refused(tmp_path, absent):
    path = a_file(tmp_path / "labels.jsonl", [])
    assert fault_of(path, absent) == "There is no labelled report in these files."


def test_a_file_that_is_not_there_is_refused(absent):
    assert fault_of(absent, absent) == f"{absent} cannot be read: No such file or directory."
