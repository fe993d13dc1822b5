"""Where a report belongs among the revisions its proposal already has: a pure decision, no database.

A known digest is that revision again; another digest is the next revision and supersedes the one before it.
Only the person who handed in the earlier ones may hand in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a revision is in its life; all but the first are settled for ever."""

    PENDING_REVIEW = "pending_review"
    PASSED = "passed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class VerdictOutcome(StrEnum):
    """What automation must obey. Pending is not pass."""

    PASS = "pass"  # noqa: S105  # a verdict, not a password
    FAIL = "fail"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class KnownRevision:
    """A stored revision: its number, digest, state and the person who handed it in."""

    revision: int
    digest: str
    state: State
    person: str


@dataclass(frozen=True, slots=True)
class AlreadyKnown:
    """The report is this revision, byte for byte."""

    revision: int


@dataclass(frozen=True, slots=True)
class NextRevision:
    """The report is new; `supersedes` is the pending revision it ends, if one is pending."""

    revision: int
    supersedes: KnownRevision | None


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """The proposal belongs to somebody else."""


def place_report(
    known: Sequence[KnownRevision], digest: str, person: str
) -> AlreadyKnown | NextRevision | NotTheirs:
    """Where a report with `digest`, handed in by `person`, belongs among `known` (oldest first)."""
    for revision in known:
        if revision.digest == digest:
            return AlreadyKnown(revision.revision)
    if any(revision.person != person for revision in known):
        return NotTheirs()
    if not known:
        return NextRevision(1, None)
    latest = known[-1]
    pending = latest if latest.state is State.PENDING_REVIEW else None
    return NextRevision(latest.revision + 1, pending)
