"""The inbox: what waits, the gravest first, and what was settled."""

from __future__ import annotations

import re

import pytest

from gatekeeper.clock import utc_now
from tests.support.reports import a_blocked_report, a_report, a_report_for_review


def test_the_inbox_shows_the_gravest_first_and_only_what_waits(site):
    site.submit(a_report(proposal="Harmless wording"))
    site.submit(a_report_for_review(proposal="Older and lighter"))
    site.submit(a_blocked_report(proposal="Newer and graver"))
    text = site.visitor("rita").text
    assert text.index("Newer and graver") < text.index("Older and lighter")
    assert "Harmless wording" not in text


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("passed", ["Harmless"]),
        ("failed", ["Withdrawn one"]),
        ("all", ["Harmless", "Waiting one", "Withdrawn one"]),
    ],
)
def test_the_other_shelves_show_what_was_settled(site, show, shown):
    site.submit(a_report(proposal="Harmless"))
    site.submit(a_blocked_report(proposal="Waiting one"))
    gone = site.submit(a_blocked_report(proposal="Withdrawn one"))
    site.house.reviews.withdraw(gone.id, site.principals["bot"], utc_now())
    text = site.visitor("rita").open(f"/?show={show}").text
    assert [words for words in ("Harmless", "Waiting one", "Withdrawn one") if words in text] == shown


def test_the_inbox_tells_what_is_ones_own_and_what_one_has_voted_on(site):
    own, other = site.submit(a_blocked_report(), by="both"), site.submit(a_blocked_report())
    site.house.reviews.vote(other.id, "approve", "Fine.", other.digest, site.principals["both"], utc_now())
    assert " yours " in site.visitor("both").text
    assert "you voted to approve" in site.visitor("both").text
    assert " yours " not in site.visitor("rita").text
    assert own.id in site.visitor("rita").text


def test_an_empty_inbox_says_so(site):
    assert "Nothing waits for a decision." in site.visitor("rita").text


def test_a_long_inbox_has_pages(site):
    for number in range(30):
        site.submit(a_blocked_report(proposal=f"Proposal number {number:02}"))
    visitor = site.visitor("rita")
    first = set(re.findall(r"number \d\d", visitor.text))
    more = re.search(r'rel="next" href="([^"]+)"', visitor.page.text)
    assert more is not None
    second = set(re.findall(r"number \d\d", visitor.open(more[1].replace("&amp;", "&")).text))
    assert (len(first), len(second), first & second) == (25, 5, set())


def test_a_foreign_cursor_is_an_error_of_the_visitor(site):
    assert site.visitor("rita").open("/?cursor=nonsense").page.status_code == 422
