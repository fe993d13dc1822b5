from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.web.changes import Change, Line, compare, report_lines
from tests.support.reports import a_report

lines = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=20)


@given(lines)
def test_the_same_has_no_changes(before):
    assert compare(before, before) == []


@given(lines, lines)
def test_what_was_removed_and_added_is_all_there(before, after):
    found = compare(before, after)
    removed = [line.text for line in found if line.change is Change.REMOVED]
    added = [line.text for line in found if line.change is Change.ADDED]
    assert len(before) - len(removed) == len(after) - len(added)
    assert all(before.count(text) >= removed.count(text) for text in removed)
    assert all(after.count(text) >= added.count(text) for text in added)


def test_unchanged_lines_far_away_are_left_out():
    before = [str(number) for number in range(9)]
    assert compare(before, [*before, "new"]) == [
        Line(Change.GAP, ""),
        Line(Change.SAME, "6"),
        Line(Change.SAME, "7"),
        Line(Change.SAME, "8"),
        Line(Change.ADDED, "new"),
    ]


def test_every_field_of_a_report_is_compared():
    report = a_report(proposal="One\nTwo", risks=("first", "second"), mitigations=(), p_fail=0.5)
    assert report_lines(report) == [
        "block_execution: false",
        f"id: {report.id}",
        "p_fail: 0.5",
        "risks: first",
        "risks: second",
        "severity: 4",
        "timestamp: 2026-03-01T09:30:00.000Z",
        "",
        "One",
        "Two",
    ]
