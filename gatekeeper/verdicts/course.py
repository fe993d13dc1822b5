"""What the log says of one revision: the entries that its verdict rests on, in order. Pure; proofs are checked apart.

A verdict rests on what was submitted and decided, on what policy counted when it settled the matter (the votes, or the
two who broke the glass), and on the entry that settles it. Whatever else happened to the revision changes no verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gatekeeper.clock import from_rfc3339
from gatekeeper.errors import TamperError
from gatekeeper.ledger.event import EventType, ProposalRef
from gatekeeper.policy.engine import Question
from gatekeeper.review.endings import WITHDRAWN
from gatekeeper.submission import SUPERSEDED

_BROKEN = (EventType.BREAK_GLASS_REQUESTED, EventType.BREAK_GLASS_ACTIVATED)
_UNASKED: tuple[list[str], ...] = ([], [SUPERSEDED.code], [WITHDRAWN.code])


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log about a revision."""

    index: int
    type: str
    at: datetime
    actor: str | None
    proposal: ProposalRef
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def question(self) -> str | None:
        """What policy was asked when it settled the revision; None when it was not asked, or nobody wrote it down."""
        question = self.facts.get("question")
        return question if isinstance(question, str) else None

    @property
    def reasons(self) -> list[str]:
        """The codes of the reasons."""
        return list(self.facts.get("reasons", []))


@dataclass(frozen=True, slots=True)
class Course:
    """The entries of a revision by what they are; `counted` is what policy counted, `settled` None while pending."""

    submitted: Entry
    decided: Entry
    counted: tuple[Entry, ...]
    settled: Entry | None


def entry_of(value: Mapping[str, Any]) -> Entry:
    """The entry that a JSON value of the entry's schema is.

    Raises TamperError for a time that does not exist and for reasons that are not codes.
    """
    try:
        at = from_rfc3339(value["at"])
    except ValueError as error:
        raise TamperError(f"entry {value['index']} is of a time that does not exist") from error
    reasons = value["facts"].get("reasons", [])
    if not isinstance(reasons, list) or not all(isinstance(each, str) for each in reasons):
        raise TamperError(f"entry {value['index']} has reasons that are not codes")
    place = ProposalRef(**value["proposal"])
    return Entry(value["index"], value["type"], at, value["actor"], place, value["facts"])


def rests_on(entries: Sequence[Entry]) -> list[Entry]:
    """Those of a revision's entries that its verdict rests on, in order."""
    settled = next((each for each in entries if each.type == EventType.VERDICT_SETTLED), None)
    ends = {EventType.PROPOSAL_SUBMITTED, EventType.PROPOSAL_DECIDED, EventType.VERDICT_SETTLED}
    return [each for each in entries if each.type in ends or _is_counted(each, settled)]


def course_of(entries: Sequence[Entry], proposal: ProposalRef) -> Course:
    """Put the entries of a file in their places. Raises TamperError when they are not exactly those of a verdict."""
    for each in entries:
        if each.proposal != proposal:
            raise TamperError(f"entry {each.index} is of another proposal or revision")
    indices = [each.index for each in entries]
    if indices != sorted(set(indices)):
        raise TamperError("the entries are not in the order of the log")
    kinds = [each.type for each in entries]
    if kinds[:2] != [EventType.PROPOSAL_SUBMITTED, EventType.PROPOSAL_DECIDED]:
        raise TamperError("the entries do not begin with what was submitted and decided")
    settled = entries[-1] if kinds[-1] == EventType.VERDICT_SETTLED else None
    counted = entries[2 : len(entries) - (settled is not None)]
    if not all(_is_counted(each, settled) for each in counted):
        raise TamperError("there are entries on which this verdict does not rest")
    return Course(entries[0], entries[1], tuple(counted), settled)


def _is_counted(entry: Entry, settled: Entry | None) -> bool:
    """Whether the entry that settles the matter rests on this one."""
    if settled is None or settled.question == Question.APPROVAL.word:
        return entry.type == EventType.VOTE_CAST
    if settled.question == Question.BREAK_GLASS.word:
        return entry.type in _BROKEN and entry.facts.get("break_glass") == settled.facts.get("break_glass")
    if is_left_unasked(settled):
        return False
    return entry.type in (EventType.VOTE_CAST, *_BROKEN)  # written before it was said what policy was asked


def is_left_unasked(settled: Entry) -> bool:
    """Whether the revision ended without people: allowed at once, superseded or withdrawn."""
    return settled.question is None and settled.reasons in _UNASKED
