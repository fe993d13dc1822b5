import re

from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.web.highlight import Segment, highlighted, numbered, segments
from gatekeeper.web.visible_text import visible

MARK = re.compile(r'<mark data-findings="[0-9 ]+"(?: class="deep")?>|</mark>')
PIN = re.compile(
    r'<a class="pin" id="mark-\d+" href="#finding-\d+" data-number="\d+" aria-label="[^"<>]*"></a>'
)


def finding(start: int, end: int, title: str = "Drops a table") -> Finding:
    return Finding("sql.drop_table", Hazard.DESTRUCTIVE_DATA, title, start, end, "", 0.9)


@st.composite
def marked_texts(draw):
    text = draw(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text("a<&\u202e\n", max_size=60)
    )
    spans = draw(st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8))
    titles = st.sampled_from(["Drops a table", '"><script>', "a & b\u202e"])
    return text, [finding(start, end, draw(titles)) for start, end in spans]


@given(marked_texts())
def test_segments_joined_are_the_text(marked):
    text, findings = marked
    assert "".join(segment.text for segment in segments(text, numbered(findings))) == text


@given(marked_texts())
def test_the_page_without_marks_is_the_escaped_text(marked):
    text, findings = marked
    markup = str(highlighted(text, numbered(findings)))
    assert unified(PIN.sub("", MARK.sub("", markup))) == unified(str(visible(text)))


def unified(markup: str) -> str:
    """A mark may stand between a carriage return and its line feed, which then is shown by name."""
    return markup.replace("&#13;", '<b class="hidden" title="control character">U+000D</b>')


@given(marked_texts())
def test_every_character_is_covered_by_exactly_its_findings(marked):
    text, findings = marked
    known = numbered(findings)
    position = 0
    for segment in segments(text, known):
        for offset in range(position, position + len(segment.text)):
            expected = {n.number for n in known if n.is_marked and n.finding.start <= offset < n.finding.end}
            assert set(segment.covering) == expected
        position += len(segment.text)


@given(marked_texts())
def test_every_finding_in_the_text_has_one_link_before_its_mark(marked):
    text, findings = marked
    known = numbered(findings)
    markup = str(highlighted(text, known))
    inside = [n.number for n in known if max(0, n.finding.start) < min(len(text), n.finding.end)]
    for number in inside:
        assert markup.count(f'href="#finding-{number}"') == 1
    assert len(PIN.findall(markup)) == len(inside)


def test_overlapping_findings_are_cut_where_they_begin_and_end():
    known = numbered([finding(2, 6), finding(4, 8)])
    assert segments("0123456789", known) == [
        Segment("01", (), ()),
        Segment("23", (1,), (1,)),
        Segment("45", (1, 2), (2,)),
        Segment("67", (2,), ()),
        Segment("89", (), ()),
    ]


def test_a_finding_inside_another_is_marked_deeper():
    markup = highlighted("DROP TABLE x", numbered([finding(0, 12), finding(5, 10)]))
    assert '<mark data-findings="1 2" class="deep">TABLE</mark>' in markup


def test_a_finding_about_the_whole_text_marks_nothing():
    assert highlighted("text", numbered([finding(0, 0)])) == "text"


def test_a_title_cannot_leave_its_attribute():
    markup = highlighted("text", numbered([finding(0, 4, '"><script>alert(1)</script>')]))
    assert "<script" not in markup
