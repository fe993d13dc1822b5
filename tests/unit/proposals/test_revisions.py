"""Where a report belongs among the revisions its proposal has."""

from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.proposals.revisions import (
    AlreadyKnown,
    KnownRevision,
    NextRevision,
    NotTheirs,
    State,
    place_report,
)

FIRST = KnownRevision(1, "sha256:a", State.PENDING_REVIEW, "ann")
SECOND = KnownRevision(2, "sha256:b", State.PASSED, "ann")


def test_an_unknown_proposal_begins_with_revision_one():
    assert place_report([], "sha256:a", "ann") == NextRevision(1, None)


def test_the_same_digest_is_the_same_revision_whoever_sends_it():
    assert place_report([FIRST, SECOND], "sha256:a", "bob") == AlreadyKnown(1)


def test_another_digest_supersedes_the_pending_revision():
    assert place_report([FIRST], "sha256:c", "ann") == NextRevision(2, FIRST)


def test_a_settled_revision_is_followed_but_not_superseded():
    assert place_report([FIRST, SECOND], "sha256:c", "ann") == NextRevision(3, None)


def test_nobody_revises_a_proposal_of_somebody_else():
    assert place_report([FIRST], "sha256:c", "bob") == NotTheirs()


@given(st.lists(st.sampled_from("abcde"), max_size=30))
def test_revisions_are_numbered_from_one_and_digests_never_repeat(digests):
    known: list[KnownRevision] = []
    for digest in digests:
        place = place_report(known, digest, "ann")
        if isinstance(place, NextRevision):
            known.append(KnownRevision(place.revision, digest, State.PENDING_REVIEW, "ann"))
        else:
            assert place == AlreadyKnown(next(k.revision for k in known if k.digest == digest))
    assert [k.revision for k in known] == list(range(1, len(known) + 1))
    assert [k.digest for k in known] == list(dict.fromkeys(digests))
