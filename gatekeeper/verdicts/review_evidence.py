"""What policy was asked when people settled a revision, beside the log: the votes, or who broke the glass. Pure.

Raises TamperError for what contradicts an entry or a digest, UnavailableError for what was not kept or not bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekeeper.clock import unix_seconds
from gatekeeper.errors import TamperError, UnavailableError
from gatekeeper.ledger.event import EventType
from gatekeeper.policy.engine import Question
from gatekeeper.policy.salted_input import salted
from gatekeeper.proposals.revisions import State
from gatekeeper.verdicts.course import Course, Entry, is_left_unasked
from gatekeeper.verdicts.decision_evidence import is_same, require_digest
from gatekeeper.verdicts.verdict_file import Json, VerdictFile


def require_review(file: VerdictFile, course: Course) -> None:
    """The review is the one that the settling entry rests on: question, policy, input and everything that it counts."""
    review, settled = file.review, course.settled
    if settled is None or settled.question is None:
        if review is not None:
            raise TamperError("there is a review, and the log holds none on which this verdict rests")
        if settled is not None and not is_left_unasked(settled):
            raise UnavailableError(
                "what policy was asked about the votes is not kept: the entry is older than that"
            )
        return
    if review is None or review["question"] != settled.question:
        raise TamperError("the review is not the one on which this verdict rests")
    if not is_same(review["policy"], settled.facts.get("policy")):
        raise TamperError("the review is not by the policy that the log holds")
    if review["input"] is None or review["salt"] is None:
        raise UnavailableError("what policy was asked about the votes is not kept")
    asked = salted(review["input"], review["salt"])
    require_digest(settled.facts.get("input"), asked, "the input of the review")
    _require_told(review["input"], file, course, settled)


def _require_told(told: Json, file: VerdictFile, course: Course, settled: Entry) -> None:
    """The input says of proposal, time and votes what the log says."""
    place = file.proposal
    proposal = {
        "id": place.id,
        "revision": place.revision,
        "digest": place.digest,
        "outcome": file.decision["outcome"],
        "state": State.PENDING_REVIEW.value,
        "submitted_at": unix_seconds(course.submitted.at),
    }
    if not is_same(_some(told.get("proposal"), proposal), proposal):
        raise TamperError("the review was of another proposal, revision or decision")
    if not is_same(told.get("now"), unix_seconds(settled.at)):
        raise TamperError("the review was at another time than the verdict")
    if settled.question == Question.APPROVAL.word:
        _require_votes(told, course)
    else:
        _require_broken_glass(told, course, settled)


def _require_votes(told: Json, course: Course) -> None:
    """Policy was told of every vote in the log before the verdict, and of no other."""
    logged = [
        {
            "reviewer": vote.actor,
            "vote": vote.facts.get("vote"),
            "digest": vote.proposal.digest,
            "at": unix_seconds(vote.at),
        }
        for vote in course.counted
    ]
    reviews = told.get("reviews")
    counted = (
        [_some(each, logged[0]) for each in reviews] if isinstance(reviews, list) and logged else reviews
    )
    if not is_same(counted, logged):
        raise TamperError("the votes are not those of the log")
    if any(vote.actor == course.submitted.actor for vote in course.counted):
        raise TamperError("the author voted on their own proposal")
    people = {(each["reviewer"], str(each.get("person"))) for each in reviews or []}
    if len(people) > len({reviewer for reviewer, _ in people}):
        raise TamperError("one reviewer is counted as several people")


def _require_broken_glass(told: Json, course: Course, settled: Entry) -> None:
    kinds = [each.type for each in course.counted]
    if kinds != [EventType.BREAK_GLASS_REQUESTED, EventType.BREAK_GLASS_ACTIVATED]:
        raise TamperError("the entries do not say who asked to break the glass and who agreed")
    asked, agreed = course.counted
    request = {"requested_at": unix_seconds(asked.at)}
    if not is_same(_some(told.get("request"), request), request) or agreed.at != settled.at:
        raise TamperError("the glass was broken at another time")
    if len({course.submitted.actor, asked.actor, agreed.actor}) < 3 or settled.actor != agreed.actor:
        raise TamperError("the glass was not broken by two who have no part in the proposal")


def _some(value: Any, names: Mapping[str, object]) -> object:
    """The members of an object that have these names; whatever is no object, as it is."""
    if not isinstance(value, dict):
        return value
    return {name: item for name, item in value.items() if name in names}
