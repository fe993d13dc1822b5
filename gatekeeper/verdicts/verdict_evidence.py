"""The verdict of a file beside what the log's last entry, the decision and the review amount to. Pure.

Raises TamperError when it is another, UnavailableError when there is none yet.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gatekeeper.clock import rfc3339
from gatekeeper.errors import TamperError, UnavailableError
from gatekeeper.policy.decision import Outcome, Reason, ReviewState
from gatekeeper.policy.decision_json import reasons_to_json
from gatekeeper.policy.engine import Question
from gatekeeper.proposals.revisions import State, VerdictOutcome
from gatekeeper.review.endings import EXPIRED_CODE, WITHDRAWN
from gatekeeper.submission import SUPERSEDED
from gatekeeper.verdicts.course import Course, Entry, is_left_unasked
from gatekeeper.verdicts.decision_evidence import is_same
from gatekeeper.verdicts.verdict_file import VerdictFile

_LONGEST_SECONDS = 7 * 86_400
_PENDING: dict[str, object] = {
    "outcome": VerdictOutcome.PENDING.value,
    "state": State.PENDING_REVIEW.value,
    "reasons": [],
    "at": None,
    "leaf": None,
    "expires_at": None,
}
_WITHOUT_POLICY: dict[str, Reason] = {reason.code: reason for reason in (SUPERSEDED, WITHDRAWN)}


def require_verdict(file: VerdictFile, course: Course) -> None:
    """The verdict is what the entry that settles the revision says, for the reasons that led to it."""
    settled = course.settled
    if settled is None:
        if not is_same(file.verdict, _PENDING):
            raise TamperError("the verdict is not in the log: nobody has decided")
        raise UnavailableError(
            "nobody has decided yet: the verdict is pending, and what came later is not in this file"
        )
    reasons = _reasons(file, course, settled)
    if [reason["code"] for reason in reasons] != settled.reasons:
        raise TamperError("the verdict's reasons are not those that the log holds")
    derived = {
        "outcome": settled.facts.get("outcome"),
        "state": _state(settled).value,
        "reasons": reasons,
        "at": rfc3339(settled.at),
        "leaf": settled.index,
        "expires_at": _expires_at(file, settled),
    }
    if not is_same(file.verdict, derived):
        raise TamperError("the verdict is not the one that the log holds")


def _reasons(file: VerdictFile, course: Course, settled: Entry) -> list[Any]:
    """What the verdict's reasons have to be, with whether the outcome follows from what led to it."""
    passed = settled.facts.get("outcome") == VerdictOutcome.PASS
    if file.review is not None:
        result = file.review["result"]
        if passed is not (result["state"] == ReviewState.APPROVED):
            raise TamperError("the verdict does not follow from the review")
        return list(result["reasons"])
    if settled.reasons == []:
        allowed = file.decision["outcome"] == Outcome.ALLOW and settled.at == course.decided.at
        if not (passed and allowed):
            raise TamperError("the verdict does not follow from the decision")
        return []
    if settled.reasons[0] in _WITHOUT_POLICY:
        if passed:
            raise TamperError("what is superseded or withdrawn did not pass")
        return reasons_to_json([_WITHOUT_POLICY[settled.reasons[0]]])
    return list(file.verdict["reasons"])  # older than what policy was asked: only the codes are in the log


def _state(settled: Entry) -> State:
    if settled.facts.get("outcome") == VerdictOutcome.PASS:
        return State.PASSED
    if settled.reasons == [WITHDRAWN.code]:
        return State.WITHDRAWN
    return State.EXPIRED if EXPIRED_CODE in settled.reasons else State.FAILED


def _expires_at(file: VerdictFile, settled: Entry) -> str | None:
    """A pass by break-glass holds for the time that was asked for."""
    stated: str | None = file.verdict["expires_at"]
    if settled.question is None:
        return None if is_left_unasked(settled) else stated
    if settled.question != Question.BREAK_GLASS.word or file.review is None:
        return None
    if file.review["input"] is None:
        return stated
    request = file.review["input"].get("request")
    seconds = request.get("ttl_seconds") if isinstance(request, dict) else None
    if type(seconds) is not int or not 0 < seconds <= _LONGEST_SECONDS:
        raise TamperError("the review does not tell how long the pass holds")
    try:
        return rfc3339(settled.at + timedelta(seconds=seconds))
    except OverflowError as error:
        raise TamperError("the pass holds beyond the end of time") from error
