"""Who stood for a pass: the people whose approval decided, read from the log, and whether their word still holds.

The log says who decided, the table of votes has to say the same. For a pass by break-glass they are the two who broke
the glass. Somebody who was disabled since, or lost the role, stands for nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from gatekeeper.clock import from_rfc3339, unix_seconds
from gatekeeper.identity.principal import Role
from gatekeeper.ledger.event import EventType, ProposalRef
from gatekeeper.ledger.log import proposal_events
from gatekeeper.policy.engine import Question
from gatekeeper.proposals.revisions import VerdictOutcome
from gatekeeper.review.tables import reviews
from gatekeeper.review.votes import VoteKind

_Body = Mapping[str, Any]
_VOTERS = (Role.REVIEWER,)
GLASS_BREAKERS = (Role.REVIEWER, Role.OPERATOR)
_BREAKING = (EventType.BREAK_GLASS_REQUESTED.value, EventType.BREAK_GLASS_ACTIVATED.value)


@dataclass(frozen=True, slots=True)
class Approvals:
    """The leaves of the approvals that decided, by whom, one of which roles each of them needs, by which policy.

    `policy_revision` is None when nobody was asked: policy allowed it at once. `is_sound` says whether the leaf is a
    pass of exactly this revision, and the votes on record are exactly those of the log.
    """

    leaves: tuple[int, ...]
    approvers: frozenset[str]
    roles: tuple[Role, ...]
    policy_revision: str | None
    is_sound: bool


def approvals_of(
    connection: Connection, proposal: ProposalRef, verdict_leaf: int, vote_lifetime: timedelta
) -> Approvals:
    """The approvals behind the verdict at this leaf of the log."""
    bodies = [
        body for body, _ in proposal_events(connection, proposal.id) if body["proposal"] == asdict(proposal)
    ]
    verdict = next((body for body in bodies if body["index"] == verdict_leaf), None)
    before = [body for body in bodies if _index(body) < verdict_leaf]
    roles, deciding = _deciding(before, verdict, vote_lifetime)
    return Approvals(
        leaves=tuple(map(_index, deciding)),
        approvers=frozenset(str(body["actor"]) for body in deciding),
        roles=roles,
        policy_revision=_policy(verdict),
        is_sound=_is_pass(verdict) and _logged_votes(before) == _recorded_votes(connection, proposal),
    )


def _deciding(
    before: Sequence[_Body], verdict: _Body | None, vote_lifetime: timedelta
) -> tuple[tuple[Role, ...], list[_Body]]:
    if verdict is None:
        return _VOTERS, []
    use = _broken_glass(before, verdict)
    if use is not None:
        return GLASS_BREAKERS, [
            body for body in before if body["type"] in _BREAKING and body["facts"].get("break_glass") == use
        ]
    at = _at(verdict)
    return _VOTERS, [
        body
        for body in before
        if body["type"] == EventType.VOTE_CAST
        and body["facts"]["vote"] == VoteKind.APPROVE
        and unix_seconds(at) - unix_seconds(_at(body)) <= vote_lifetime.total_seconds()
    ]


def _broken_glass(before: Sequence[_Body], verdict: _Body) -> str | None:
    """Which use of break-glass settled the matter; None when people's votes did, or nobody.

    A verdict says so. One from before it said what policy was asked is that of the use recorded in the same breath.
    """
    facts = verdict["facts"]
    if "question" in facts:
        return str(facts.get("break_glass")) if facts["question"] == Question.BREAK_GLASS.word else None
    if not before or before[-1]["type"] != EventType.BREAK_GLASS_ACTIVATED:
        return None
    last = before[-1]
    in_one_breath = (last["index"], last["actor"]) == (verdict["index"] - 1, verdict["actor"])
    return str(last["facts"]["break_glass"]) if in_one_breath else None


def _logged_votes(before: Sequence[_Body]) -> list[tuple[int, str, str]]:
    votes = [body for body in before if body["type"] == EventType.VOTE_CAST]
    return [(body["index"], body["actor"], body["facts"]["vote"]) for body in votes]


def _recorded_votes(connection: Connection, proposal: ProposalRef) -> list[tuple[int, str, str]]:
    rows = connection.execute(
        select(reviews.c.leaf, reviews.c.reviewer, reviews.c.vote)
        .where(reviews.c.proposal_id == proposal.id, reviews.c.revision == proposal.revision)
        .order_by(reviews.c.leaf)
    )
    return [(row.leaf, row.reviewer, row.vote) for row in rows]


def _is_pass(verdict: _Body | None) -> bool:
    return verdict is not None and (verdict["type"], verdict["facts"].get("outcome")) == (
        EventType.VERDICT_SETTLED,
        VerdictOutcome.PASS,
    )


def _index(body: _Body) -> int:
    return int(body["index"])


def _at(body: _Body) -> datetime:
    return from_rfc3339(body["at"])


def _policy(verdict: _Body | None) -> str | None:
    policy = verdict["facts"].get("policy") if verdict else None
    return str(policy["revision"]) if policy else None
