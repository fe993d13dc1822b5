"""An execution as a value, and which outcome may follow which. Pure: asks no clock, stores nothing.

It begins when a permit is consumed and ends with what its executor reports. Silence past the deadline is a state of its
own, `indeterminate`: never a success, and left only by a report of how it ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatekeeper.errors import ConflictError, FieldError, InvalidInputError, NotPermittedError
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.ledger.event import ProposalRef

MOST_EVIDENCE = 20
LONGEST_URI = 2_000
SHA256_PATTERN = "^[0-9a-f]{64}$"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Outcome(StrEnum):
    """What an executor may report."""

    STARTED = "started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"


class ExecutionState(StrEnum):
    """Where an execution stands: nothing reported yet, the last outcome reported, or silence past the deadline."""

    OPEN = "open"
    STARTED = "started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    INDETERMINATE = "indeterminate"


UNFINISHED = frozenset({ExecutionState.OPEN, ExecutionState.STARTED})
"""Where an outcome is still awaited, until the deadline."""

_ENDS = frozenset({Outcome.SUCCEEDED, Outcome.FAILED, Outcome.ROLLED_BACK})
_FOLLOWS: dict[ExecutionState, frozenset[Outcome]] = {
    ExecutionState.OPEN: frozenset(Outcome),
    ExecutionState.STARTED: _ENDS,
    ExecutionState.INDETERMINATE: _ENDS,
    ExecutionState.FAILED: frozenset({Outcome.ROLLED_BACK}),
    ExecutionState.SUCCEEDED: frozenset(),
    ExecutionState.ROLLED_BACK: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that shows an outcome: where it is, and the SHA-256 of it in hex."""

    uri: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReportedOutcome:
    """One outcome as it was reported. `by` is a principal's name, `leaf` the index of its event."""

    outcome: Outcome
    evidence: tuple[Evidence, ...]
    by: str
    at: datetime
    leaf: int


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution with what it links to: the revision, what was claimed and assessed of it, its model.

    `claimed` and `assessed` are severities (0-75), `p_fail` the author's own probability of failure. `silent_since` is
    when the deadline was found to have passed in silence; it stays when somebody reports later.
    """

    id: str
    permit_id: str
    proposal: ProposalRef
    executor_id: str
    executor: str
    claimed: int
    assessed: int
    p_fail: float | None
    ai_model: str | None
    opened_at: datetime
    deadline_at: datetime
    state: ExecutionState
    silent_since: datetime | None
    reported: tuple[ReportedOutcome, ...]

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the outcome is still awaited although the deadline has come."""
        return self.state in UNFINISHED and now >= self.deadline_at

    def require_reporter(self, by: Principal) -> None:
        """Raise NotPermittedError unless `by` spent the permit, or is an operator who clears up after silence."""
        if by.id == self.executor_id or (self.silent_since is not None and by.has(Role.OPERATOR)):
            return
        raise NotPermittedError(
            f"Only {self.executor} may report on this execution, and an operator after the deadline has passed "
            "in silence.",
            code="not_the_executor",
        )


def state_after(
    state: ExecutionState, reported: Sequence[ReportedOutcome], outcome: Outcome, evidence: Sequence[Evidence]
) -> ExecutionState | None:
    """Return the state that follows a report; None when exactly this has been reported before.

    Raises ConflictError: `outcome_recorded` for what contradicts the record, `deadline_passed` for a beginning that is
    reported after silence.
    """
    if any(each.outcome is outcome and each.evidence == tuple(evidence) for each in reported):
        return None
    if outcome in _FOLLOWS[state]:
        return ExecutionState(outcome.value)
    if state is ExecutionState.INDETERMINATE:
        raise ConflictError(
            "The deadline has passed in silence: report how it ended, not that it began.",
            code="deadline_passed",
        )
    raise ConflictError(
        f"The record says {state.value}; it cannot become {outcome.value}. What was recorded stays.",
        code="outcome_recorded",
        state=state.value,
    )


def checked_outcome(word: str) -> Outcome:
    """Return the outcome a word names. Raises InvalidInputError."""
    try:
        return Outcome(word)
    except ValueError as error:
        detail = f"must be one of {', '.join(Outcome)}"
        raise InvalidInputError(f"The outcome {detail}.", errors=[FieldError("/outcome", detail)]) from error


def checked_evidence(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence itself. Raises InvalidInputError naming every piece that is none."""
    if len(evidence) > MOST_EVIDENCE:
        detail = f"must have at most {MOST_EVIDENCE} pieces"
        raise InvalidInputError(f"The evidence {detail}.", errors=[FieldError("/evidence", detail)])
    faults = [
        FieldError(f"/evidence/{number}/{name}", detail)
        for number, each in enumerate(evidence)
        for name, detail in _faults(each)
    ]
    if faults:
        raise InvalidInputError("The evidence is not valid.", errors=faults)
    return tuple(evidence)


def _faults(evidence: Evidence) -> list[tuple[str, str]]:
    faults = []
    uri = evidence.uri
    if not 1 <= len(uri) <= LONGEST_URI or not uri.isprintable() or " " in uri:
        faults.append(("uri", f"must be 1 to {LONGEST_URI} printable characters without blanks"))
    if not _SHA256.fullmatch(evidence.sha256):
        faults.append(("sha256", "must be 64 lower-case hexadecimal digits"))
    return faults
