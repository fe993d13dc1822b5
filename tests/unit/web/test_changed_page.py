"""The page that shows what changed between two revisions."""

from __future__ import annotations

import pytest

from tests.support.reports import a_blocked_report
from tests.support.site import path_of


def test_a_later_revision_shows_what_changed(site, blocked):
    site.submit(a_blocked_report(id=blocked.id, proposal="Drop it all:\n\n<b>nothing</b>"))
    visitor = site.visitor("rita").open(path_of(blocked))
    assert f"{path_of(blocked)}/revisions/2/changes" in visitor.page.text
    page = visitor.open(f"{path_of(blocked)}/revisions/2/changes").page.text
    assert '<ins><span aria-hidden="true">+ </span>&lt;b&gt;nothing&lt;/b&gt;</ins>' in page
    assert '<del><span aria-hidden="true">− </span>DROP TABLE customers;</del>' in page


def test_revisions_too_long_to_compare_are_linked_instead(site, blocked):
    site.submit(a_blocked_report(id=blocked.id, proposal="line\n" * 5_000))
    text = site.visitor("rita").open(f"{path_of(blocked)}/revisions/2/changes").text
    assert "too long to compare here" in text


@pytest.mark.parametrize("revision", ["1", "2", "99999999999999999999"])
def test_there_are_no_changes_without_two_revisions(site, blocked, revision):
    visitor = site.visitor("rita").open(f"{path_of(blocked)}/revisions/{revision}/changes")
    assert visitor.page.status_code == 404
